"""``python -m routing.bench FAMILY DIR``: one JSON line per problem as it finishes.

``python -m routing.bench field`` makes its problems up; see :mod:`routing.bench.field`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from routing.bench.evaluate import RouteError
from routing.bench.field import print_all
from routing.bench.instances import Instance, read_family
from routing.bench.own import warm_up
from routing.bench.peers import NoModelError
from routing.bench.run import ENGINES, run


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench", description=__doc__)
    parser.add_argument("family", choices=("strsp", "trsp", "vrptw", "field"))
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="not for field")
    parser.add_argument(
        "--engine",
        default="hybrid",
        help=f"several by commas: {', '.join(ENGINES)}; field: insertion as well",
    )
    parser.add_argument("--size", default="200x25", help="field: visits x technicians, several by commas")
    parser.add_argument("--seconds", type=float, default=10.0, help="per problem (default 10)")
    parser.add_argument("--threads", type=int, default=1, help="of the hybrid engine (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="NAME,...", help="just these instances")
    parser.add_argument("--crew", choices=("full", "reduced"), help="strsp: just this crew")
    parser.add_argument("--cpu", action="store_true", help="hybrid: count processor time, for a busy machine")
    parser.add_argument("--trace", action="store_true", help="add [seconds, cost] of each new best")
    options = parser.parse_args(arguments)
    if options.family != "field":
        if options.folder is None:
            parser.error(f"{options.family} needs DIR")
        unknown = [name for name in options.engine.split(",") if name not in ENGINES]
        if unknown:
            parser.error(f"no engine {unknown[0]}; there are {', '.join(ENGINES)}")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 when every problem was solved, 2 when something could not be."""
    options = parse(arguments)
    if options.family == "field":
        print_all(options.size, options.engine, options.seconds, options.seed, options.threads)
        return 0
    engines = options.engine.split(",")
    try:
        if "hybrid" in engines:
            warm_up(options.family)
        return max((_try(options, engine, instance) for instance, engine in _jobs(options)), default=0)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2


def _jobs(options: argparse.Namespace) -> Iterator[tuple[Instance, str]]:
    """Every engine on every instance asked for."""
    only = {name.strip() for name in options.only.split(",") if name.strip()} or None
    for instance in read_family(options.family, options.folder, only):
        if not options.crew or getattr(instance, "crew", options.crew) == options.crew:
            for engine in options.engine.split(","):
                yield instance, engine


def _try(options: argparse.Namespace, engine: str, instance: Instance) -> int:
    """Print the record of one engine on one instance; 0, or 2 where there is none."""
    clock = process_time if options.cpu else perf_counter
    family, seconds, threads, seed = options.family, options.seconds, options.threads, options.seed
    try:
        record, trace = run(family, instance, engine, seconds, threads, seed, clock)
    except (RouteError, NoModelError, ImportError) as error:
        print(f"{engine}: {error}", file=sys.stderr)
        return 2
    if options.trace:
        record["trace"] = trace.points
    print(json.dumps(record | {"limit_s": seconds}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
