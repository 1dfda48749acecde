"""Compiled cheapest insertion: one route in full, all routes with memory, or only beside near neighbours."""

from __future__ import annotations

import numpy as np
from routing.jit import inlined, njit

from routing.search.arrays import ABSENT, NEVER, Data, State
from routing.search.dice import uniform
from routing.search.routes import link, refresh, save, set_present


@inlined
def cheapest_in_route(data: Data, state: State, visit: int, route: int, blink: float) -> tuple[int, int]:
    """Cheapest feasible insertion of a visit into a route as (cost change, node it goes behind).

    With ``blink`` > 0 each place is overlooked with that probability. Cost NEVER: there is no place.
    """
    n, routes = len(data.opens), len(data.kind)
    kind, travel = data.kind[route], data.travel[route]
    if state.load[route] + data.demand[visit] > data.capacity[route]:
        return NEVER, ABSENT
    opens, closes, service = data.opens[visit], data.closes[visit], data.service[kind, visit]
    here = data.at[visit]
    end = n + routes + route
    best, best_after = NEVER, ABSENT
    node = n + route
    place = data.at[node]
    while node != end:
        arrival = state.ready[node] + data.time[travel, place, here]
        if arrival > closes:
            break
        behind = state.following[node]
        there = data.at[behind]
        if max(arrival, opens) + service + data.time[travel, here, there] <= state.latest[behind]:
            delta = (
                np.int64(data.cost[travel, place, here])
                + data.cost[travel, here, there]
                - data.cost[travel, place, there]
            )
            if delta < best and (blink == 0.0 or uniform(state.dice) >= blink):
                best, best_after = delta, node
        node, place = behind, there
    if best_after == ABSENT:
        return NEVER, ABSENT
    best += data.serve[kind, visit]
    if state.size[route] == 0:
        best += data.fee[route]
    return best, best_after


@njit
def cheapest_anywhere(data: Data, state: State, visit: int, blink: float) -> tuple[int, int, int]:
    """Cheapest insertion over all routes, remembering what was computed for routes that did not change.

    Of equal unused routes one is tried. A blink looks again at a route, overlooking places at random.
    """
    best, best_route, best_after = data.price[visit], ABSENT, ABSENT
    for route in range(len(data.kind)):
        kind = data.kind[route]
        if not data.eligible[kind, visit]:
            continue
        size = state.size[route]
        if size == 0 and state.idle_head[kind] != route:
            continue
        if state.memo_version[visit, route] != state.version[route]:
            delta, after = cheapest_in_route(data, state, visit, route, 0.0)
            state.memo_version[visit, route] = state.version[route]
            state.memo_delta[visit, route] = delta
            state.memo_after[visit, route] = after
        else:
            delta, after = state.memo_delta[visit, route], state.memo_after[visit, route]
        if delta >= best:
            continue
        if blink > 0.0 and uniform(state.dice) < blink:
            delta, after = cheapest_in_route(data, state, visit, route, 0.5)
            if delta >= best:
                continue
        best, best_route, best_after = delta, route, after
    return best, best_route, best_after


@njit
def cheapest_nearby(data: Data, state: State, visit: int, blink: float) -> tuple[int, int, int]:
    """Cheapest insertion beside one of the visit's near neighbours, or into an unused route."""
    n = len(data.opens)
    best, best_route, best_after = data.price[visit], ABSENT, ABSENT
    for index in range(data.near.shape[1]):
        neighbour = data.near[visit, index]
        route = state.where[neighbour]
        if route < 0 or not data.eligible[data.kind[route], visit]:
            continue
        if state.load[route] + data.demand[visit] > data.capacity[route]:
            continue
        delta = detour(data, state, visit, route, neighbour)
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_after = delta, route, neighbour
        before = state.previous[neighbour]
        delta = detour(data, state, visit, route, before)
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_after = delta, route, before
    for index in range(data.doors.shape[1]):
        kind = data.doors[visit, index]
        if kind < 0:
            break
        route = state.idle_head[kind]
        if route == ABSENT or data.demand[visit] > data.capacity[route]:
            continue
        delta = detour(data, state, visit, route, n + route) + data.fee[route]
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_after = delta, route, n + route
    return best, best_route, best_after


@inlined
def detour(data: Data, state: State, visit: int, route: int, after: int) -> int:
    """Cost of inserting a visit behind a node, NEVER if it would be late for anything."""
    kind, travel = data.kind[route], data.travel[route]
    behind = state.following[after]
    place, here, there = data.at[after], data.at[visit], data.at[behind]
    arrival = state.ready[after] + data.time[travel, place, here]
    if arrival > data.closes[visit]:
        return NEVER
    done = max(arrival, data.opens[visit]) + data.service[kind, visit]
    if done + data.time[travel, here, there] > state.latest[behind]:
        return NEVER
    return (
        np.int64(data.cost[travel, place, here])
        + data.cost[travel, here, there]
        - data.cost[travel, place, there]
        + data.serve[kind, visit]
    )


@inlined
def insert(data: Data, state: State, visit: int, route: int, after: int) -> None:
    """Put an unserved visit behind a node of a route."""
    save(data, state, route)
    set_present(data, state, visit, route)
    link(state, visit, after)
    refresh(data, state, route)
