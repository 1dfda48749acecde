"""A table of bench records: ``python -m routing.bench ... | python -m routing.bench.table``.

Reads JSON lines and prints, in Markdown, for each family, crew and engine the mean cost above the best value
known (or, where none is, above the best of these records), the worst of them, and on how many instances it
was the best.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Record = dict[str, Any]


def table(records: Iterable[Record]) -> Iterator[str]:
    """Lines of the table."""
    by_instance: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in records:
        by_instance[record["family"], record.get("crew", ""), record["instance"]].append(record)
    gaps: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    wins: dict[tuple[str, str, str], int] = defaultdict(int)
    for (family, crew, _), group in by_instance.items():
        best = min(record["cost"] for record in group)
        base = group[0]["best_known"] or best
        for record in group:
            key = (family, crew, f"{record['engine']} {record['limit_s']:g} s")
            gaps[key].append(record["cost"] / base - 1)
            wins[key] += record["cost"] == best
    yield "| family | engine | instances | mean above best known | worst | best of the run |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for (family, crew, engine), found in sorted(gaps.items()):
        mean, worst, won = sum(found) / len(found), max(found), wins[family, crew, engine]
        yield f"| {family} {crew} | {engine} | {len(found)} | {mean:+.2%} | {worst:+.2%} | {won} |"


def main() -> int:
    """Read standard input, print the table."""
    for line in table(json.loads(text) for text in sys.stdin if text.strip()):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
