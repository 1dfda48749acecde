"""How cost, time and memory grow with the day: ``python -m routing.bench.scaling [--svg FILE]``.

For each size a made-up day (:mod:`routing.bench.field`) is planned in a process of its own by the hybrid
engine, for as many seconds as ``--seconds`` says for the largest size, in proportion to n log n. One JSON
line each: time to the first plan, to within 3 % of the best found, and peak memory. ``--svg`` draws them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from math import log, log10
from os import getloadavg
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

from routing.bench.field import field_problem, sizes_of
from routing.solve import solve
from routing.stopping import MaxRuntime
from routing.warm import warm_up

SIZES = "100x10,300x30,1000x100,3000x300,10000x1000"
CLOSE = 1.03
WIDTH, HEIGHT, EDGE = 720, 420, 70
SERIES = (("close_s", "#1769aa", "s to within 3 %"), ("peak_mb", "#b3541e", "MB at most"))


def measure(visits: int, technicians: int, seconds: float, threads: int, seed: int) -> dict[str, object]:
    """Figures of one size; memory is that of the whole process, so one size per process."""
    warm_up()
    problem = field_problem(visits, technicians, seed)
    curve: list[tuple[float, float, int]] = []
    began, spent = perf_counter(), process_time()

    solve(
        problem,
        MaxRuntime(seconds),
        seed,
        on_progress=lambda g: curve.append((perf_counter() - began, process_time() - spent, g.cost_cents)),
        engine="hybrid",
        threads=threads,
    )

    best = curve[-1][2]
    close = next(point for point in curve if point[2] <= CLOSE * best)
    return {
        "visits": visits,
        "technicians": technicians,
        "seconds": seconds,
        "threads": threads,
        "cost": best,
        "first_s": round(curve[0][0], 2),
        "first_cpu_s": round(curve[0][1], 2),
        "close_s": round(close[0], 2),
        "close_cpu_s": round(close[1], 2),
        "total_s": round(perf_counter() - began, 1),
        "peak_mb": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
        "load": round(getloadavg()[0], 1),
    }


def drawn(records: Sequence[dict[str, float]]) -> str:
    """Time and memory over visits, both axes logarithmic, as SVG."""
    low, high = log10(records[0]["visits"]), log10(records[-1]["visits"])

    def x(visits: float) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (log10(visits) - low) / max(high - low, 1e-9)

    def y(value: float) -> float:
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (log10(max(value, 0.1)) + 1) / 5

    frame = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>']
    parts.append(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>')
    for power in range(-1, 5):
        line = y(10.0**power)
        parts.append(f'<path d="M{EDGE} {line:.1f}H{WIDTH - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{line + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for record in records:
        at = x(record["visits"])
        parts.append(
            f'<text x="{at:.1f}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{record["visits"]}</text>'
        )
    for place, (name, colour, label) in enumerate(SERIES):
        points = " ".join(f"{x(r['visits']):.1f},{y(r[name]):.1f}" for r in records)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{EDGE + 10}" y="{EDGE - 30 + 18 * place}" fill="{colour}">{label}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 20}" text-anchor="middle">visits</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> int:
    """Measure every size and print."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench.scaling", description=__doc__)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--seconds", type=float, default=120.0, help="for the largest size")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--svg", type=Path)
    given = parser.parse_args()
    sizes = sizes_of(given.sizes)
    if len(sizes) == 1:
        print(json.dumps(measure(*sizes[0], given.seconds, given.threads, given.seed)), flush=True)
        return 0
    top = max(visits * log(visits) for visits, _ in sizes)
    records = []
    for visits, technicians in sizes:
        seconds = max(2.0, given.seconds * visits * log(visits) / top)
        options = ("--seconds", f"{seconds:.1f}", "--threads", str(given.threads), "--seed", str(given.seed))
        command = (
            sys.executable,
            "-m",
            "routing.bench.scaling",
            "--sizes",
            f"{visits}x{technicians}",
            *options,
        )
        line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(line, end="", flush=True)
        records.append(json.loads(line))
    if given.svg is not None:
        given.svg.write_text(drawn(records), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
