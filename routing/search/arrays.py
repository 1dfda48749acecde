"""What the compiled search reads (:class:`Data`) and changes (:class:`State`): flat arrays, no objects."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

NEVER = np.int64(2**60)
"""Later than any time; also a price no saving pays back."""

ABSENT = -1


class Data(NamedTuple):
    """A problem as arrays. ``n`` visits, ``K`` routes (technician x shift), ``C`` kinds of equal routes.

    Node ids are 0..n-1 for visits, n+k for the start and n+K+k for the end of route k. Matrices are
    indexed by place; ``at`` gives the place of a node. Money and time are any integers, used consistently.
    """

    cost: Int32  # travel classes x places x places: price of driving
    time: Int32  # travel classes x places x places: seconds of driving
    at: Int32  # place of each node
    opens: Int64  # n: earliest start of service
    closes: Int64  # n: latest start of service
    service: Int64  # C x n: time on site
    demand: Int64  # n
    price: Int64  # n: cost of leaving the visit out
    eligible: Bool  # C x n
    serve: Int64  # C x n: cost of being served by that kind (tariff, preference)
    kind: Int32  # K
    travel: Int32  # K: travel class
    start: Int64  # K: earliest departure
    end: Int64  # K: latest return
    capacity: Int64  # K
    fee: Int64  # K: cost of using the route at all
    group: Int32  # K: routes that share a limit on their visits (a vendor's day), or ABSENT
    room: Int64  # per group: most visits
    rules: Any  # what a route costs beyond these arrays: Plain, or one of the richer models
    near: Int32  # n x q: nearest other visits, nearest first
    doors: Int32  # n x r: kinds whose unused routes are worth trying for the visit, ABSENT-padded


class Plain(NamedTuple):
    """Rules of a route that costs its driving, its fee and what each visit costs to serve, and no more."""

    nothing: int = 0


class State(NamedTuple):
    """A solution under search, as doubly linked routes, with all that makes insertion checks O(1)."""

    following: Int32  # n+2K: next node
    previous: Int32  # n+2K
    where: Int32  # n: route, or ABSENT
    ready: Int64  # n+2K: earliest end of service (of a route's start: departure)
    latest: Int64  # n+2K: latest start of service that keeps the rest in time
    size: Int64  # K
    load: Int64  # K
    cost: Int64  # K
    version: Int64  # K: changes with every content of the route
    idle_head: Int32  # C: first unused route of the kind
    idle_next: Int32  # K
    idle_back: Int32  # K
    group_load: Int64  # per group: visits
    variant: Int32  # n: how the visit is served, where its rules know several ways
    absent: Int32  # n: the unserved visits, the first tally[0] count
    absent_at: Int32  # n: place in ``absent``
    memo_delta: Int64  # n x K: cheapest insertion of the visit into the route ...
    memo_spot: Int64  # n x K: ... at this spot (node it goes behind + all nodes x variant) ...
    memo_version: Int64  # n x K: ... computed for this version
    saved: Int32  # K: routes changed since the last mark ...
    saved_from: Int32  # K+1: ... their former content starts here in saved_nodes
    saved_nodes: Int32  # n
    saved_cost: Int64  # K
    saved_version: Int64  # K
    saved_mark: Int64  # K: mark at which the route was saved last
    tally: Int64  # see TALLY
    todo: Int32  # n: visits to insert
    rank: npt.NDArray[np.float64]  # n: their order
    dice: npt.NDArray[np.uint64]


class Tally:
    """Places in ``State.tally``."""

    ABSENT = 0
    COST = 1
    USED = 2
    SERVED = 3
    MARK = 4
    SAVED = 5
    VERSION = 6
    ITERATION = 7
    SIZE = 8


def empty_state(data: Data, dice: npt.NDArray[np.uint64], with_memo: bool) -> State:
    """No visit is served; memory for insertion memos only if wanted (it is n x K)."""
    n, routes, kinds = len(data.opens), len(data.kind), len(data.eligible)
    memo = (n, routes) if with_memo else (1, 1)
    state = State(
        following=np.full(n + 2 * routes, ABSENT, np.int32),
        previous=np.full(n + 2 * routes, ABSENT, np.int32),
        where=np.full(n, ABSENT, np.int32),
        ready=np.zeros(n + 2 * routes, np.int64),
        latest=np.zeros(n + 2 * routes, np.int64),
        size=np.zeros(routes, np.int64),
        load=np.zeros(routes, np.int64),
        cost=np.zeros(routes, np.int64),
        version=np.arange(1, routes + 1, dtype=np.int64),
        idle_head=np.full(kinds, ABSENT, np.int32),
        idle_next=np.full(routes, ABSENT, np.int32),
        idle_back=np.full(routes, ABSENT, np.int32),
        group_load=np.zeros(len(data.room), np.int64),
        variant=np.zeros(n, np.int32),
        absent=np.arange(n, dtype=np.int32),
        absent_at=np.arange(n, dtype=np.int32),
        memo_delta=np.zeros(memo, np.int64),
        memo_spot=np.zeros(memo, np.int64),
        memo_version=np.zeros(memo, np.int64),
        saved=np.zeros(routes, np.int32),
        saved_from=np.zeros(routes + 1, np.int32),
        saved_nodes=np.zeros(n, np.int32),
        saved_cost=np.zeros(routes, np.int64),
        saved_version=np.zeros(routes, np.int64),
        saved_mark=np.full(routes, -1, np.int64),
        tally=np.zeros(Tally.SIZE, np.int64),
        todo=np.zeros(n, np.int32),
        rank=np.zeros(n, np.float64),
        dice=dice,
    )
    for route in range(routes - 1, -1, -1):
        kind = data.kind[route]
        head = state.idle_head[kind]
        state.idle_next[route] = head
        if head != ABSENT:
            state.idle_back[head] = route
        state.idle_head[kind] = route
        state.following[n + route] = n + routes + route
        state.previous[n + routes + route] = n + route
        state.ready[n + route] = data.start[route]
        state.latest[n + routes + route] = data.end[route]
        state.latest[n + route] = NEVER
    state.tally[Tally.ABSENT] = n
    state.tally[Tally.COST] = data.price.sum()
    state.tally[Tally.VERSION] = routes
    return state


class Knobs(NamedTuple):
    """Parameters of the search; see :func:`default_knobs`."""

    mean_removed: float  # visits removed per iteration, on average
    longest_string: float
    split: float  # chance of a string with a spared stretch
    split_growth: float
    blink: float
    absent_seed: float  # chance of ruining around an unserved visit
    picky: float  # ... and then only routes that may serve it
    everywhere: bool  # look at every place of every route, else only beside near neighbours
    most_absent: int  # unserved visits tried per iteration
    pool_within: float  # routes of accepted solutions up to this multiple of the best cost are pooled
    order_total: float
    order_weight: npt.NDArray[np.float64]  # chance of each insertion order; the first is random
    order_key: npt.NDArray[np.float64]  # orders x n, small first


class Best(NamedTuple):
    """The best solution seen: its cost and the ``following`` and ``variant`` arrays of its state."""

    cost: Int64
    following: Int32
    variant: Int32
