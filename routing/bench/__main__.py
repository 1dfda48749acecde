"""``python -m routing.bench FAMILY DIR``: one JSON line per problem as it finishes.

``python -m routing.bench field`` makes its problems up; see :mod:`routing.bench.field`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from routing.bench.evaluate import RouteError
from routing.bench.field import print_all
from routing.bench.instances import read_family
from routing.bench.own import warm_up
from routing.bench.peers import NoModelError
from routing.bench.run import ENGINES, run


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench", description=__doc__)
    parser.add_argument("family", choices=("strsp", "trsp", "vrptw", "field"))
    parser.add_argument("folder", type=Path, metavar="DIR", nargs="?", help="not for field")
    parser.add_argument("--engine", default="hybrid", help=f"{', '.join(ENGINES)}; field: several, by commas")
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
        if options.engine not in ENGINES:
            parser.error(f"no engine {options.engine}; there are {', '.join(ENGINES)}")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 when every problem was solved, 2 when something could not be."""
    options = parse(arguments)
    if options.family == "field":
        print_all(options.size, options.engine, options.seconds, options.seed, options.threads)
        return 0
    only = {name.strip() for name in options.only.split(",") if name.strip()} or None
    clock = process_time if options.cpu else perf_counter
    failed = 0
    try:
        if options.engine == "hybrid":
            warm_up(options.family)
        for instance in read_family(options.family, options.folder, only):
            if options.crew and getattr(instance, "crew", options.crew) != options.crew:
                continue
            try:
                record, trace = run(
                    options.family,
                    instance,
                    options.engine,
                    options.seconds,
                    options.threads,
                    options.seed,
                    clock,
                )
            except RouteError as error:
                print(error, file=sys.stderr)
                failed = 2
                continue
            if options.trace:
                record["trace"] = trace.points
            print(json.dumps(record), flush=True)
    except (FileNotFoundError, NoModelError, ImportError) as error:
        print(f"{options.engine}: {error}", file=sys.stderr)
        return 2
    return failed


if __name__ == "__main__":
    sys.exit(main())
