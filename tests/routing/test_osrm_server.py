"""Travel asked of a real road server over a small town made here.

The town is a square of streets, two hundred and some metres between crossings, with one street apart from the
rest that no road leads to.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from time import monotonic, sleep

import httpx
import numpy as np
import pytest

from routing import Coordinate, GreatCircle, OsrmTravel, TravelWarning
from routing.travel.roads import OsrmPrograms, build, server_command
from tests.routing.osrm_programs import find

SIDE = 6
STEP = 0.002
SOUTH, WEST = 39.9, 116.4
READY_S = 30


def crossing(row: int, column: int) -> Coordinate:
    return Coordinate(SOUTH + row * STEP, WEST + column * STEP)


ISLAND = [Coordinate(SOUTH + 0.05, WEST), Coordinate(SOUTH + 0.05, WEST + 0.002)]
DESERT = Coordinate(SOUTH - 0.5, WEST)


def town() -> str:
    """The town as OpenStreetMap XML."""
    places = [crossing(row, column) for row in range(SIDE) for column in range(SIDE)] + ISLAND
    nodes = [
        f'<node id="{k}" version="1" lat="{place.lat:.6f}" lon="{place.lng:.6f}"/>'
        for k, place in enumerate(places, start=1)
    ]
    rows = [[row * SIDE + column + 1 for column in range(SIDE)] for row in range(SIDE)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    island = [len(places) - 1, len(places)]
    ways = [
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{k}"/>' for k in street)
        + '<tag k="highway" v="residential"/></way>'
        for number, street in enumerate([*rows, *columns, island], start=1)
    ]
    return '<?xml version="1.0"?><osm version="0.6">' + "".join(nodes + ways) + "</osm>"


@pytest.fixture(scope="module")
def programs() -> OsrmPrograms:
    found = find()
    if found is None:
        pytest.skip("no OSRM programs; `python -m tests.routing.osrm_programs` fetches them")
    return found


@pytest.fixture(scope="module")
def server(programs: OsrmPrograms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("town")
    extract = folder / "town.osm"
    extract.write_text(town(), encoding="utf-8")
    network = build(programs, extract, folder / "roads")
    port = _free_port()
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            server_command(programs, network.path, port, threads=1), stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}", folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, log: Path) -> None:
    until = monotonic() + READY_S
    while monotonic() < until:
        try:
            httpx.get(f"{url}/nearest/v1/driving/{WEST},{SOUTH}", trust_env=False)
        except httpx.TransportError:
            sleep(0.05)  # another process: there is nothing to be told by
        else:
            return
    raise AssertionError(f"the road server is not up: {log.read_text(encoding='utf-8')}")


@pytest.fixture
def roads(server: str) -> Iterator[OsrmTravel]:
    source = OsrmTravel(server, largest_table=20)
    yield source
    source.close()


def test_driving_follows_the_streets(roads: OsrmTravel) -> None:
    """From corner to corner there is no shorter way than along two sides of the square."""
    corners = [crossing(0, 0), crossing(0, SIDE - 1), crossing(SIDE - 1, SIDE - 1)]

    travel = roads.travel(corners)

    one, other, across = (int(travel.distances_m[i, j]) for i, j in ((0, 1), (1, 2), (0, 2)))
    assert across == pytest.approx(one + other, abs=3)
    assert 0 < travel.durations_s[0, 1] < travel.durations_s[0, 2]


def test_every_pair_of_the_town_is_known_and_keeps_the_triangle(roads: OsrmTravel) -> None:
    places = [crossing(row, column) for row in range(SIDE) for column in range(SIDE)]

    measured = roads.measure(places)

    metres = measured.travel.distances_m.astype(np.int64)
    assert not measured.is_estimated.any()
    assert measured.snap_m.max() < 5
    detour = (metres[:, :, None] + metres[None, :, :]).min(axis=1)
    assert (metres <= detour + 3).all()


def test_a_place_beside_the_road_tells_how_far(roads: OsrmTravel) -> None:
    beside = Coordinate(SOUTH - 0.0005, WEST + 0.003)

    measured = roads.measure([crossing(0, 0), beside])

    assert measured.snap_m[1] == pytest.approx(55.6, abs=2)


def test_a_street_no_road_leads_to_is_estimated_by_name(roads: OsrmTravel) -> None:
    places = [crossing(0, 0), *ISLAND]

    with pytest.warns(TravelWarning, match="no road, estimated: place 0 to 1"):
        measured = roads.measure(places)

    estimate = GreatCircle().travel(places)
    assert measured.travel.durations_s[0, 1] == estimate.durations_s[0, 1]
    assert not measured.is_estimated[1, 2]


def test_a_place_in_the_desert_is_estimated_by_name(roads: OsrmTravel) -> None:
    with pytest.warns(TravelWarning, match="off the road network, estimated: place 1"):
        measured = roads.measure([crossing(0, 0), DESERT])

    assert measured.snap_m[1] > 50_000
    assert measured.travel.durations_s[0, 1] > 0
