"""Compiled cheapest insertion: one route in full, all routes with memory, or only beside near neighbours."""

from __future__ import annotations

import numpy as np
from numba.core import types
from numba.extending import overload

from routing.jit import inlined, inner
from routing.search.arrays import (
    ABSENT,
    ARC,
    CAPACITY,
    CLOSES,
    CONTENT,
    COST_NOW,
    DELTA,
    DEMAND,
    ELIGIBLE,
    FEE,
    FLOOR,
    FOLLOWING,
    GROUP,
    HOURLY,
    KIND,
    LATEST,
    LISTED,
    LOAD,
    MEMO_CONTENT,
    NEVER,
    OPENS,
    PREVIOUS,
    PRICE,
    READY,
    ROUTE,
    SERVE,
    SERVICE,
    SIZE,
    SLACK,
    SPOT,
    TRAVEL,
    VARIANT,
    WHERE,
    Data,
    Plain,
    State,
)
from routing.search.dice import uniform
from routing.search.routes import grow, save, set_present
from routing.search.rules import grown_route_cost, has_model, prices_dearly

FEW_ROUTES = 40
"""Up to so many routes all are looked at where pricing a place is dear; beyond, those of near visits."""
MOST_NEARBY = 10
"""How many of these."""


@inlined
def is_open(data: Data, state: State, visit: int, route: int) -> bool:
    """Whether load and the group's limit leave room for the visit in the route."""
    group = data.route[route, GROUP]
    if group >= 0 and state.group_load[group] >= data.room[group]:
        return False
    return state.route[route, LOAD] + data.visit[visit, DEMAND] <= data.route[route, CAPACITY]


@inlined
def open_route(data: Data, state: State, visit: int, neighbour: int) -> int:
    """The route of a neighbour if a visit could go there, else ABSENT."""
    route = state.node[neighbour, WHERE]
    if route < 0 or not data.pair[data.route[route, KIND], visit, ELIGIBLE]:
        return ABSENT
    return route if is_open(data, state, visit, route) else ABSENT


@inlined
def growth(data: Data, state: State, visit: int, route: int, after: int) -> tuple[int, int]:
    """By how much a visit behind a node makes its route dearer at least, and the driving and fee of that."""
    travel = data.route[route, TRAVEL]
    behind = state.node[after, FOLLOWING]
    place, here, there = data.at[after], data.at[visit], data.at[behind]
    bound = np.int64(data.cost_into[travel, here, place]) + data.cost[travel, here, there]
    if state.route[route, SIZE] == 0:
        bound += data.route[route, FEE]
    else:
        bound -= state.node[after, ARC]
    kind = data.route[route, KIND]
    slack = state.route[route, SLACK]
    if prices_dearly(data.rules) and slack > 0:
        longer = np.int64(data.time_into[travel, here, place]) + data.time[travel, here, there]
        longer += data.pair[kind, visit, SERVICE] - data.time[travel, place, there]
        slack = min(slack, 1 + max(0, longer) * data.route[route, HOURLY] // 3600)
    return bound + data.pair[kind, visit, SERVE] - slack, bound


@inlined
def detour(data: Data, state: State, visit: int, route: int, after: int, best: int) -> tuple[int, int]:
    """Cost of inserting a visit behind a node and the spot, NEVER if somebody would be late or it is no
    better.
    """
    least, bound = growth(data, state, visit, route, after)
    if least >= best:
        return NEVER, after
    return timely(data, state, visit, route, after, bound, best)


@inner
def timely(
    data: Data, state: State, visit: int, route: int, after: int, bound: int, most: int
) -> tuple[int, int]:
    """The rest of :func:`detour`, for a place whose detour costs ``bound``.

    A cost that is not below ``most`` may be said to be lower, but not lower than that.
    """
    kind, travel = data.route[route, KIND], data.route[route, TRAVEL]
    behind = state.node[after, FOLLOWING]
    here = data.at[visit]
    arrival = state.node[after, READY] + data.time_into[travel, here, data.at[after]]
    if arrival > data.visit[visit, CLOSES]:
        return NEVER, after
    done = max(arrival, data.visit[visit, OPENS]) + data.pair[kind, visit, SERVICE]
    if done + data.time[travel, here, data.at[behind]] > state.node[behind, LATEST]:
        return NEVER, after
    bound += data.pair[kind, visit, SERVE]
    grown, spot = grown_route_cost(
        data.rules,
        state.node,
        visit,
        route,
        after,
        state.route[route, CONTENT],
        state.route[route, COST_NOW] + bound,
        state.route[route, COST_NOW] + most,
    )
    return grown - state.route[route, COST_NOW], spot


@inner
def cheapest_in_route(
    data: Data, state: State, visit: int, route: int, blink: float, most: int
) -> tuple[int, int, int]:
    """Cheapest feasible insertion of a visit into a route below ``most``, as (cost change, spot, floor).

    With ``blink`` > 0 each place is overlooked with that probability. Cost NEVER: there is no place; other
    places, not looked at in full, cost ``floor`` at least.
    """
    n, routes = data.visit.shape[0], data.route.shape[0]
    best, best_spot, floor = NEVER, np.int64(ABSENT), NEVER
    first = np.int64(n + route)
    if prices_dearly(data.rules):
        first, floor = likeliest(data, state, visit, route, most)
        if first == ABSENT:
            return best, best_spot, floor
    node, behind = first, np.int64(n + route)
    # Where the next stop must begin before the visit can be over there is no place, whatever it costs.
    soonest = data.visit[visit, OPENS] + data.pair[data.route[route, KIND], visit, SERVICE]
    while not is_too_late(data, state, visit, route, node):
        least, bound = NEVER, np.int64(0)
        if state.node[state.node[node, FOLLOWING], LATEST] >= soonest:
            least, bound = growth(data, state, visit, route, node)
        if least >= most:
            floor = min(floor, least)
        elif least < best:
            delta, spot = timely(data, state, visit, route, node, bound, min(best, most))
            if prices_dearly(data.rules) and delta >= most:
                floor = min(floor, delta)
            elif delta < best and (blink == 0.0 or uniform(state.dice) >= blink):
                best, best_spot = delta, spot
        node = behind if behind != first else state.node[behind, FOLLOWING]
        if node == n + routes + route:
            break
        behind = state.node[node, FOLLOWING]
    return best, best_spot, floor


@inner
def likeliest(data: Data, state: State, visit: int, route: int, most: int) -> tuple[int, int]:
    """The node behind which a visit may cost least, ABSENT where all cost ``most`` at least, and the least of
    those that do.
    """
    n, routes = data.visit.shape[0], data.route.shape[0]
    likely, lowest, floor = np.int64(ABSENT), np.int64(most), NEVER
    node = np.int64(n + route)
    while node != n + routes + route and not is_too_late(data, state, visit, route, node):
        least, _ = growth(data, state, visit, route, node)
        if least >= most:
            floor = min(floor, least)
        elif least < lowest:
            likely, lowest = node, least
        node = state.node[node, FOLLOWING]
    return likely, floor


@inlined
def is_too_late(data: Data, state: State, visit: int, route: int, node: int) -> bool:
    """Whether a visit would start too late behind a node, and so behind all that come after it."""
    drive = data.time_into[data.route[route, TRAVEL], data.at[visit], data.at[node]]
    return state.node[node, READY] + drive > data.visit[visit, CLOSES]


@inlined
def remembered(data: Data, state: State, visit: int, route: int, most: int) -> tuple[int, int]:
    """Cheapest insertion into a route, as far as it costs less than ``most``; worked out when it changed."""
    memo = state.memo[visit, route]
    if memo[MEMO_CONTENT] != state.route[route, CONTENT]:
        memo[MEMO_CONTENT], memo[DELTA], memo[FLOOR] = state.route[route, CONTENT], NEVER, -NEVER
    if memo[FLOOR] < min(most, memo[DELTA]):
        memo[DELTA], memo[SPOT], memo[FLOOR] = cheapest_in_route(data, state, visit, route, 0.0, most)
    return memo[DELTA], memo[SPOT]


@inlined
def looked_at(data: Data, state: State, visit: int, route: int, blink: float, best: int) -> tuple[int, int]:
    """Cheapest insertion into a route below ``best``, NEVER where there is none."""
    delta, spot = remembered(data, state, visit, route, best)
    if delta < best and blink > 0.0 and uniform(state.dice) < blink:
        delta, spot, _ = cheapest_in_route(data, state, visit, route, 0.5, best)
    return (delta, spot) if delta < best else (NEVER, np.int64(ABSENT))


@inlined
def may_take(data: Data, state: State, visit: int, route: int) -> bool:
    """Whether a visit may go into a route; of equal unused ones into the first."""
    kind = data.route[route, KIND]
    if not data.pair[kind, visit, ELIGIBLE] or not is_open(data, state, visit, route):
        return False
    return state.route[route, SIZE] > 0 or state.idle_head[kind] == route


@inner
def cheapest_anywhere(data: Data, state: State, visit: int, blink: float) -> tuple[int, int, int]:
    """Cheapest insertion over all routes: first those that did not change, then the others below that.

    Of equal unused routes one is tried. A blink looks again at a route, overlooking places at random. Where
    a place is dear to price and routes are many, only those of near visits are looked at; before the visit
    is given up, all.
    """
    best, best_route, best_spot = data.visit[visit, PRICE], ABSENT, np.int64(ABSENT)
    routes = data.route.shape[0]
    is_choosy = prices_dearly(data.rules) and routes > FEW_ROUTES
    count = nearby_routes(data, state, visit) if is_choosy else routes
    while True:
        for is_changed in (False, True):
            for index in range(count):
                route = state.nearby[index, ROUTE] if is_choosy else np.int64(index)
                if (state.memo[visit, route, MEMO_CONTENT] != state.route[route, CONTENT]) != is_changed:
                    continue
                if not may_take(data, state, visit, route):
                    continue
                delta, spot = looked_at(data, state, visit, route, blink, best)
                if delta < best:
                    best, best_route, best_spot = delta, route, spot
        if best_route >= 0 or not is_choosy:
            return best, best_route, best_spot
        is_choosy, count = False, routes


@inner
def nearby_routes(data: Data, state: State, visit: int) -> int:
    """List routes of visits near this one that may take it, the nearest first, and unused ones; how many."""
    last = state.nearby.shape[0] - 1
    state.nearby[last, LISTED] += 1
    count, mark = 0, state.nearby[last, LISTED]
    for index in range(data.near.shape[1]):
        route = state.node[data.near[visit, index], WHERE]
        if route < 0 or state.nearby[route, LISTED] == mark:
            continue
        state.nearby[route, LISTED] = mark
        if data.pair[data.route[route, KIND], visit, ELIGIBLE]:
            state.nearby[count, ROUTE] = route
            count += 1
            if count >= MOST_NEARBY:
                break
    for index in range(data.doors.shape[1]):
        kind = data.doors[visit, index]
        if kind < 0:
            break
        if state.idle_head[kind] != ABSENT:
            state.nearby[count, ROUTE] = state.idle_head[kind]
            count += 1
    return count


@inner
def cheapest_nearby(data: Data, state: State, visit: int, blink: float) -> tuple[int, int, int]:
    """Cheapest insertion behind or before one of the visits that suit it there, or into an unused route.

    Before a route is opened, or the visit given up, every place of the routes in use is looked at.
    """
    n = data.visit.shape[0]
    best, best_route, best_spot = data.visit[visit, PRICE], ABSENT, np.int64(ABSENT)
    for index in range(data.beside.shape[1]):
        neighbour = data.beside[visit, index]
        route = open_route(data, state, visit, neighbour) if neighbour >= 0 else ABSENT
        if route < 0:
            continue
        after = neighbour if index % 2 == 0 else state.node[neighbour, PREVIOUS]
        delta, spot = detour(data, state, visit, route, after, best)
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_spot = delta, route, spot
    for index in range(data.doors.shape[1]):
        kind = data.doors[visit, index]
        if kind < 0:
            break
        route = state.idle_head[kind]
        if route == ABSENT or not is_open(data, state, visit, route):
            continue
        delta, spot = detour(data, state, visit, route, n + route, best)
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_spot = delta, route, spot
    if best_route >= 0 and state.route[best_route, SIZE] > 0:
        return best, best_route, best_spot
    for neighbour in range(n):
        route = open_route(data, state, visit, neighbour)
        if route < 0:
            continue
        delta, spot = detour(data, state, visit, route, neighbour, best)
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_spot = delta, route, spot
    return best, best_route, best_spot


def cheapest(data: Data, state: State, visit: int, blink: float, everywhere: bool) -> tuple[int, int, int]:
    """Cheapest insertion as (cost change, route, spot); route ABSENT where leaving the visit out is cheaper.

    Only the plain rules look just nearby: others price a place so dearly that remembering pays at any size.
    """
    raise TypeError("only compiled code calls this")


@overload(cheapest, strict=False)
def _cheapest(
    data: types.Type, state: types.Type, visit: types.Type, blink: types.Type, everywhere: types.Type
) -> object:
    if not has_model(data, Plain):
        return lambda data, state, visit, blink, everywhere: cheapest_anywhere(data, state, visit, blink)

    def choose(data: Data, state: State, visit: int, blink: float, everywhere: bool) -> tuple[int, int, int]:
        if everywhere:
            return cheapest_anywhere(data, state, visit, blink)
        return cheapest_nearby(data, state, visit, blink)

    return choose


@inlined
def insert(data: Data, state: State, visit: int, route: int, spot: int) -> None:
    """Put an unserved visit at a spot of a route."""
    nodes = state.node.shape[0]
    save(data, state, route)
    set_present(data, state, visit, route)
    state.node[visit, VARIANT] = spot // nodes
    grow(data, state, visit, route, spot % nodes)
