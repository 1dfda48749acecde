"""What a table of bench records says."""

from routing.bench.table import table


def record(instance: str, engine: str, cost: float, best_known: float | None = None) -> dict[str, object]:
    return {
        "family": "strsp",
        "crew": "full",
        "instance": instance,
        "engine": engine,
        "cost": cost,
        "best_known": best_known,
        "limit_s": 10.0,
    }


def test_gaps_are_above_the_best_known_or_else_the_best_of_the_run() -> None:
    records = [
        record("A", "hybrid", 101, best_known=100),
        record("A", "pyvrp", 103, best_known=100),
        record("B", "hybrid", 220),
        record("B", "pyvrp", 200),
    ]

    lines = list(table(records))

    assert lines[2:] == [
        "| strsp full | hybrid 10 s | 2 | +5.50% | +10.00% | 1 |",
        "| strsp full | pyvrp 10 s | 2 | +1.50% | +3.00% | 1 |",
    ]


def test_a_trace_tells_what_was_found_earlier_and_nothing_where_nothing_was() -> None:
    early = record("A", "ortools", 100, best_known=100) | {"trace": [(0.5, 130), (0.9, 120), (4.0, 100)]}
    late = record("B", "ortools", 100, best_known=100) | {"trace": [(2.0, 110), (9.0, 100)]}

    lines = list(table([early, late], at=[1, 3, 10]))

    assert lines[2:] == [
        "| strsp full | ortools 1 of 10 s | 1 | +20.00% | +20.00% | 0 |",
        "| strsp full | ortools 3 of 10 s | 2 | +15.00% | +20.00% | 0 |",
        "| strsp full | ortools 10 s | 2 | +0.00% | +0.00% | 2 |",
    ]
