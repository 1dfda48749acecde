"""The cheapest choice of routes and drivers, against working it out by hand and trying every one."""

from collections import Counter
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bench.own import data_of
from routing.search.arrays import GROUP, KIND, PRICE, Data
from routing.search.columns import Columns
from routing.search.partition import partition
from tests.routing.search.test_search import skill_instance

Route = tuple[tuple[int, ...], int, tuple[int, ...]]
"""Visits, cost, and the kinds that could drive it."""


def columns_of_routes(routes: list[Route]) -> Columns:
    """One column for each route and kind that could drive it."""
    each = [(visits, cost, kind, source) for source, (visits, cost, who) in enumerate(routes) for kind in who]
    start = np.cumsum([0, *(len(visits) for visits, *_ in each)]).astype(np.int32)
    nodes = np.array([visit for visits, *_ in each for visit in visits], np.int32)
    cost, kind, source = (np.array([row[place] for row in each]) for place in (1, 2, 3))
    return Columns(start, nodes, nodes, cost, kind.astype(np.int32), source.astype(np.int32))


def problem(kinds: tuple[int, ...], prices: tuple[int, ...], room: int | None = None) -> Data:
    """Routes of these kinds, visits of these prices; those of kind 0 may serve ``room`` of them together."""
    data = data_of(skill_instance(1, tasks=len(prices), technicians=len(kinds)))
    data.visit[:, PRICE], data.route[:, KIND] = prices, kinds
    if room is None:
        return data
    data.route[:, GROUP] = np.where(data.route[:, KIND] == 0, 0, -1)
    return data._replace(room=np.array([room], np.int64))


def chosen(data: Data, routes: list[Route], upper: int = 10_000) -> dict[int, list[int]] | None:
    """What the partition chooses from all of the routes."""
    columns = columns_of_routes(routes)
    copies = np.bincount(data.route[:, KIND], minlength=int(data.route[:, KIND].max()) + 1)
    return partition(data, columns, np.arange(len(columns.cost)), copies, upper, 5.0)


def test_who_can_do_more_leaves_the_rest_to_others() -> None:
    """Either could drive to the first two, the second kind alone to the others."""
    routes: list[Route] = [((0, 1), 100, (0, 1)), ((2, 3), 100, (1,))]
    assert chosen(problem((0, 1), (90, 90, 90, 90)), routes) == {0: [0, 1], 1: [2, 3]}


def test_nobody_drives_two_routes() -> None:
    """Both need the same technician: the dearer visits are served, the others left out."""
    routes: list[Route] = [((0, 1), 100, (1,)), ((2, 3), 100, (1,))]
    assert chosen(problem((0, 1), (90, 90, 95, 95)), routes) == {1: [2, 3]}


def test_nothing_comes_of_it_unless_it_is_cheaper() -> None:
    """The best costs 200 as it is."""
    routes: list[Route] = [((0, 1), 100, (0, 1)), ((2, 3), 100, (1,))]
    assert chosen(problem((0, 1), (90, 90, 90, 90)), routes, upper=200) is None


def test_a_vendor_takes_no_more_visits_than_there_is_room_for() -> None:
    """Two kinds could drive either; the vendor's has room for one visit."""
    routes: list[Route] = [((0, 1), 10, (0, 1)), ((2,), 10, (0, 1))]
    assert chosen(problem((0, 1), (90, 90, 90), room=1), routes) == {0: [2], 1: [0, 1]}


ROUTE = st.tuples(
    st.sets(st.integers(0, 4), min_size=1, max_size=3).map(lambda visits: tuple(sorted(visits))),
    st.integers(1, 200),
    st.sampled_from([(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)]),
)
COPIES, PRICES, ROOM = {0: 1, 1: 1, 2: 2}, (50, 60, 70, 80, 90), 2


def least(routes: list[Route]) -> int:
    """Cost of the best choice, by trying every driver or none for every route."""
    best = sum(PRICES)
    for drivers in product(*((None, *who) for _, _, who in routes)):
        taken = [(route, kind) for route, kind in zip(routes, drivers, strict=True) if kind is not None]
        served = Counter(visit for (visits, _, _), _ in taken for visit in visits)
        by = Counter(kind for _, kind in taken)
        counted = sum(len(visits) for (visits, _, _), kind in taken if kind == 0)
        if max(served.values(), default=0) <= 1 and counted <= ROOM and all(by[k] <= COPIES[k] for k in by):
            left_out = sum(price for visit, price in enumerate(PRICES) if visit not in served)
            best = min(best, left_out + sum(cost for (_, cost, _), _ in taken))
    return best


@settings(max_examples=25)
@given(st.lists(ROUTE, min_size=1, max_size=5, unique_by=lambda route: route[0]))
def test_no_choice_is_cheaper(routes: list[Route]) -> None:
    """Its cost is that of the best of all, and every route has a driver who could take it."""
    data = problem((0, 1, 2, 2), PRICES, ROOM)
    found = chosen(data, routes, sum(PRICES) + 1)
    assert found is not None
    known = {visits: (cost, who) for visits, cost, who in routes}
    driven = [(*known[tuple(visits)], int(data.route[route, KIND])) for route, visits in found.items()]
    assert all(kind in who for _, who, kind in driven)
    served = [visit for visits in found.values() for visit in visits]
    assert len(served) == len(set(served))
    left_out = sum(price for visit, price in enumerate(PRICES) if visit not in served)
    assert left_out + sum(cost for cost, _, _ in driven) == least(routes)
