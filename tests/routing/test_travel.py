"""Travel times: from the straight line, from a road server, and stretched by rush hours."""

import json
from urllib.parse import parse_qs, unquote

import httpx
import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from routing import (
    Coordinate,
    GreatCircle,
    MatrixCache,
    OsrmTravel,
    ProblemError,
    TravelMatrix,
    TravelWarning,
)
from routing.flat import flatten
from routing.legs import arrive, leave
from routing.travel.great_circle import straight_metres
from tests.routing.worlds import DAY, HOUR, problem, road, technician

BEIJING = [Coordinate(39.9042, 116.4074), Coordinate(39.98, 116.31), Coordinate(39.75, 116.2)]

lat = st.floats(-90, 90)
lng = st.floats(-180, 180)


@given(st.lists(st.builds(Coordinate, lat, lng), min_size=1, max_size=4))
def test_the_straight_line_is_the_great_circle(places: list[Coordinate]) -> None:
    metres = straight_metres(places)

    for i, here in enumerate(places):
        for j, there in enumerate(places):
            assert metres[i, j] == pytest.approx(great_circle(here, there).m, abs=0.5)


def test_the_detour_stretches_the_way_and_the_speed_makes_it_time() -> None:
    source: TravelMatrix = GreatCircle(detour=1.5, speeds_m_per_s={"car": 10.0})

    travel = source.travel(BEIJING)

    line = great_circle(BEIJING[0], BEIJING[1]).m
    assert travel.distances_m[0, 1] == pytest.approx(1.5 * line, abs=1)
    assert travel.durations_s[0, 1] == pytest.approx(0.15 * line, abs=1)
    assert travel.durations_s[1, 1] == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: GreatCircle(detour=0.9),
        lambda: GreatCircle(speeds_m_per_s={"car": 0}),
        lambda: GreatCircle().travel(BEIJING, "boat"),
        lambda: GreatCircle().travel([Coordinate(91, 0)]),
        lambda: GreatCircle().travel([Coordinate(0, float("nan"))]),
    ],
)
def test_an_estimate_that_makes_no_sense_is_an_error(make: "type") -> None:
    with pytest.raises(ProblemError):
        make()


percents = st.lists(st.integers(10, 400), min_size=24, max_size=24).map(tuple)


@given(percents, st.integers(0, 3 * DAY), st.integers(0, 4 * HOUR), st.integers(0, 10 * HOUR))
def test_leaving_later_never_arrives_earlier(
    hours: tuple[int, ...], start: int, later: int, free: int
) -> None:
    arrays = flatten(problem(technician(), travel={"car": road(3, hours)})).arrays

    assert arrive(arrays, 0, start, free) <= arrive(arrays, 0, start + later, free)


@given(percents, st.integers(DAY, 3 * DAY), st.integers(0, 2 * HOUR))
def test_the_latest_departure_is_the_latest_that_arrives(
    hours: tuple[int, ...], arrival: int, free: int
) -> None:
    arrays = flatten(problem(technician(), travel={"car": road(3, hours)})).arrays

    latest = leave(arrays, 0, arrival, free)

    assert arrive(arrays, 0, latest, free) <= arrival
    assert free == 0 or arrive(arrays, 0, latest + 1, free) >= arrival


def test_an_even_pace_takes_what_the_matrix_says() -> None:
    arrays = flatten(problem(technician(), travel={"car": road(3, (100,) * 24)})).arrays

    assert arrive(arrays, 0, 8 * HOUR, 5000) == 8 * HOUR + 5000


class Roads:
    """A road server: a kilometre and a hundred seconds per hundredth of a degree east."""

    def __init__(self) -> None:
        self.requests: list[tuple[int, int]] = []
        self.cut: set[float] = set()
        self.far: set[float] = set()
        self.is_down = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("connection refused")
        points = [float(p.split(",")[0]) for p in unquote(request.url.path).split("/")[-1].split(";")]
        query = parse_qs(request.url.query.decode())
        sides = [[int(k) for k in query[name][0].split(";")] for name in ("sources", "destinations")]
        self.requests.append((len(sides[0]), len(sides[1])))
        rows = [[self._steps(points[i], points[j]) for j in sides[1]] for i in sides[0]]
        body = {
            "code": "Ok",
            "durations": [[None if s is None else 100.0 * s for s in row] for row in rows],
            "distances": [[None if s is None else 1000.0 * s for s in row] for row in rows],
            "sources": [{"distance": self._snap(points[i])} for i in sides[0]],
            "destinations": [{"distance": self._snap(points[j])} for j in sides[1]],
        }
        return httpx.Response(200, content=json.dumps(body).encode())

    def _steps(self, here: float, there: float) -> float | None:
        if here != there and (here in self.cut or there in self.cut):
            return None
        return abs(here - there) * 100

    def _snap(self, point: float) -> float:
        return 5000.0 if point in self.far else 12.0


def east(*hundredths: int) -> list[Coordinate]:
    return [Coordinate(40.0, k / 100) for k in hundredths]


def provider(roads: Roads, **rest: int) -> OsrmTravel:
    return OsrmTravel("http://roads.test", transport=httpx.MockTransport(roads), **rest)  # type: ignore[arg-type] # only integers are passed


def test_times_and_distances_come_from_the_server() -> None:
    measured = provider(Roads()).measure(east(0, 3, 7))

    assert measured.travel.durations_s.tolist() == [[0, 300, 700], [300, 0, 400], [700, 400, 0]]
    assert measured.travel.distances_m[0, 2] == 7000
    assert measured.snap_m.tolist() == [12, 12, 12]
    assert not measured.is_estimated.any()


def test_a_distance_just_below_zero_is_none() -> None:
    """As a real server gives between two places on the same piece of road."""
    reply = {
        "code": "Ok",
        "durations": [[0, 0], [0, 0]],
        "distances": [[0, -0.8], [0.8, 0]],
        "sources": [{"distance": 1}, {"distance": 2}],
        "destinations": [{"distance": 1}, {"distance": 2}],
    }
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=reply))

    measured = OsrmTravel("http://roads.test", transport=transport).measure(east(0, 1))

    assert measured.travel.distances_m.tolist() == [[0, 0], [1, 0]]
    assert not measured.is_estimated.any()


def test_a_large_matrix_is_asked_for_in_blocks() -> None:
    roads = Roads()

    travel = provider(roads, largest_table=4).travel(east(*range(7)))

    assert all(rows + columns <= 4 for rows, columns in roads.requests)
    assert travel.durations_s[0].tolist() == [100 * k for k in range(7)]
    assert (travel.durations_s == travel.durations_s.T).all()


def test_a_place_more_costs_a_row_and_a_column() -> None:
    roads = Roads()
    source = provider(roads)
    source.travel(east(0, 1, 2, 3))
    roads.requests.clear()

    travel = source.travel(east(3, 9, 0))

    assert roads.requests == [(1, 3), (2, 1)]
    assert travel.durations_s.tolist() == [[0, 600, 300], [600, 0, 900], [300, 900, 0]]
    roads.requests.clear()
    source.travel(east(9, 0))
    assert roads.requests == []


def test_places_asked_for_apart_are_joined_when_they_meet() -> None:
    source = provider(Roads())
    source.travel(east(0, 1))
    source.travel(east(8, 9))

    assert source.travel(east(0, 9)).durations_s.tolist() == [[0, 900], [900, 0]]


def test_the_same_place_twice_is_asked_for_once() -> None:
    roads = Roads()

    travel = provider(roads).travel(east(0, 5, 5))

    assert roads.requests == [(2, 2)]
    assert travel.durations_s[1, 2] == 0
    assert travel.durations_s[0, 2] == 500


def test_a_place_no_road_leads_to_is_estimated_and_named() -> None:
    roads = Roads()
    roads.cut.add(0.05)

    with pytest.warns(TravelWarning, match="no road, estimated: place 0 to 2"):
        measured = provider(roads).measure(east(0, 3, 5))

    estimate = GreatCircle().travel(east(0, 5))
    assert measured.travel.durations_s[0, 1] == 300
    assert measured.travel.durations_s[0, 2] == estimate.durations_s[0, 1] > 0
    assert measured.is_estimated.tolist() == [
        [False, False, True],
        [False, False, True],
        [True, True, False],
    ]


def test_a_place_off_the_network_is_estimated_and_its_distance_named() -> None:
    roads = Roads()
    roads.far.add(0.03)

    with pytest.warns(TravelWarning, match="off the road network, estimated: place 1 .5000 m from a road"):
        measured = provider(roads).measure(east(0, 3, 5))

    assert measured.snap_m[1] == 5000
    assert measured.is_estimated[0, 1]
    assert not measured.is_estimated[0, 2]


def test_while_the_server_is_down_everything_is_estimated_and_nothing_kept() -> None:
    roads = Roads()
    roads.is_down = True
    source = provider(roads)

    with pytest.warns(TravelWarning, match="6 of 9 pairs estimated: ConnectError"):
        travel = source.travel(east(0, 3, 5))
    roads.is_down = False

    np.testing.assert_array_equal(travel.durations_s, GreatCircle().travel(east(0, 3, 5)).durations_s)
    assert source.travel(east(0, 3, 5)).durations_s[0, 1] == 300


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(400, json={"code": "TooBig"}),
        httpx.Response(200, text="<html>not a table</html>"),
        httpx.Response(200, json={"code": "Ok"}),
        httpx.Response(200, json=["Ok"]),
        httpx.Response(
            200,
            json={"code": "Ok", "durations": [[0]], "distances": [[0]], "sources": [], "destinations": []},
        ),
    ],
)
def test_an_answer_that_is_no_table_is_an_estimate_with_a_warning(reply: httpx.Response) -> None:
    source = OsrmTravel("http://roads.test", transport=httpx.MockTransport(lambda _: reply))

    with pytest.warns(TravelWarning, match="2 of 4 pairs estimated"):
        travel = source.travel(east(0, 3))

    assert travel.durations_s[0, 1] > 0


def test_a_cache_that_grows_too_large_starts_again() -> None:
    roads = Roads()
    source = OsrmTravel(
        "http://roads.test", transport=httpx.MockTransport(roads), cache=MatrixCache(most_places=3)
    )
    source.travel(east(0, 1, 2))
    roads.requests.clear()

    source.travel(east(3, 4))

    assert roads.requests == [(2, 2)]


def test_profiles_are_kept_apart() -> None:
    roads = Roads()
    source = provider(roads)
    source.travel(east(0, 1))

    source.travel(east(0, 1), "e-bike")

    assert len(roads.requests) == 2
