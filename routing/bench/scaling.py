"""How cost, time and memory grow with the day: ``python -m routing.bench.scaling [--svg FILE]``.

For each size a made-up day (:mod:`routing.bench.field`) is planned by the hybrid engine, each time in a
process of its own: first for ``--long`` times as long, which gives the best cost known, then for as many
seconds as ``--seconds`` says for the largest size, in proportion to n log n. One JSON line a size: time to
the first plan and to within 3 % of the best known, what the plan costs above it, and peak memory. ``--svg``
draws them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from math import log
from os import getloadavg
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import Any

from routing.bench.field import field_problem, sizes_of
from routing.bench.scaling_chart import drawn
from routing.solve import solve
from routing.stopping import MaxRuntime
from routing.warm import warm_up

SIZES = "100x10,300x30,1000x100,3000x300,10000x1000"
CLOSE = 1.03
LEAST_S = 2.0

Point = tuple[float, float, int]
"""Wall seconds, processor seconds and cents of a plan that was the best so far."""


@dataclass(frozen=True)
class Job:
    """One day to plan, with a time limit."""

    size: str
    seconds: float
    threads: int
    seed: int


def measure(job: Job) -> dict[str, Any]:
    """Figures of one day; memory is that of the whole process, so there is one day per process."""
    warm_up()
    [(visits, technicians)] = sizes_of(job.size)
    problem = field_problem(visits, technicians, job.seed)
    curve: list[Point] = []
    began, spent = perf_counter(), process_time()
    plan = solve(
        problem,
        MaxRuntime(job.seconds),
        job.seed,
        on_progress=lambda g: curve.append((perf_counter() - began, process_time() - spent, g.cost_cents)),
        engine="hybrid",
        threads=job.threads,
    )
    return {
        "visits": visits,
        "technicians": technicians,
        "limit_s": round(job.seconds, 1),
        "total_s": round(perf_counter() - began, 1),
        "cpu_s": round(process_time() - spent, 1),
        "threads": job.threads,
        "cost": plan.cost.total,
        "unserved": len(plan.unserved),
        "first_s": round(curve[0][0], 2),
        "first_cpu_s": round(curve[0][1], 2),
        "curve": curve,
        "peak_mb": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
        "load": round(getloadavg()[0], 1),
    }


def compared(record: dict[str, Any], best: int) -> dict[str, Any]:
    """The record with how close it came, and how soon, to the best cost known; without its curve."""
    curve: list[Point] = record["curve"]
    close = next((point for point in curve if point[2] <= CLOSE * best), None)
    rest = {name: value for name, value in record.items() if name != "curve"}
    return rest | {
        "best_known": best,
        "above_percent": round(100 * (record["cost"] / best - 1), 2),
        "close_s": None if close is None else round(close[0], 2),
        "close_cpu_s": None if close is None else round(close[1], 2),
    }


def _apart(job: Job) -> dict[str, Any]:
    """The same in another process."""
    options = ("--seconds", f"{job.seconds:.1f}", "--threads", str(job.threads), "--seed", str(job.seed))
    command = (sys.executable, "-m", "routing.bench.scaling", "--alone", "--sizes", job.size, *options)
    line = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    record: dict[str, Any] = json.loads(line)
    return record


def main() -> int:
    """Measure every size and print."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench.scaling", description=__doc__)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--seconds", type=float, default=120.0, help="for the largest size (default 120)")
    parser.add_argument("--long", type=float, default=2.5, help="the best known takes so many times as long")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--alone", action="store_true", help="one size in this process, with its curve")
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(measure(Job(given.sizes, given.seconds, given.threads, given.seed))), flush=True)
        return 0
    work = {size: visits * log(visits) for size in given.sizes.split(",") for visits, _ in sizes_of(size)}
    records = []
    for size, share in work.items():
        seconds = max(LEAST_S, given.seconds * share / max(work.values()))
        job = Job(size, seconds, given.threads, given.seed)
        long = _apart(replace(job, seconds=seconds * given.long))
        record = _apart(job)
        records.append(compared(record, min(long["cost"], record["cost"])))
        print(json.dumps(records[-1]), flush=True)
    if given.svg is not None:
        given.svg.write_text(drawn(records), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
