"""Rules of a working day: a route costs what :mod:`routing.kernel` says, to the cent, pick-ups included.

A route's order of visits is the search's; when to leave, when to rest and where on the way to pick up what is
missing is decided by :mod:`routing.search.priced`, for the least cost. At most one pick-up per route is
planned.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba.core import types
from numba.extending import overload

from routing.flat import Arrays
from routing.jit import inner
from routing.kernel import slots
from routing.search.arrays import FOLLOWING, VARIANT, Int64
from routing.search.priced import DESK_WORDS, IDLE, Supply, describe, price_stops
from routing.search.rules import grown_route_cost, is_model, route_cost, usable_slack

KEPT, MOVED = 0, 1
"""Variants of a visit: its promise binds, or is set aside for its price."""

NODE, SET_ASIDE = 0, 1
"""Columns of ``Field.visit``: its node as in :mod:`routing.flat`; that with the promise set aside, or -1."""

ADDRESS, ROWS, STOPS = DESK_WORDS, DESK_WORDS + 1, DESK_WORDS + 2
"""Behind the words of a desk: its own address, room for stops, and the stops at hand; then the same as
visits, the pick-up, and everything else."""


class Field(NamedTuple):
    """What prices a route, and the nodes of each visit."""

    desk: Int64
    visit: Int64  # n x 2
    frame: Int64  # of each route


def desk_of(arrays: Arrays, supply: Supply, stops: int, breaks: int) -> Int64:
    """A desk for routes of up to so many stops and breaks.

    ``arrays`` stay where they are and must outlive it; the rest is copied.
    """
    room = slots(stops, breaks)
    constants, work = supply[:-3], supply[-3:]
    parts = [*work, *constants, *room]
    desk = np.zeros(STOPS + sum(part.size for part in parts), np.int64)
    views, begin = [], STOPS
    for part in parts:
        views.append(desk[begin : begin + part.size].reshape(part.shape))
        views[-1][:] = part
        begin += part.size
    describe(desk, arrays)
    describe(desk, Supply(*views[3 : 3 + len(constants)], *views[:3]))
    describe(desk, type(room)(*views[3 + len(constants) :]))
    desk[ADDRESS], desk[ROWS] = desk.ctypes.data, len(supply.stops)
    return desk


def fresh(rules: Field) -> Field:
    """The same rules with room of its own to work in, for another thread."""
    desk = rules.desk.copy()
    words = desk[:DESK_WORDS:4]
    is_inside = (words >= rules.desk.ctypes.data) & (words < rules.desk.ctypes.data + rules.desk.nbytes)
    words[is_inside] += desk.ctypes.data - rules.desk.ctypes.data
    desk[ADDRESS] = desk.ctypes.data
    return rules._replace(desk=desk)


@inner
def copy_route(rules: Field, nodes: Int64, route: int, visit: int, after: int, variant: int) -> int:
    """Lay out a route's stops, with a visit put in behind a node unless ``visit`` < 0; how many there are."""
    n, rows = rules.visit.shape[0], rules.desk[ROWS]
    count = 0
    node = n + route
    while True:
        if node < n:
            rules.desk[STOPS + count] = rules.visit[node, nodes[node, VARIANT]]
            rules.desk[STOPS + rows + count] = node
            count += 1
        if node == after and visit >= 0:
            rules.desk[STOPS + count] = rules.visit[visit, variant]
            rules.desk[STOPS + rows + count] = visit
            count += 1
        node = nodes[node, FOLLOWING]
        if node >= n:
            return count


@inner
def grown_cost(rules: Field, nodes: Int64, visit: int, route: int, after: int) -> tuple[int, int]:
    """Cents of a route with a visit behind a node, and the spot: promise kept, or set aside where that is
    cheaper. Without a visit, of the route as it stands.
    """
    desk, frame = rules.desk[ADDRESS], rules.frame[route]
    cents = price_stops(desk, frame, copy_route(rules, nodes, route, visit, after, KEPT))
    spot = np.int64(after)
    if visit >= 0 and rules.visit[visit, SET_ASIDE] >= 0:
        other = price_stops(desk, frame, copy_route(rules, nodes, route, visit, after, MOVED))
        if other < cents:
            cents, spot = other, np.int64(after + nodes.shape[0])
    return cents, spot


@overload(usable_slack, strict=False)
def _field_slack(rules: types.Type, slack: types.Type) -> object:
    if is_model(rules, Field):
        return lambda rules, slack: min(slack, rules.desk[STOPS + 2 * rules.desk[ROWS] + IDLE])
    return None


@overload(route_cost, strict=False)
def _field_route_cost(
    rules: types.Type, nodes: types.Type, route: types.Type, stamp: types.Type, bound: types.Type
) -> object:
    if is_model(rules, Field):
        return lambda rules, nodes, route, stamp, bound: grown_cost(rules, nodes, -1, route, -1)[0]
    return None


@overload(grown_route_cost, strict=False)
def _field_grown_route_cost(
    rules: types.Type,
    nodes: types.Type,
    visit: types.Type,
    route: types.Type,
    after: types.Type,
    stamp: types.Type,
    grown: types.Type,
) -> object:
    if is_model(rules, Field):
        return lambda rules, nodes, visit, route, after, stamp, grown: grown_cost(
            rules, nodes, visit, route, after
        )
    return None
