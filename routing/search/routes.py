"""Compiled changes of the routes in a :class:`State`: refresh, insert, save, undo."""

from __future__ import annotations

from routing.jit import inlined, inner, njit
from routing.search.arrays import (
    ABSENT,
    ABSENT_AT,
    CLOSES,
    CONTENT,
    COST_NOW,
    DEMAND,
    END,
    FEE,
    FOLLOWING,
    GROUP,
    IDLE_BACK,
    IDLE_NEXT,
    KIND,
    LATEST,
    LOAD,
    OPENS,
    PREVIOUS,
    PRICE,
    READY,
    SAVED,
    SAVED_CONTENT,
    SAVED_FROM,
    SAVED_MARK,
    SERVE,
    SERVICE,
    SIZE,
    START,
    TRAVEL,
    VARIANT,
    WHERE,
    Data,
    Int64,
    State,
)
from routing.search.rules import route_cost

# Places in State.tally, as plain integers so that compiled code treats them as constants.
N_ABSENT, COST, USED, SERVED, MARK, N_SAVED, VERSION, ITERATION = 0, 1, 2, 3, 4, 5, 6, 7


@inner
def refresh(data: Data, state: State, route: int) -> None:
    """Recompute times, load and cost of a route from its order; it gets a new version."""
    n, routes = data.visit.shape[0], data.route.shape[0]
    kind, travel = data.route[route, KIND], data.route[route, TRAVEL]
    first, last = n + route, n + routes + route
    cost, load, size = 0, 0, 0
    node, place, clock = first, data.at[first], data.route[route, START]
    while True:
        node = state.node[node, FOLLOWING]
        there = data.at[node]
        cost += data.cost[travel, place, there]
        clock += data.time[travel, place, there]
        place = there
        if node == last:
            break
        clock = max(clock, data.visit[node, OPENS]) + data.pair[kind, node, SERVICE]
        state.node[node, READY] = clock
        cost += data.pair[kind, node, SERVE]
        load += data.visit[node, DEMAND]
        size += 1
    if size == 0:
        cost = 0
    else:
        cost += data.route[route, FEE]
        cost = route_cost(data.rules, state.node, route, state.tally[VERSION] + 1, cost)
    bound = data.route[route, END]
    place = data.at[last]
    node = state.node[last, PREVIOUS]
    while node != first:
        here = data.at[node]
        bound = min(
            bound - data.time[travel, here, place] - data.pair[kind, node, SERVICE], data.visit[node, CLOSES]
        )
        state.node[node, LATEST] = bound
        place = here
        node = state.node[node, PREVIOUS]
    set_use(data, state, route, size)
    state.tally[COST] += cost - state.route[route, COST_NOW]
    state.route[route, COST_NOW] = cost
    state.route[route, LOAD] = load
    state.tally[VERSION] += 1
    state.route[route, CONTENT] = state.tally[VERSION]


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
    state.node[visit, WHERE] = ABSENT
    count = state.tally[N_ABSENT]
    state.absent[count] = visit
    state.node[visit, ABSENT_AT] = count
    state.tally[N_ABSENT] = count + 1
    state.tally[COST] += data.visit[visit, PRICE]


@inlined
def set_present(data: Data, state: State, visit: int, route: int) -> None:
    """Take a visit off the list of the unserved."""
    state.node[visit, WHERE] = route
    count = state.tally[N_ABSENT] - 1
    moved, hole = state.absent[count], state.node[visit, ABSENT_AT]
    state.absent[hole] = moved
    state.node[moved, ABSENT_AT] = hole
    state.node[visit, ABSENT_AT] = ABSENT
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
    if state.route[route, SAVED_MARK] == state.tally[MARK]:
        return
    state.route[route, SAVED_MARK] = state.tally[MARK]
    n = data.visit.shape[0]
    count = state.tally[N_SAVED]
    state.route[count, SAVED] = route
    state.route[count, SAVED_CONTENT] = state.route[route, CONTENT]
    cursor = state.route[count, SAVED_FROM]
    node = state.node[n + route, FOLLOWING]
    while node < n:
        state.saved_nodes[cursor] = node + n * state.node[node, VARIANT]
        cursor += 1
        node = state.node[node, FOLLOWING]
    state.route[count + 1, SAVED_FROM] = cursor
    state.tally[N_SAVED] = count + 1


@inlined
def mark(state: State) -> None:
    """From here on :func:`undo` comes back to this state."""
    state.tally[MARK] += 1
    state.tally[N_SAVED] = 0


@inner
def undo(data: Data, state: State) -> None:
    """Return every route changed since the last mark to what it was, with the version it had."""
    n = data.visit.shape[0]
    for index in range(state.tally[N_SAVED]):
        node = state.node[n + state.route[index, SAVED], FOLLOWING]
        while node < n:
            set_absent(data, state, node)
            node = state.node[node, FOLLOWING]
    for index in range(state.tally[N_SAVED]):
        route = state.route[index, SAVED]
        write_route(
            data,
            state,
            route,
            state.saved_nodes,
            state.route[index, SAVED_FROM],
            state.route[index + 1, SAVED_FROM],
        )
        state.route[route, CONTENT] = state.route[index, SAVED_CONTENT]
    state.tally[N_SAVED] = 0


@njit
def write_route(data: Data, state: State, route: int, nodes: Int64, begin: int, stop: int) -> None:
    """Make the visits ``nodes[begin:stop]``, all absent, the whole content of a route.

    They are coded as visit + n x variant.
    """
    n, routes = data.visit.shape[0], data.route.shape[0]
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


@njit
def clear_route(data: Data, state: State, route: int) -> None:
    """Make every visit of a route unserved."""
    n, routes = data.visit.shape[0], data.route.shape[0]
    node = state.node[n + route, FOLLOWING]
    while node < n:
        set_absent(data, state, node)
        node = state.node[node, FOLLOWING]
    state.node[n + route, FOLLOWING] = n + routes + route
    state.node[n + routes + route, PREVIOUS] = n + route
    refresh(data, state, route)
