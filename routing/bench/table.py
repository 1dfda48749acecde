"""A table of bench records: ``python -m routing.bench ... | python -m routing.bench.table``.

Reads JSON lines and prints, in Markdown, for each family, crew and engine the mean cost above the best value
known (or, where none is, above the best of these records), the worst of them, and on how many instances it
was the best. ``--at 1,10,30`` adds what records with a trace had found after so many seconds of their run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Record = dict[str, Any]
Group = tuple[str, str, str, float, float]
"""Family, crew, engine, seconds, and of how many."""


def table(records: Iterable[Record], at: Sequence[float] = ()) -> Iterator[str]:
    """Lines of the table. An instance without a plan after one of the seconds ``at`` is not counted there."""
    by_instance: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        by_instance[record["family"], record.get("crew", ""), record["instance"]].append(record)
    gaps: dict[Group, list[float]] = defaultdict(list)
    wins: dict[Group, int] = defaultdict(int)
    for (family, crew, _), group in by_instance.items():
        best = min(record["cost"] for record in group)
        base = group[0]["best_known"] or best
        for record in group:
            for seconds, cost in _costs(record, at):
                key = (family, crew, record["engine"], seconds, record["limit_s"])
                gaps[key].append(cost / base - 1)
                wins[key] += cost == best
    yield "| family | engine | instances | mean above best known | worst | best of the run |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for key, found in sorted(gaps.items()):
        family, crew, engine, seconds, limit = key
        mean, worst, won = sum(found) / len(found), max(found), wins[key]
        spent = f"{seconds:g} s" if seconds == limit else f"{seconds:g} of {limit:g} s"
        yield f"| {family} {crew} | {engine} {spent} | {len(found)} | {mean:+.2%} | {worst:+.2%} | {won} |"


def _costs(record: Record, at: Sequence[float]) -> Iterator[tuple[float, float]]:
    """The record's cost at its end, and at those of the seconds asked for at which its trace knows one."""
    yield record["limit_s"], record["cost"]
    for seconds in at:
        found = [cost for when, cost in record.get("trace", ()) if when <= seconds]
        if seconds < record["limit_s"] and found:
            yield seconds, min(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read standard input, print the table."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench.table", description=__doc__)
    parser.add_argument("--at", default="", metavar="SECONDS,...", help="also after these, of longer runs")
    at = [float(seconds) for seconds in parser.parse_args(arguments).at.split(",") if seconds]
    for line in table((json.loads(text) for text in sys.stdin if text.strip()), at):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
