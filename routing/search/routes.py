"""Compiled changes of the routes in a :class:`State`: refresh, insert, save, undo."""

from __future__ import annotations


from routing.jit import inlined, njit
from routing.search.arrays import ABSENT, Data, State
from routing.search.rules import route_cost

# Places in State.tally, as plain integers so that compiled code treats them as constants.
N_ABSENT, COST, USED, SERVED, MARK, N_SAVED, VERSION, ITERATION = 0, 1, 2, 3, 4, 5, 6, 7


@njit
def refresh(data: Data, state: State, route: int) -> None:
    """Recompute times, load and cost of a route from its order; it gets a new version."""
    n, routes = len(data.opens), len(data.kind)
    kind, travel = data.kind[route], data.travel[route]
    first, last = n + route, n + routes + route
    cost, load, size = 0, 0, 0
    node, place, clock = first, data.at[first], data.start[route]
    while True:
        node = state.following[node]
        there = data.at[node]
        cost += data.cost[travel, place, there]
        clock += data.time[travel, place, there]
        place = there
        if node == last:
            break
        clock = max(clock, data.opens[node]) + data.service[kind, node]
        state.ready[node] = clock
        cost += data.serve[kind, node]
        load += data.demand[node]
        size += 1
    if size == 0:
        cost = 0
    else:
        cost += data.fee[route]
        cost = route_cost(data.rules, state.following, state.variant, route, state.tally[VERSION] + 1, cost)
    bound = data.end[route]
    place = data.at[last]
    node = state.previous[last]
    while node != first:
        here = data.at[node]
        bound = min(bound - data.time[travel, here, place] - data.service[kind, node], data.closes[node])
        state.latest[node] = bound
        place = here
        node = state.previous[node]
    set_use(data, state, route, size)
    state.tally[COST] += cost - state.cost[route]
    state.cost[route] = cost
    state.load[route] = load
    state.tally[VERSION] += 1
    state.version[route] = state.tally[VERSION]


@inlined
def set_use(data: Data, state: State, route: int, size: int) -> None:
    """Note how many visits a route has, and whether it is idle."""
    before = state.size[route]
    if data.group[route] >= 0:
        state.group_load[data.group[route]] += size - before
    state.tally[SERVED] += size - before
    state.size[route] = size
    kind = data.kind[route]
    if before == 0 and size > 0:
        state.tally[USED] += 1
        ahead, behind = state.idle_back[route], state.idle_next[route]
        if ahead == ABSENT:
            state.idle_head[kind] = behind
        else:
            state.idle_next[ahead] = behind
        if behind != ABSENT:
            state.idle_back[behind] = ahead
    elif before > 0 and size == 0:
        state.tally[USED] -= 1
        head = state.idle_head[kind]
        state.idle_back[route] = ABSENT
        state.idle_next[route] = head
        if head != ABSENT:
            state.idle_back[head] = route
        state.idle_head[kind] = route


@inlined
def set_absent(data: Data, state: State, visit: int) -> None:
    """Put a visit that is in no route any more on the list of the unserved."""
    state.where[visit] = ABSENT
    count = state.tally[N_ABSENT]
    state.absent[count] = visit
    state.absent_at[visit] = count
    state.tally[N_ABSENT] = count + 1
    state.tally[COST] += data.price[visit]


@inlined
def set_present(data: Data, state: State, visit: int, route: int) -> None:
    """Take a visit off the list of the unserved."""
    state.where[visit] = route
    count = state.tally[N_ABSENT] - 1
    moved, hole = state.absent[count], state.absent_at[visit]
    state.absent[hole] = moved
    state.absent_at[moved] = hole
    state.absent_at[visit] = ABSENT
    state.tally[N_ABSENT] = count
    state.tally[COST] -= data.price[visit]


@inlined
def link(state: State, visit: int, after: int) -> None:
    """Put a node behind another one, without refreshing the route."""
    behind = state.following[after]
    state.following[after] = visit
    state.previous[visit] = after
    state.following[visit] = behind
    state.previous[behind] = visit


@inlined
def unlink(state: State, visit: int) -> None:
    """Take a node out of its route, without refreshing the route."""
    before, behind = state.previous[visit], state.following[visit]
    state.following[before] = behind
    state.previous[behind] = before


@njit
def save(data: Data, state: State, route: int) -> None:
    """Keep a route's content for :func:`undo`, once per mark."""
    if state.saved_mark[route] == state.tally[MARK]:
        return
    state.saved_mark[route] = state.tally[MARK]
    n, routes = len(data.opens), len(data.kind)
    count = state.tally[N_SAVED]
    state.saved[count] = route
    state.saved_cost[count] = state.cost[route]
    state.saved_version[count] = state.version[route]
    cursor = state.saved_from[count]
    node = state.following[n + route]
    while node < n:
        state.saved_nodes[cursor] = node + n * state.variant[node]
        cursor += 1
        node = state.following[node]
    state.saved_from[count + 1] = cursor
    state.tally[N_SAVED] = count + 1


@inlined
def mark(state: State) -> None:
    """From here on :func:`undo` comes back to this state."""
    state.tally[MARK] += 1
    state.tally[N_SAVED] = 0


@njit
def undo(data: Data, state: State) -> None:
    """Return every route changed since the last mark to what it was, with the version it had."""
    n = len(data.opens)
    for index in range(state.tally[N_SAVED]):
        node = state.following[n + state.saved[index]]
        while node < n:
            set_absent(data, state, node)
            node = state.following[node]
    for index in range(state.tally[N_SAVED]):
        route = state.saved[index]
        write_route(data, state, route, state.saved_nodes, state.saved_from[index], state.saved_from[index + 1])
        state.version[route] = state.saved_version[index]
    state.tally[N_SAVED] = 0


@njit
def write_route(data: Data, state: State, route: int, nodes, begin: int, stop: int) -> None:  # type: ignore[no-untyped-def]  # any int array
    """Make the visits ``nodes[begin:stop]``, all absent, the whole content of a route.

    They are coded as visit + n x variant.
    """
    n, routes = len(data.opens), len(data.kind)
    last = n + route
    for cursor in range(begin, stop):
        node = nodes[cursor] % n
        state.variant[node] = nodes[cursor] // n
        set_present(data, state, node, route)
        state.following[last] = node
        state.previous[node] = last
        last = node
    state.following[last] = n + routes + route
    state.previous[n + routes + route] = last
    refresh(data, state, route)


@njit
def clear_route(data: Data, state: State, route: int) -> None:
    """Make every visit of a route unserved."""
    n, routes = len(data.opens), len(data.kind)
    node = state.following[n + route]
    while node < n:
        set_absent(data, state, node)
        node = state.following[node]
    state.following[n + route] = n + routes + route
    state.previous[n + routes + route] = n + route
    refresh(data, state, route)
