"""What real roads cost to ask for: ``python -m routing.bench.roads EXTRACT --around=LAT,LNG``.

Prepares an OpenStreetMap extract, serves it on this machine, and prints one JSON line: how long preparing
took, how long a matrix takes the first time, the second time and with one place more, how many pairs had to
be estimated, and what driving there means for the straight-line provider (metres of road per straight metre,
metres per second).
"""

import argparse
import json
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep
from typing import TypeVar

import httpx
import numpy as np

from routing.errors import TravelError, TravelWarning
from routing.travel import Coordinate, OsrmTravel
from routing.travel.great_circle import straight_metres
from routing.travel.roads import LARGEST_TABLE, OsrmPrograms, build, find_programs, server_command

READY_S = 60
METRES_PER_DEGREE = 111_195
T = TypeVar("T")


def measure(extract: Path, around: Coordinate, radius_m: float, places: int, seed: int) -> dict[str, object]:
    """Figures for places scattered over a disc."""
    programs = find_programs([Path("var") / "osrm" / "osrm"])
    wanted = scattered(around, radius_m, places + 1, seed)
    with TemporaryDirectory() as folder:
        network = build(programs, extract, Path(folder))
        with serving(programs, network.path, around) as url:
            figures = _matrices(url, wanted)
    prepared = {"prepare_s": round(network.seconds, 1), "network_mb": round(network.size_bytes / 1e6, 1)}
    return {"extract": extract.name, "places": places, **prepared, **figures}


def _matrices(url: str, wanted: list[Coordinate]) -> dict[str, object]:
    source = OsrmTravel(url, largest_table=LARGEST_TABLE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TravelWarning)  # counted below instead
            measured, cold_s = timed(lambda: source.measure(wanted[:-1]))
            _, cached_s = timed(lambda: source.measure(wanted[:-1]))
            _, more_s = timed(lambda: source.measure(wanted))
    finally:
        source.close()
    known = ~measured.is_estimated & ~np.eye(len(wanted) - 1, dtype=np.bool_)
    metres = measured.travel.distances_m[known].sum()
    return {
        "cold_s": round(cold_s, 3),
        "cached_s": round(cached_s, 4),
        "one_more_s": round(more_s, 4),
        "estimated_pairs": int(measured.is_estimated.sum()),
        "snap_m_median": round(float(np.nanmedian(measured.snap_m)), 1),
        "detour": round(float(metres / straight_metres(wanted[:-1])[known].sum()), 3),
        "m_per_s": round(float(metres / measured.travel.durations_s[known].sum()), 2),
    }


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and the seconds it took."""
    began = perf_counter()
    found = work()
    return found, perf_counter() - began


def scattered(around: Coordinate, radius_m: float, count: int, seed: int) -> list[Coordinate]:
    """Places spread evenly over a disc."""
    dice = np.random.default_rng(seed)
    angle = dice.uniform(0, 2 * np.pi, count)
    reach = radius_m * np.sqrt(dice.uniform(0, 1, count)) / METRES_PER_DEGREE
    lats = around.lat + reach * np.sin(angle)
    lngs = around.lng + reach * np.cos(angle) / np.cos(np.radians(around.lat))
    return [Coordinate(float(lat), float(lng)) for lat, lng in zip(lats, lngs, strict=True)]


@contextmanager
def serving(programs: OsrmPrograms, network: Path, around: Coordinate) -> Iterator[str]:
    """A server of the network on a free port, as long as the block lasts."""
    with socket(AF_INET, SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    command = server_command(programs, network, port)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"{url}/nearest/v1/driving/{around.lng},{around.lat}")
            yield url
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    until = monotonic() + READY_S
    while monotonic() < until:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            sleep(0.05)
        else:
            return
    raise TravelError(f"the road server does not answer at {address}")


def _coordinate(text: str) -> Coordinate:
    lat, lng = (float(part) for part in text.split(","))
    return Coordinate(lat, lng)


def main() -> int:
    """Measure once and print."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench.roads", description=__doc__)
    parser.add_argument("extract", type=Path)
    parser.add_argument("--around", type=_coordinate, required=True, metavar="LAT,LNG")
    parser.add_argument("--radius-m", type=float, default=2000.0)
    parser.add_argument("--places", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(measure(given.extract, given.around, given.radius_m, given.places, given.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
