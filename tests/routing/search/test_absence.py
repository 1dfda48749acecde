"""What a visit that is left out for long weighs.

Two visits have the same only minute; the one technician there is can serve one of them. To leave out the
other costs 10 more, which at this temperature no step pays.
"""

import numpy as np

from routing.bench.instances import SkillInstance
from routing.bench.own import data_of
from routing.search.arrays import WHERE
from routing.search.knobs import knobs_for
from routing.search.walker import Walker

HEAT = 1.0
BEST = 20 + 100
"""There and back, and the cheaper one left out."""


def rivals(yearning: float) -> Walker:
    """A walk that begins with the dearer visit served, and remembers no more than a step."""
    distance = np.full((3, 3), 10) - 10 * np.eye(3, dtype=np.int64)
    zero, minute = np.zeros(3, np.int64), np.array([0, 50, 50])
    instance = SkillInstance(
        "rivals", "full", distance, minute, np.array([100, 50, 50]), zero, np.array([0, 110, 100]),
        np.zeros((1, 1), np.int64), np.zeros((3, 1), np.int64),
    )  # fmt: skip
    data = data_of(instance)
    knobs = knobs_for(data)._replace(yearning=yearning, memory=1.0, blink=0.0)
    walker = Walker(data, knobs, 1, 1)
    walker.begin({0: [0]})
    return walker


def served(walker: Walker) -> list[bool]:
    """Which visits the walk serves now."""
    return [bool(where >= 0) for where in walker.state.node[:2, WHERE]]


def visited(yearning: float) -> set[tuple[bool, ...]]:
    """All the walk comes to in some steps; its best stays what costs least."""
    walker, seen = rivals(yearning), set()
    for _ in range(50):
        walker.run(1, HEAT)
        seen.add(tuple(served(walker)))
    assert walker.cost == BEST
    return seen


def test_a_visit_left_out_for_long_comes_in_though_it_costs_more() -> None:
    """By a weight of twice what it costs, and once it is in the other one waits for its turn."""
    assert visited(yearning=0.0) == {(True, False)}
    assert visited(yearning=20.0) == {(True, False), (False, True)}


def test_the_shares_are_of_the_time_left_out_lately() -> None:
    """With a memory of one step: one for who was out when it began, none for who was in."""
    walker = rivals(yearning=20.0)
    for _ in range(5):
        walker.run(7, HEAT)
        before = served(walker)
        walker.run(1, HEAT)
        assert walker.state.out.tolist() == [0.0 if is_in else 1.0 for is_in in before]
