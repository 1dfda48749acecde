"""The pool of routes between two recombinations."""

from itertools import pairwise

import numpy as np

from routing.bench.own import data_of
from routing.search.arrays import KIND, empty_state
from routing.search.dice import seeded
from routing.search.pool import Pool, empty_pool, remember_all, retain
from routing.search.routes import write_route
from tests.routing.search.test_search import skill_instance


def contents(pool: Pool) -> list[tuple[int, ...]]:
    """Visits of each pooled route."""
    ends = pool.start[: int(pool.count[0]) + 1].tolist()
    return [tuple(pool.nodes[begin:end].tolist()) for begin, end in pairwise(ends)]


def test_what_is_retained_is_known_again_and_what_is_not_is_forgotten() -> None:
    """Every second route stays, in its place; remembering all of them again adds only the others."""
    data = data_of(skill_instance(1, tasks=12, technicians=6))
    pool = empty_pool(data, 16, 64)
    state = empty_state(data, seeded(1), with_memo=False)
    for route in range(6):
        write_route(data, state, route, np.array([2 * route, 2 * route + 1], np.int64), 0, 1 + route % 2)
    remember_all(data, state, pool)
    before, costs = contents(pool), pool.cost[:6].copy()
    assert len(before) == 6

    chosen = np.array([1, 3, 5], np.int64)
    retain(pool, chosen)

    assert contents(pool) == [before[index] for index in chosen]
    assert pool.cost[:3].tolist() == costs[chosen].tolist()
    assert data.route[pool.route[:3], KIND].tolist() == data.route[chosen, KIND].tolist()
    remember_all(data, state, pool)
    assert contents(pool) == [*(before[index] for index in chosen), *before[0::2]]
