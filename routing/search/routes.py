"""Compiled changes of the routes in a :class:`State`: refresh, insert, save, undo."""

from __future__ import annotations

import numpy as np

from routing.jit import inlined, inner, njit
from routing.search.arrays import (
    ABSENT,
    ARC,
    BOUND,
    CLOSES,
    CONTENT,
    COST_NOW,
    DEMAND,
    FEE,
    FOLLOWING,
    GROUP,
    IDLE_BACK,
    IDLE_NEXT,
    KEPT_COLUMNS,
    KEPT_FIGURES,
    KIND,
    LATEST,
    LOAD,
    NEVER,
    OPENS,
    PREVIOUS,
    PRICE,
    READY,
    SAVED,
    SAVED_FROM,
    SAVED_MARK,
    SERVE,
    SERVICE,
    SIZE,
    SLACK,
    STAMP,
    START,
    TRAVEL,
    VARIANT,
    WHERE,
    Data,
    Int64,
    State,
)
from routing.search.rules import route_cost, usable_slack

# Places in State.tally, as plain integers so that compiled code treats them as constants.
N_ABSENT, COST, USED, SERVED, MARK, N_SAVED, VERSION, ITERATION, COST_BEFORE = 0, 1, 2, 3, 4, 5, 6, 7, 8


@inner
def refresh(data: Data, state: State, route: int) -> None:
    """Recompute times, load and cost of a route from its order; it gets a new version."""
    n, routes = data.visit.shape[0], data.route.shape[0]
    kind, travel = data.route[route, KIND], data.route[route, TRAVEL]
    last = n + routes + route
    bound, load, size = 0, 0, 0
    node = n + route
    place, clock = data.at[node], data.route[route, START]
    while True:
        before, node = node, state.node[node, FOLLOWING]
        there = data.at[node]
        arc = data.cost[travel, place, there]
        state.node[before, ARC] = arc
        bound += arc
        clock += data.time[travel, place, there]
        place = there
        if node == last:
            break
        clock = max(clock, data.visit[node, OPENS]) + data.pair[kind, node, SERVICE]
        state.node[node, READY] = clock
        bound += data.pair[kind, node, SERVE]
        load += data.visit[node, DEMAND]
        size += 1
    bound = bound + data.route[route, FEE] if size > 0 else 0
    set_latest(data, state, route, state.node[last, PREVIOUS], False)
    set_use(data, state, route, size)
    state.route[route, LOAD] = load
    reprice(data, state, route, bound)


@inlined
def reprice(data: Data, state: State, route: int, bound: int) -> None:
    """Give a route with these driving, fee and service costs its cost and a new version."""
    state.tally[VERSION] += 1
    cost = np.int64(bound)
    if state.route[route, SIZE] > 0:
        cost = route_cost(data.rules, state.node, route, state.tally[VERSION], bound)
    slack = np.int64(0)
    if state.route[route, SIZE] > 0:
        slack = usable_slack(data.rules, cost - bound)
    state.tally[COST] += cost - state.route[route, COST_NOW]
    state.route[route, SLACK] = slack
    state.route[route, BOUND] = bound
    state.route[route, COST_NOW] = cost
    state.route[route, CONTENT] = state.tally[VERSION]


@inlined
def set_latest(data: Data, state: State, route: int, node: int, may_stop: bool) -> None:
    """Latest starts from a node back to the first, or to one that stays as it is."""
    kind, travel = data.route[route, KIND], data.route[route, TRAVEL]
    first = data.visit.shape[0] + route
    behind = state.node[node, FOLLOWING]
    while node != first:
        latest = min(
            state.node[behind, LATEST]
            - data.time[travel, data.at[node], data.at[behind]]
            - data.pair[kind, node, SERVICE],
            data.visit[node, CLOSES],
        )
        if may_stop and state.node[node, LATEST] == latest:
            return
        state.node[node, LATEST] = latest
        behind, node = node, state.node[node, PREVIOUS]


@inner
def grow(data: Data, state: State, visit: int, route: int, after: int) -> None:
    """Put a visit behind a node: what the rest of the route does not notice is not recomputed."""
    n, routes = data.visit.shape[0], data.route.shape[0]
    kind, travel = data.route[route, KIND], data.route[route, TRAVEL]
    link(state, visit, after)
    behind = state.node[visit, FOLLOWING]
    place, here, there = data.at[after], data.at[visit], data.at[behind]
    into, onward = data.cost_into[travel, here, place], data.cost[travel, here, there]
    bound = state.route[route, BOUND] + into + onward + data.pair[kind, visit, SERVE]
    if state.route[route, SIZE] == 0:
        bound += data.route[route, FEE]
    else:
        bound -= state.node[after, ARC]
    state.node[after, ARC], state.node[visit, ARC] = into, onward
    clock = state.node[after, READY] + data.time_into[travel, here, place]
    node = visit
    while node != n + routes + route:
        ready = max(clock, data.visit[node, OPENS]) + data.pair[kind, node, SERVICE]
        if node != visit and state.node[node, READY] == ready:
            break
        state.node[node, READY] = ready
        behind = state.node[node, FOLLOWING]
        clock = ready + data.time[travel, data.at[node], data.at[behind]]
        node = behind
    state.node[visit, LATEST] = NEVER
    set_latest(data, state, route, visit, True)
    set_use(data, state, route, state.route[route, SIZE] + 1)
    state.route[route, LOAD] += data.visit[visit, DEMAND]
    reprice(data, state, route, bound)


@inlined
def set_use(data: Data, state: State, route: int, size: int) -> None:
    """Note how many visits a route has, and whether it is idle."""
    before = state.route[route, SIZE]
    if data.route[route, GROUP] >= 0:
        state.group_load[data.route[route, GROUP]] += size - before
    state.tally[SERVED] += size - before
    state.route[route, SIZE] = size
    kind = data.route[route, KIND]
    if before == 0 and size > 0:
        state.tally[USED] += 1
        ahead, behind = state.route[route, IDLE_BACK], state.route[route, IDLE_NEXT]
        if ahead == ABSENT:
            state.idle_head[kind] = behind
        else:
            state.route[ahead, IDLE_NEXT] = behind
        if behind != ABSENT:
            state.route[behind, IDLE_BACK] = ahead
    elif before > 0 and size == 0:
        state.tally[USED] -= 1
        head = state.idle_head[kind]
        state.route[route, IDLE_BACK] = ABSENT
        state.route[route, IDLE_NEXT] = head
        if head != ABSENT:
            state.route[head, IDLE_BACK] = route
        state.idle_head[kind] = route


@inlined
def set_absent(data: Data, state: State, visit: int) -> None:
    """Put a visit that is in no route any more on the list of the unserved."""
    count = state.tally[N_ABSENT]
    state.absent[count] = visit
    state.node[visit, WHERE] = -1 - count
    state.tally[N_ABSENT] = count + 1
    state.tally[COST] += data.visit[visit, PRICE]


@inlined
def set_present(data: Data, state: State, visit: int, route: int) -> None:
    """Take a visit off the list of the unserved."""
    count = state.tally[N_ABSENT] - 1
    moved, hole = state.absent[count], -1 - state.node[visit, WHERE]
    state.absent[hole] = moved
    state.node[moved, WHERE] = -1 - hole
    state.node[visit, WHERE] = route
    state.tally[N_ABSENT] = count
    state.tally[COST] -= data.visit[visit, PRICE]


@inlined
def link(state: State, visit: int, after: int) -> None:
    """Put a node behind another one, without refreshing the route."""
    behind = state.node[after, FOLLOWING]
    state.node[after, FOLLOWING] = visit
    state.node[visit, PREVIOUS] = after
    state.node[visit, FOLLOWING] = behind
    state.node[behind, PREVIOUS] = visit


@inlined
def unlink(state: State, visit: int) -> None:
    """Take a node out of its route, without refreshing the route."""
    before, behind = state.node[visit, PREVIOUS], state.node[visit, FOLLOWING]
    state.node[before, FOLLOWING] = behind
    state.node[behind, PREVIOUS] = before


@inner
def save(data: Data, state: State, route: int) -> None:
    """Keep a route's content for :func:`undo`, once per mark."""
    mark = state.tally[MARK]
    if state.route[route, SAVED_MARK] == mark:
        return
    state.route[route, SAVED_MARK] = mark
    n, routes = data.visit.shape[0], data.route.shape[0]
    count = state.tally[N_SAVED]
    state.route[count, SAVED] = route
    for column in range(KEPT_FIGURES):
        state.saved_routes[count, column] = state.route[route, column]
    cursor = state.route[count, SAVED_FROM]
    node = n + route
    while True:
        state.saved_nodes[cursor, KEPT_COLUMNS] = node
        for column in range(KEPT_COLUMNS):
            state.saved_nodes[cursor, column] = state.node[node, column]
        cursor += 1
        if node == n + routes + route:
            break
        state.node[node, STAMP] = mark
        node = state.node[node, FOLLOWING]
    state.route[count + 1, SAVED_FROM] = cursor
    state.tally[N_SAVED] = count + 1


@inlined
def mark(state: State) -> None:
    """From here on :func:`undo` comes back to this state."""
    state.tally[MARK] += 1
    state.tally[N_SAVED] = 0
    state.tally[COST_BEFORE] = state.tally[COST]


@inner
def undo(data: Data, state: State) -> None:
    """Return every route changed since the last mark to what it was, with the version it had."""
    n = data.visit.shape[0]
    for index in range(state.tally[N_SAVED]):
        node = state.node[n + state.route[index, SAVED], FOLLOWING]
        while node < n:
            if state.node[node, STAMP] != state.tally[MARK]:
                set_absent(data, state, node)
            node = state.node[node, FOLLOWING]
    for index in range(state.tally[N_SAVED]):
        route = state.route[index, SAVED]
        for cursor in range(state.route[index, SAVED_FROM], state.route[index + 1, SAVED_FROM]):
            node = state.saved_nodes[cursor, KEPT_COLUMNS]
            if node < n:
                if state.node[node, WHERE] < 0:
                    set_present(data, state, node, route)
                state.node[node, WHERE] = route
            for column in range(KEPT_COLUMNS):
                state.node[node, column] = state.saved_nodes[cursor, column]
        set_use(data, state, route, state.saved_routes[index, SIZE])
        for column in range(KEPT_FIGURES):
            state.route[route, column] = state.saved_routes[index, column]
    state.tally[COST] = state.tally[COST_BEFORE]
    state.tally[N_SAVED] = 0


@njit
def write_route(data: Data, state: State, route: int, nodes: Int64, begin: int, stop: int) -> None:
    """Make the visits ``nodes[begin:stop]``, in no other route, the whole content of a route.

    They are coded as visit + n x variant. Without any the route is cleared.
    """
    n, routes = data.visit.shape[0], data.route.shape[0]
    node = state.node[n + route, FOLLOWING]
    while node < n:
        set_absent(data, state, node)
        node = state.node[node, FOLLOWING]
    last = n + route
    for cursor in range(begin, stop):
        node = nodes[cursor] % n
        state.node[node, VARIANT] = nodes[cursor] // n
        set_present(data, state, node, route)
        state.node[last, FOLLOWING] = node
        state.node[node, PREVIOUS] = last
        last = node
    state.node[last, FOLLOWING] = n + routes + route
    state.node[n + routes + route, PREVIOUS] = last
    refresh(data, state, route)
