"""Which visits are worth inserting a visit beside."""

import numpy as np

from routing.search.arrays import ABSENT
from routing.search.neighbours import beside, nearest


def test_behind_and_before_a_visit_come_those_it_fits_cheapest_first() -> None:
    """A morning, a noon and an evening on a line: each direction has its own list, without the impossible."""
    time = np.abs(np.subtract.outer(np.arange(4), np.arange(4))).astype(np.int32) * 10
    at = np.array([0, 1, 2, 3], np.int32)
    opens, closes = np.array([0, 0, 100, 200]), np.array([5, 300, 105, 205])
    service = np.full(4, 10)
    found = beside(time, at, opens, closes, service, 2)
    # Only the second is open all day: it can come behind or before any other.
    assert found[:, 0::2].tolist() == [[ABSENT, ABSENT], [0, 2], [1, 0], [1, 2]]
    assert found[:, 1::2].tolist() == [[1, 2], [2, 3], [1, 3], [1, ABSENT]]


def test_a_visit_is_near_in_the_better_of_the_two_orders() -> None:
    """Next door but hours too late one way round counts as near the other way round."""
    time = np.array([[0, 1, 50], [1, 0, 50], [50, 50, 0]], np.int32)
    opens, closes, service = np.array([0, 10, 0]), np.array([0, 10, 300]), np.array([5, 5, 5])
    assert nearest(time, np.arange(3, dtype=np.int32), opens, closes, service, 2)[0].tolist() == [1, 2]


def test_few_visits_have_few_neighbours() -> None:
    """A lone visit has none, whatever number is asked for."""
    one = np.zeros(1, np.int64)
    for function in (nearest, beside):
        assert function(np.zeros((1, 1), np.int32), np.zeros(1, np.int32), one, one, one, 5).shape == (1, 0)
