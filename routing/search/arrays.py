"""What the compiled search reads (:class:`Data`) and changes (:class:`State`): tables of integers, no
objects.

The tables are few and wide on purpose: compiled functions take every array of a tuple as an argument.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

NEVER = np.int64(2**60)
"""Later than any time; also a price no saving pays back."""

ABSENT = -1

OPENS, CLOSES, DEMAND, PRICE = 0, 1, 2, 3
"""Columns of ``Data.visit``: earliest and latest start, load, cost of leaving the visit out."""

KIND, TRAVEL, START, END, CAPACITY, FEE, GROUP, HOURLY = 0, 1, 2, 3, 4, 5, 6, 7
"""Columns of ``Data.route``: kind of equal routes, travel class, earliest departure, latest return,
load, cost of
using the route at all, routes that share a limit on their visits (a vendor's day; or ABSENT), and what an
hour costs that an insertion can use up."""

SERVICE, SERVE, ELIGIBLE = 0, 1, 2
"""Last axis of ``Data.pair``: time on site, cost of being served (tariff, preference), whether allowed."""

FOLLOWING, PREVIOUS, READY, LATEST, VARIANT, ARC, WHERE, STAMP = 0, 1, 2, 3, 4, 5, 6, 7
"""Columns of ``State.node``: the nodes behind and before; earliest end of service (of a start: departure);
latest start that keeps the rest in time; how a visit is served where the rules know several ways; cost of
driving on; and of visits alone their route (of an unserved one ``-1 -`` its place on the list of the
unserved) and the mark at which their route was saved last. One row is one cache line."""

KEPT_COLUMNS = 6
"""The first so many columns of a node come back when a step is undone."""

SIZE, LOAD, COST_NOW, CONTENT, BOUND, SLACK = 0, 1, 2, 3, 4, 5
IDLE_NEXT, IDLE_BACK, SAVED, SAVED_FROM, SAVED_MARK = 6, 7, 8, 9, 10
"""Columns of ``State.route``: visits, load, cost, a number that changes with every content, driving with fee
and service costs, what it costs beyond these that insertion could use up; links of unused routes of a kind;
and, row by row, the routes changed since the last mark and where their former nodes begin in ``saved_nodes``;
and the mark at which a route was saved last."""

KEPT_FIGURES = 6
"""The first so many columns of a route come back when a step is undone."""

DELTA, SPOT, MEMO_CONTENT, FLOOR = 0, 1, 2, 3
"""Last axis of ``State.memo``: cheapest insertion of a visit into a route, its spot (the node it goes behind,
plus all nodes x variant), the content it was computed for, and what the places too dear to be priced cost at
least."""

ROUTE, LISTED = 0, 1
"""Columns of ``State.nearby``: routes worth a look for the visit at hand, row by row; and of each route, and
last of all, a number that says when it was listed last."""


class Plain(NamedTuple):
    """Rules of a route that costs its driving, its fee and what each visit costs to serve, and no more."""

    nothing: int = 0


class Data(NamedTuple):
    """A problem as arrays: ``n`` visits, ``K`` routes (technician x shift), ``C`` kinds of equal routes.

    Node ids are 0..n-1 for visits, n+k for the start and n+K+k for the end of route k. Matrices are
    indexed by
    place; ``at`` gives the place of a node. Money and time are any integers, used consistently.
    """

    cost: Int32  # travel classes x places x places: price of driving
    time: Int32  # travel classes x places x places: seconds of driving
    cost_into: Int32  # the same by destination and origin, so that an insertion reads two rows
    time_into: Int32
    at: Int32  # place of each node
    visit: Int64  # n x 4
    route: Int64  # K x 8
    pair: Int64  # C x n x 3
    room: Int64  # per group: most visits
    near: Int32  # n x q: nearest other visits, nearest first
    beside: Int32  # n x 2p: pairs of visits to insert it behind and before, ABSENT where there are no more
    doors: Int32  # n x r: kinds whose unused routes are worth trying for the visit, ABSENT-padded
    rules: Any  # what a route costs beyond these arrays: Plain, or one of the richer models

    @property
    def size(self) -> int:
        """How many visits there are."""
        return len(self.visit)

    @property
    def eligible(self) -> Bool:
        """C x n: which kind may serve which visit."""
        return np.asarray(self.pair[:, :, ELIGIBLE] != 0)


def data_of(  # one argument for each property of a visit or a route
    *,
    cost: Int32,
    time: Int32,
    at: Int32,
    opens: Int64,
    closes: Int64,
    demand: Int64,
    price: Int64,
    service: Int64,
    serve: Int64,
    eligible: Bool,
    kind: Int32,
    travel: Int32,
    start: Int64,
    end: Int64,
    capacity: Int64,
    fee: Int64,
    hourly: Int64,
    group: Int32,
    room: Int64,
    near: Int32,
    beside: Int32 | None = None,
    doors: Int32,
    rules: tuple[Any, ...],
) -> Data:
    """Tables from columns: visits' (n), pairs' (C x n) and routes' (K)."""
    cost_into = _turned(cost)
    return Data(
        cost=cost,
        time=time,
        cost_into=cost_into,
        time_into=cost_into if time is cost else _turned(time),
        at=at,
        visit=_table(opens, closes, demand, price),
        route=_table(kind, travel, start, end, capacity, fee, group, hourly),
        pair=_table(service, serve, eligible),
        room=room,
        near=near,
        beside=np.zeros((len(opens), 0), np.int32) if beside is None else beside,
        doors=doors,
        rules=rules,
    )


def _turned(matrix: Int32) -> Int32:
    """Destination before origin; the very same matrix where the direction does not matter."""
    turned = matrix.transpose(0, 2, 1)
    return matrix if np.array_equal(matrix, turned) else np.ascontiguousarray(turned)


def _table(*columns: npt.NDArray[Any]) -> Int64:
    return np.ascontiguousarray(np.stack([column.astype(np.int64) for column in columns], axis=-1))


class State(NamedTuple):
    """A solution under search, as doubly linked routes, with all that makes insertion checks O(1)."""

    node: Int64  # n+2K x 8
    route: Int64  # K+1 x 11
    memo: Int64  # n x K x 4
    idle_head: Int64  # C: first unused route of the kind
    group_load: Int64  # per group: visits
    absent: Int64  # n: the unserved visits, the first tally[0] count
    saved_nodes: Int64  # n+2K x 1+KEPT_COLUMNS: former nodes of changed routes and what they were
    saved_routes: Int64  # K x KEPT_FIGURES: the same of the routes themselves
    todo: Int64  # n: visits to insert
    rank: Float  # n: their order
    nearby: Int64  # K+1 x 2: routes worth a look for the visit at hand
    out: Float  # n: in what share of the latest steps a visit was left out; see routing.search.absence
    tally: Int64  # see routing.search.routes
    dice: npt.NDArray[np.uint64]


TALLIES = 9


def empty_state(data: Data, dice: npt.NDArray[np.uint64], with_memo: bool) -> State:
    """No visit is served; memory for insertion memos only if wanted (it is n x K)."""
    n, routes, kinds = data.size, len(data.route), len(data.pair)
    state = State(
        node=np.zeros((n + 2 * routes, 8), np.int64),
        route=np.zeros((routes + 1, 11), np.int64),
        memo=np.zeros((n, routes, 4) if with_memo else (1, 1, 4), np.int64),
        idle_head=np.full(kinds, ABSENT, np.int64),
        group_load=np.zeros(len(data.room), np.int64),
        absent=np.arange(n, dtype=np.int64),
        saved_nodes=np.zeros((n + 2 * routes, 1 + KEPT_COLUMNS), np.int64),
        saved_routes=np.zeros((routes, KEPT_FIGURES), np.int64),
        todo=np.zeros(n, np.int64),
        rank=np.zeros(n, np.float64),
        nearby=np.zeros((routes + 1, 2), np.int64),
        out=np.zeros(n, np.float64),
        tally=np.zeros(TALLIES, np.int64),
        dice=dice,
    )
    state.node[:, [FOLLOWING, PREVIOUS, STAMP]] = ABSENT
    state.node[:n, WHERE] = -1 - np.arange(n)
    state.route[:, [IDLE_NEXT, IDLE_BACK, SAVED_MARK]] = ABSENT
    state.route[:routes, CONTENT] = np.arange(1, routes + 1)
    for route in range(routes - 1, -1, -1):
        _open_route(data, state, route)
    state.tally[0] = n
    state.tally[1] = data.visit[:, PRICE].sum()
    state.tally[6] = routes
    return state


def _open_route(data: Data, state: State, route: int) -> None:
    """Link the ends of an unused route, and the route to the others of its kind."""
    n, routes = data.size, len(data.route)
    kind = data.route[route, KIND]
    head = state.idle_head[kind]
    state.route[route, IDLE_NEXT] = head
    if head != ABSENT:
        state.route[head, IDLE_BACK] = route
    state.idle_head[kind] = route
    first, last = n + route, n + routes + route
    state.node[first, FOLLOWING], state.node[last, PREVIOUS] = last, first
    state.node[first, READY], state.node[first, LATEST] = data.route[route, START], NEVER
    state.node[last, LATEST] = data.route[route, END]


class Knobs(NamedTuple):
    """Parameters of the search; see :func:`routing.search.knobs.knobs_for`."""

    mean_removed: float  # visits removed per iteration, on average
    longest_string: float
    split: float  # chance of a string with a spared stretch
    split_growth: float
    blink: float
    everywhere: bool  # look at every place of every route, else only beside near neighbours
    most_absent: int  # of more left out only so many, near the seed, are tried in a step, and a few far ones
    near_tails: int  # near visits whose routes exchange tails with the seed's
    tails_chance: float  # that an iteration ends with such an exchange
    yearning: float  # by how many temperatures a visit never served lately weighs more than its price
    memory: float  # steps that "lately" spans
    pool_within: float  # routes of accepted solutions up to this multiple of the best cost are pooled
    order_total: float
    order_weight: Float  # chance of each insertion order; the first is random
    order_key: Float  # orders x n, small first


class Best(NamedTuple):
    """The best solution seen, for each node the next one and the variant, and costs."""

    cost: Int64  # of the best; visits it leaves out; the lowest since routes began to be pooled
    following: Int64
    variant: Int64


def no_best(state: State) -> Best:
    """Nothing seen yet."""
    return Best(np.array([2**62, 0, 0]), state.node[:, FOLLOWING].copy(), state.node[:, VARIANT].copy())
