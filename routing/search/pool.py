"""Routes seen by the search: an open hash table keyed by who drives and what is visited, cheapest order
kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.jit import inlined, inner, njit
from routing.search.arrays import (
    ABSENT,
    COST_NOW,
    FOLLOWING,
    KIND,
    SAVED,
    SIZE,
    VARIANT,
    Data,
    Int32,
    Int64,
    State,
)
from routing.search.routes import N_SAVED


class Pool(NamedTuple):
    """Route r visits ``nodes[start[r]:start[r + 1]]``, coded as visit + n x variant; slots of the table
    hold route numbers.
    """

    slots: Int32  # power of two
    key: npt.NDArray[np.uint64]  # per route
    cost: Int64
    route: Int32  # a route index of the kind that drove it
    start: Int32
    nodes: Int32
    count: Int64  # [routes, nodes used]
    sign: npt.NDArray[np.uint64]  # n + C random words


def empty_pool(data: Data, routes: int, nodes: int, seed: int = 7) -> Pool:
    """Room for that many routes and nodes; when it is full new routes are ignored."""
    n, kinds = data.size, len(data.pair)
    words = np.random.default_rng(seed).integers(0, 2**64, n + kinds, dtype=np.uint64)
    size = 1 << int(2 * routes - 1).bit_length()
    return Pool(
        slots=np.full(size, ABSENT, np.int32),
        key=np.zeros(routes, np.uint64),
        cost=np.zeros(routes, np.int64),
        route=np.zeros(routes, np.int32),
        start=np.zeros(routes + 1, np.int32),
        nodes=np.zeros(nodes, np.int32),
        count=np.zeros(2, np.int64),
        sign=words,
    )


@njit
def retain(pool: Pool, chosen: Int64) -> None:
    """Forget every route but some, given in ascending order."""
    for slot in range(len(pool.slots)):
        pool.slots[slot] = ABSENT
    pool.count[0] = 0
    mask = np.uint64(len(pool.slots) - 1)
    cursor = 0
    for index in range(len(chosen)):
        old = chosen[index]
        begin, stop = pool.start[old], pool.start[old + 1]
        pool.key[index], pool.cost[index], pool.route[index] = pool.key[old], pool.cost[old], pool.route[old]
        pool.start[index] = cursor
        for place in range(begin, stop):
            pool.nodes[cursor] = pool.nodes[place]
            cursor += 1
        pool.start[index + 1] = cursor
        slot = pool.key[index] & mask
        while pool.slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        pool.slots[slot] = index
    pool.count[0], pool.count[1] = len(chosen), cursor


@inner
def remember_changed(data: Data, state: State, pool: Pool) -> None:
    """Add the routes changed since the last mark."""
    for index in range(state.tally[N_SAVED]):
        remember(data, state, pool, state.route[index, SAVED])


@njit
def remember_all(data: Data, state: State, pool: Pool) -> None:
    """Add every route of the solution."""
    for route in range(data.route.shape[0]):
        remember(data, state, pool, route)


@inlined
def remember(data: Data, state: State, pool: Pool, route: int) -> None:
    """Add one route, or lower the cost of the one that visits the same."""
    n = data.visit.shape[0]
    size = state.route[route, SIZE]
    if size == 0 or pool.count[0] >= len(pool.key) or pool.count[1] + size > len(pool.nodes):
        return
    key = pool.sign[n + data.route[route, KIND]]
    node = state.node[n + route, FOLLOWING]
    while node < n:
        key ^= pool.sign[node]
        node = state.node[node, FOLLOWING]
    mask = np.uint64(len(pool.slots) - 1)
    slot = key & mask
    found = pool.slots[slot]
    while found >= 0 and pool.key[found] != key:
        slot = (slot + np.uint64(1)) & mask
        found = pool.slots[slot]
    if found >= 0 and pool.cost[found] <= state.route[route, COST_NOW]:
        return
    if found < 0:
        found = pool.count[0]
        pool.count[0] += 1
        pool.slots[slot] = found
        pool.key[found] = key
        pool.route[found] = route
        pool.start[found] = pool.count[1]
        pool.count[1] += size
        pool.start[found + 1] = pool.count[1]
    pool.cost[found] = state.route[route, COST_NOW]
    cursor = pool.start[found]
    node = state.node[n + route, FOLLOWING]
    while node < n:
        pool.nodes[cursor] = node + n * state.node[node, VARIANT]
        cursor += 1
        node = state.node[node, FOLLOWING]
