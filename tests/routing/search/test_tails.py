"""Tails of two routes are exchanged where no removal of one visit helps, and only where the rules allow it.

Two clusters lie 100 to the west and to the east of the depot. Each of two technicians starts the day in one
and spends the rest of it in the other, crossing over once; windows keep everybody else from going along.
"""

import numpy as np

from routing.bench.evaluate import evaluate
from routing.bench.instances import SkillInstance
from routing.bench.own import data_of, numbered
from routing.search.arrays import CAPACITY, DEMAND, Data
from routing.search.driver import Outcome
from routing.search.knobs import knobs_for
from routing.search.walker import Routes, Walker

CROSSED: Routes = {0: [0, 4, 5], 1: [3, 1, 2]}
CROSSED_COST, STRAIGHT_COST = 2 * (100 + 201 + 1 + 102), 2 * 2 * 102


def two_clusters(
    later: tuple[int, int] = (295, 305), west_service: int = 0, needs: tuple[int, ...] = ()
) -> SkillInstance:
    """Visits 0 to 2 in the west, 3 to 5 in the east; those that ``needs`` names ask for the second one."""
    line = np.array([0, -100, -101, -102, 100, 101, 102])
    opens = np.array([0, 0, 295, 295, 0, later[0], later[0]])
    closes = np.array([2000, 100, 305, 305, 100, later[1], later[1]])
    service = np.array([0, west_service, 0, 0, 0, 0, 0])
    required = np.zeros((7, 1), np.int64)
    required[[visit + 1 for visit in needs]] = 1
    return SkillInstance(
        "crossed", "full", np.abs(line[:, None] - line), opens, closes, service, np.full(7, 5000),
        np.array([[0], [1]]), required,
    )  # fmt: skip


def settled(instance: SkillInstance, data: Data, start: Routes, near_tails: int = 5) -> int:
    """Cost after many steps that move one visit at a time, where only improvements stay."""
    knobs = knobs_for(data)._replace(
        mean_removed=0.25, longest_string=0.0, blink=0.0, near_tails=near_tails, tails_chance=1.0
    )
    walker = Walker(data, knobs, 1, 1)
    walker.load(start)
    walker.run(0, 1.0)
    walker.run(200, 1e-300)
    outcome = Outcome(walker.cost, walker.routes(), 200, 0.0)
    assert round(evaluate(instance, numbered(instance, data, outcome)).cost * 100) == walker.cost
    return walker.cost


def test_crossing_routes_are_straightened() -> None:
    """Moving one visit never pays: it would be late or the long way stays."""
    instance = two_clusters()
    assert settled(instance, data_of(instance), CROSSED, near_tails=0) == CROSSED_COST
    assert settled(instance, data_of(instance), CROSSED) == STRAIGHT_COST


def test_a_technician_keeps_what_only_they_can_do() -> None:
    """The first may not serve the second visit in the west, and the second has begun in the east."""
    instance = two_clusters(needs=(1, 3))
    assert settled(instance, data_of(instance), CROSSED) == CROSSED_COST


def test_nobody_comes_late_for_an_exchange() -> None:
    """The first visit in the west takes until those behind it in the west are over."""
    instance = two_clusters(later=(600, 700), west_service=300)
    assert settled(instance, data_of(instance), CROSSED) == CROSSED_COST


def test_an_exchange_overloads_nobody() -> None:
    """What is heavy in the west would come together in one van."""
    instance = two_clusters()
    data = data_of(instance)
    data.visit[[0, 1], DEMAND], data.route[:, CAPACITY] = 5, 9
    assert settled(instance, data, CROSSED) == CROSSED_COST
    data.route[:, CAPACITY] = 10
    assert settled(instance, data, CROSSED) == STRAIGHT_COST


def test_a_route_is_cut_in_two_where_going_home_is_cheaper() -> None:
    """The way from one pair of visits to the other is so dear that a second technician pays."""
    distance = np.full((5, 5), 1000)
    distance[0] = distance[:, 0] = 100
    distance[[1, 2, 3, 4], [2, 1, 4, 3]] = 1
    free, late = np.zeros(5, np.int64), np.full(5, 9000)
    instance = SkillInstance(
        "apart", "full", distance, free, late, free, late, np.zeros((2, 1), np.int64),
        np.zeros((5, 1), np.int64),
    )  # fmt: skip
    data = data_of(instance)
    assert settled(instance, data, {0: [0, 1, 2, 3]}, near_tails=0) == 1202
    assert settled(instance, data, {0: [0, 1, 2, 3]}) == 402
