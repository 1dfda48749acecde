"""Compiled exchange of the tails of two routes (2-opt*), which no removal of short strings comes to.

Potvin & Rousseau, *An exchange heuristic for routeing problems with time windows*, Journal of the
Operational Research Society 46 (1995). A route may also be cut in two, its tail going to an unused one, and
two may become one.
"""

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
    DEMAND,
    ELIGIBLE,
    END,
    FEE,
    FOLLOWING,
    GROUP,
    KIND,
    LATEST,
    LOAD,
    NEVER,
    OPENS,
    PREVIOUS,
    READY,
    SERVICE,
    SIZE,
    TRAVEL,
    WHERE,
    Data,
    Plain,
    State,
)
from routing.search.routes import COST, COST_BEFORE, mark, refresh, save, undo
from routing.search.rules import has_model


def exchange_tails(data: Data, state: State, visit: int, near: int, most: float) -> bool:
    """Make the cheapest exchange of tails that drives between a visit and one of the ``near`` nearest, or
    cuts its route behind it, and say whether there was one by which the cost grows less than ``most``.

    There is none but with plain rules: other ones take too long to price two routes.
    """
    raise TypeError("only compiled code calls this")


@overload(exchange_tails, strict=False)
def _exchange_tails(
    data: types.Type, state: types.Type, visit: types.Type, near: types.Type, most: types.Type
) -> object:
    if has_model(data, Plain):

        def exchange(data: Data, state: State, visit: int, near: int, most: float) -> bool:
            return exchange_cheapest(data, state, visit, near, most)

        return exchange
    return lambda data, state, visit, near, most: False


@inner
def exchange_cheapest(data: Data, state: State, visit: int, near: int, most: float) -> bool:
    """See :func:`exchange_tails`."""
    one, other = cheapest_exchange(data, state, visit, near, most)
    if one < 0:
        return False
    mark(state)
    swap_tails(data, state, one, other)
    if state.tally[COST] - state.tally[COST_BEFORE] < most:
        return True
    undo(data, state)
    return False


@inner
def cheapest_exchange(data: Data, state: State, visit: int, near: int, most: float) -> tuple[int, int]:
    """The two nodes whose followers to swap, ABSENT where no exchange costs less than ``most``."""
    n = data.visit.shape[0]
    best, one, other = most, np.int64(ABSENT), np.int64(ABSENT)
    if state.node[visit, WHERE] < 0:
        return one, other
    before = state.node[visit, PREVIOUS]
    for index in range(min(near, data.near.shape[1])):
        neighbour = data.near[visit, index]
        if state.node[neighbour, WHERE] < 0:
            continue
        near_before = state.node[neighbour, PREVIOUS]
        delta = exchange_cost(data, state, visit, near_before, best)
        if delta < best:
            best, one, other = delta, visit, near_before
        delta = exchange_cost(data, state, neighbour, before, best)
        if delta < best:
            best, one, other = delta, neighbour, before
    behind = state.node[visit, FOLLOWING]
    for index in range(data.doors.shape[1] if behind < n else 0):
        kind = data.doors[behind, index]
        idle = state.idle_head[kind] if kind >= 0 else ABSENT
        delta = exchange_cost(data, state, visit, n + idle, best) if idle >= 0 else NEVER
        if delta < best:
            best, one, other = delta, visit, n + idle
    return one, other


@inlined
def route_of(data: Data, state: State, node: int) -> int:
    """The route of a visit in one, or of a start."""
    n = data.visit.shape[0]
    return state.node[node, WHERE] if node < n else node - n


@inner
def exchange_cost(data: Data, state: State, one: int, other: int, most: float) -> float:
    """Driving and fees that it costs to swap what follows two nodes, NEVER if it is not allowed or not below
    ``most``.
    """
    n, routes = data.visit.shape[0], data.route.shape[0]
    here, there = route_of(data, state, one), route_of(data, state, other)
    if here == there or data.route[here, TRAVEL] != data.route[there, TRAVEL]:
        return NEVER
    if data.route[here, GROUP] != data.route[there, GROUP]:
        return NEVER
    onto, back = state.node[other, FOLLOWING], state.node[one, FOLLOWING]
    if onto >= n and back >= n:
        return NEVER
    onto = onto if onto < n else n + routes + here
    back = back if back < n else n + routes + there
    delta = junction(data, state, here, one, onto) + junction(data, state, there, other, back)
    if delta >= most:
        return NEVER
    if not (in_time(data, state, here, one, onto) and in_time(data, state, there, other, back)):
        return NEVER
    tail, new_tail = load_behind(data, state, one), load_behind(data, state, other)
    if not (has_room(data, state, here, new_tail - tail) and has_room(data, state, there, tail - new_tail)):
        return NEVER
    if data.route[here, KIND] == data.route[there, KIND]:
        return delta
    if goes_on(data, state, here, one, onto) and goes_on(data, state, there, other, back):
        return delta
    return NEVER


@inlined
def has_room(data: Data, state: State, route: int, load: int) -> bool:
    """Whether a route can take so much more."""
    return state.route[route, LOAD] + load <= data.route[route, CAPACITY]


@inlined
def junction(data: Data, state: State, route: int, node: int, onto: int) -> int:
    """What a route's driving and fee change by when it goes on from a node to another than now."""
    n = data.visit.shape[0]
    fee, before, after = data.route[route, FEE], np.int64(0), np.int64(0)
    if state.route[route, SIZE] > 0:
        before = fee + state.node[node, ARC]
    if node < n or onto < n:
        after = fee + data.cost[data.route[route, TRAVEL], data.at[node], data.at[onto]]
    return after - before


@inlined
def in_time(data: Data, state: State, route: int, node: int, onto: int) -> bool:
    """Whether the rest from ``onto`` is in time behind a node, if served as quickly as by its own route."""
    drive = data.time[data.route[route, TRAVEL], data.at[node], data.at[onto]]
    return state.node[node, READY] + drive <= state.node[onto, LATEST]


@inner
def load_behind(data: Data, state: State, node: int) -> int:
    """Load of what follows a node."""
    load = np.int64(0)
    node = state.node[node, FOLLOWING]
    while node < data.visit.shape[0]:
        load += data.visit[node, DEMAND]
        node = state.node[node, FOLLOWING]
    return load


@inner
def goes_on(data: Data, state: State, route: int, node: int, onto: int) -> bool:
    """Whether a route may serve, and is in time for, all from ``onto`` behind a node."""
    n, routes = data.visit.shape[0], data.route.shape[0]
    kind, travel = data.route[route, KIND], data.route[route, TRAVEL]
    clock = state.node[node, READY]
    while onto < n:
        clock += data.time[travel, data.at[node], data.at[onto]]
        if clock > data.visit[onto, CLOSES] or not data.pair[kind, onto, ELIGIBLE]:
            return False
        clock = max(clock, data.visit[onto, OPENS]) + data.pair[kind, onto, SERVICE]
        node, onto = onto, state.node[onto, FOLLOWING]
    home = data.at[n + routes + route]
    return clock + data.time[travel, data.at[node], home] <= data.route[route, END]


@inner
def swap_tails(data: Data, state: State, one: int, other: int) -> None:
    """Let each of two nodes be followed by what follows the other."""
    here, there = route_of(data, state, one), route_of(data, state, other)
    save(data, state, here)
    save(data, state, there)
    onto, back = state.node[other, FOLLOWING], state.node[one, FOLLOWING]
    hang(data, state, here, one, onto)
    hang(data, state, there, other, back)
    refresh(data, state, here)
    refresh(data, state, there)


@inlined
def hang(data: Data, state: State, route: int, node: int, onto: int) -> None:
    """Let a node of a route be followed by ``onto`` and what is linked behind it."""
    n, routes = data.visit.shape[0], data.route.shape[0]
    while onto < n:
        state.node[node, FOLLOWING] = onto
        state.node[onto, PREVIOUS] = node
        state.node[onto, WHERE] = route
        node, onto = onto, state.node[onto, FOLLOWING]
    state.node[node, FOLLOWING] = n + routes + route
    state.node[n + routes + route, PREVIOUS] = node
