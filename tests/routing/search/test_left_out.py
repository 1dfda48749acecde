"""Which of the visits left out a step tries to serve."""

import numpy as np
import pytest

from routing.bench.instances import SkillInstance
from routing.bench.own import data_of
from routing.search.arrays import WHERE
from routing.search.knobs import knobs_for
from routing.search.walker import Walker

DEAREST = 150
PRICES = (100, 110, 120, 130, 140, DEAREST)


def rivals(most_absent: int) -> Walker:
    """Six visits in the same minute, one technician, who has the cheapest."""
    count = 1 + len(PRICES)
    distance = np.full((count, count), 10) - 10 * np.eye(count, dtype=np.int64)
    minute = np.array([0, *[50] * len(PRICES)])
    instance = SkillInstance(
        "rivals", "full", distance, minute, np.array([100, *minute[1:]]), np.zeros(count, np.int64),
        np.array([0, *PRICES]), np.zeros((1, 1), np.int64), np.zeros((count, 1), np.int64),
    )  # fmt: skip
    data = data_of(instance)
    walker = Walker(data, knobs_for(data)._replace(most_absent=most_absent, blink=0.0), 1, 1)
    walker.begin({0: [0]})
    return walker


@pytest.mark.parametrize("most_absent", [0, 1, 4, 60])
def test_each_gets_its_turn_though_only_some_are_tried(most_absent: int) -> None:
    """Also the one removed a moment ago: without it the dearest, once in, would be lost by the next step."""
    walker = rivals(most_absent)
    walker.run(300, 1.0)
    assert walker.cost == 20 + sum(PRICES) - DEAREST
    assert [bool(where >= 0) for where in walker.state.node[: len(PRICES), WHERE]] == [False] * 5 + [True]
