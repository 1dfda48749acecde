"""Compiled cheapest insertion: one route in full, all routes with memory, or only beside near neighbours."""

from __future__ import annotations

import numpy as np

from routing.jit import inlined, njit
from routing.search.arrays import ABSENT, NEVER, Data, State
from routing.search.dice import uniform
from routing.search.routes import link, refresh, save, set_present
from routing.search.rules import grown_route_cost


@inlined
def is_open(data: Data, state: State, visit: int, route: int) -> bool:
    """Whether load and the group's limit leave room for the visit in the route."""
    group = data.group[route]
    if group >= 0 and state.group_load[group] >= data.room[group]:
        return False
    return state.load[route] + data.demand[visit] <= data.capacity[route]


@njit
def detour(data: Data, state: State, visit: int, route: int, after: int, best: int) -> tuple[int, int]:
    """Cost of inserting a visit behind a node and the spot, NEVER if somebody would be late or it is no better."""
    kind, travel = data.kind[route], data.travel[route]
    behind = state.following[after]
    place, here, there = data.at[after], data.at[visit], data.at[behind]
    arrival = state.ready[after] + data.time[travel, place, here]
    if arrival > data.closes[visit]:
        return NEVER, after
    done = max(arrival, data.opens[visit]) + data.service[kind, visit]
    if done + data.time[travel, here, there] > state.latest[behind]:
        return NEVER, after
    bound = (
        np.int64(data.cost[travel, place, here])
        + data.cost[travel, here, there]
        - data.cost[travel, place, there]
        + data.serve[kind, visit]
    )
    if state.size[route] == 0:
        bound += data.fee[route]
    if bound >= best:
        return NEVER, after
    grown, spot = grown_route_cost(
        data.rules, state.following, state.variant, visit, route, after, state.version[route],
        state.cost[route] + bound,
    )
    return grown - state.cost[route], spot


@njit
def cheapest_in_route(data: Data, state: State, visit: int, route: int, blink: float) -> tuple[int, int]:
    """Cheapest feasible insertion of a visit into a route as (cost change, spot).

    With ``blink`` > 0 each place is overlooked with that probability. Cost NEVER: there is no place.
    """
    n, routes = len(data.opens), len(data.kind)
    best, best_spot = NEVER, np.int64(ABSENT)
    node = n + route
    while node != n + routes + route:
        if state.ready[node] + data.time[data.travel[route], data.at[node], data.at[visit]] > data.closes[visit]:
            break
        delta, spot = detour(data, state, visit, route, node, best)
        if delta < best and (blink == 0.0 or uniform(state.dice) >= blink):
            best, best_spot = delta, spot
        node = state.following[node]
    return best, best_spot


@njit
def cheapest_anywhere(data: Data, state: State, visit: int, blink: float) -> tuple[int, int, int]:
    """Cheapest insertion over all routes, remembering what was computed for routes that did not change.

    Of equal unused routes one is tried. A blink looks again at a route, overlooking places at random.
    """
    best, best_route, best_spot = data.price[visit], ABSENT, np.int64(ABSENT)
    for route in range(len(data.kind)):
        kind = data.kind[route]
        if not data.eligible[kind, visit] or not is_open(data, state, visit, route):
            continue
        size = state.size[route]
        if size == 0 and state.idle_head[kind] != route:
            continue
        if state.memo_version[visit, route] != state.version[route]:
            delta, spot = cheapest_in_route(data, state, visit, route, 0.0)
            state.memo_version[visit, route] = state.version[route]
            state.memo_delta[visit, route] = delta
            state.memo_spot[visit, route] = spot
        else:
            delta, spot = state.memo_delta[visit, route], state.memo_spot[visit, route]
        if delta >= best:
            continue
        if blink > 0.0 and uniform(state.dice) < blink:
            delta, spot = cheapest_in_route(data, state, visit, route, 0.5)
            if delta >= best:
                continue
        best, best_route, best_spot = delta, route, spot
    return best, best_route, best_spot


@njit
def cheapest_nearby(data: Data, state: State, visit: int, blink: float) -> tuple[int, int, int]:
    """Cheapest insertion beside one of the visit's near neighbours, or into an unused route."""
    n = len(data.opens)
    best, best_route, best_spot = data.price[visit], ABSENT, np.int64(ABSENT)
    for index in range(data.near.shape[1]):
        neighbour = data.near[visit, index]
        route = state.where[neighbour]
        if route < 0 or not data.eligible[data.kind[route], visit] or not is_open(data, state, visit, route):
            continue
        delta, spot = detour(data, state, visit, route, neighbour, best)
        if delta < best and uniform(state.dice) >= blink:
            best, best_route, best_spot = delta, route, spot
        delta, spot = detour(data, state, visit, route, state.previous[neighbour], best)
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
    return best, best_route, best_spot


@inlined
def insert(data: Data, state: State, visit: int, route: int, spot: int) -> None:
    """Put an unserved visit at a spot of a route."""
    nodes = len(state.following)
    save(data, state, route)
    set_present(data, state, visit, route)
    state.variant[visit] = spot // nodes
    link(state, visit, spot % nodes)
    refresh(data, state, route)
