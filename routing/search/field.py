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
from routing.search.arrays import ABSENT, FOLLOWING, NEVER, VARIANT, Int64
from routing.search.priced import DESK_WORDS, IDLE, Supply, describe, fits_there, note_stops, price_stops
from routing.search.rules import grown_route_cost, is_model, prices_dearly, route_cost, usable_slack

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
    noted: Int64  # of each route: the version of which the desk knows when its stops can be


def most_breaks(arrays: Arrays) -> int:
    """Of any route."""
    return int(np.diff(arrays.b_ptr).max(initial=0))


def field_of(arrays: Arrays, supply: Supply, visit: Int64, frame: Int64) -> Field:
    """The rules for these visits and routes; ``arrays`` must outlive them."""
    return Field(_desk_of(arrays, supply), visit, frame, np.full(len(frame), ABSENT, np.int64))


def _desk_of(arrays: Arrays, supply: Supply) -> Int64:
    """A desk with the arrays where they are and everything else copied."""
    room = slots(len(supply.stops), most_breaks(arrays))
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
    return rules._replace(desk=desk, noted=np.full_like(rules.noted, ABSENT))


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
def standing_cost(rules: Field, nodes: Int64, route: int) -> int:
    """Cents of a route as it stands."""
    count = copy_route(rules, nodes, route, -1, -1, KEPT)
    return np.int64(price_stops(rules.desk[ADDRESS], rules.frame[route], count, NEVER))


@inner
def grown_cost(
    rules: Field, nodes: Int64, visit: int, route: int, after: int, stamp: int, most: int
) -> tuple[int, int]:
    """Cents of a route with a visit behind a node, and the spot: promise kept, or set aside where that is
    cheaper. Where they are not below ``most``, perhaps less than they are.
    """
    desk, frame = rules.desk[ADDRESS], rules.frame[route]
    if rules.noted[route] != stamp:
        note_stops(desk, frame, copy_route(rules, nodes, route, -1, -1, KEPT))
        rules.noted[route] = stamp
    cents, spot = NEVER, np.int64(after)
    for variant in (KEPT, MOVED):
        node = rules.visit[visit, variant]
        if node < 0 or fits_there(desk, frame, visit, node, after, nodes[after, FOLLOWING]) == 0:
            continue
        count = copy_route(rules, nodes, route, visit, after, variant)
        other = price_stops(desk, frame, count, min(most, cents))
        if other < cents:
            cents, spot = other, np.int64(after + variant * nodes.shape[0])
    return cents, spot


@overload(prices_dearly, strict=False)
def _field_prices_dearly(rules: types.Type) -> object:
    if is_model(rules, Field):
        return lambda rules: True
    return None


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
        return lambda rules, nodes, route, stamp, bound: standing_cost(rules, nodes, route)
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
    most: types.Type,
) -> object:
    if is_model(rules, Field):
        return lambda rules, nodes, visit, route, after, stamp, grown, most: grown_cost(
            rules, nodes, visit, route, after, stamp, most
        )
    return None
