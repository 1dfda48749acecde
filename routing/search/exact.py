"""Rules of a real day: a route costs what :mod:`routing.kernel` says, to the cent, pick-ups included.

A route's order of visits is the search's; when to leave, when to rest and where on the way to pick up missing
parts and tools is decided here, for the least cost. At most one pick-up per route is planned.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba.core import types
from numba.extending import overload

from routing.flat import Arrays, Ints
from routing.jit import inlined, inner, njit
from routing.kernel import Slots, schedule
from routing.pricing import price
from routing.problem import FOREVER_S
from routing.search.arrays import FOLLOWING, NEVER, VARIANT, Int64
from routing.search.rules import grown_route_cost, is_model, least_growth, route_cost

KEPT, MOVED = 0, 1
"""Variants of a visit: its promise binds, or is set aside for its price."""


VECTORS = tuple(
    name
    for name in Arrays._fields
    if name not in ("durations", "distances", "clock", "is_rush", "percent", "tariff", "able")
)
"""The one-dimensional arrays of :class:`routing.flat.Arrays`, in the order they lie in ``Exact.bank``."""


class Exact(NamedTuple):
    """The problem's own arrays, what visits and vans need and have, and room to work in.

    The many small arrays lie in one ``bank`` (the compiler takes minutes over tuples of sixty arrays,
    and each
    call would pass them all); :func:`timed_cost` alone unpacks them.

    ``node`` gives the node (as in :mod:`routing.flat`) of each searched visit; ``pin`` its start if that is
    fixed, else -1. Tools are bits.
    """

    durations: npt.NDArray[np.int32]
    distances: npt.NDArray[np.int32]
    clock: npt.NDArray[np.float64]
    is_rush: npt.NDArray[np.bool_]
    percent: Ints
    tariff: Ints
    able: npt.NDArray[np.uint8]
    bank: Ints
    bank_from: Ints  # where each vector begins
    node: Ints
    pin: Ints
    movable: npt.NDArray[np.bool_]
    need: Ints  # visits x parts
    need_tools: npt.NDArray[np.uint64]
    stock: Ints  # routes x parts
    tools: npt.NDArray[np.uint64]  # per route
    trips: Ints  # per route: whether a pick-up is allowed
    gives: npt.NDArray[np.bool_]  # depots x parts
    lends: npt.NDArray[np.uint64]  # per depot
    slot_table: Ints  # 4 x rows x labels
    slot_column: Ints  # 7 x rows
    stops: Ints  # the route at hand as nodes
    visits: Ints  # the same as searched visits, -1 for a pick-up
    used: Ints  # per part


def fresh(rules: Exact) -> Exact:
    """The same rules with working memory of its own, for another thread."""
    return rules._replace(
        slot_table=np.zeros_like(rules.slot_table),
        slot_column=np.zeros_like(rules.slot_column),
        stops=np.zeros_like(rules.stops),
        visits=np.zeros_like(rules.visits),
        used=np.zeros_like(rules.used),
    )


@njit
def copy_route(rules: Exact, nodes: Int64, route: int, visit: int, after: int, variant: int) -> int:
    """Write a route's stops, with a visit inserted behind a node unless ``visit`` < 0; how many there are."""
    n = len(rules.pin)
    half = rules.able.shape[0]
    count = 0
    node = n + route
    while True:
        if node < n:
            rules.visits[count] = node
            rules.stops[count] = rules.node[node] + (half if nodes[node, VARIANT] == MOVED else 0)
            count += 1
        if node == after and visit >= 0:
            rules.visits[count] = visit
            rules.stops[count] = rules.node[visit] + (half if variant == MOVED else 0)
            count += 1
        node = nodes[node, FOLLOWING]
        if node >= n:
            return count


@inner
def timed_cost(rules: Exact, route: int, count: int) -> int:
    """Cents of the stops at hand, or NEVER."""
    table, column = rules.slot_table, rules.slot_column
    slots = Slots(
        column[0],
        column[1],
        table[0],
        table[1],
        table[2],
        table[3],
        column[2],
        column[3],
        column[4],
        column[5],
        column[6],
    )
    for row in range(1, count + 1):
        visit = rules.visits[row - 1]
        pin = rules.pin[visit] if visit >= 0 else -1
        slots.lo[row] = max(pin, 0)
        slots.hi[row] = FOREVER_S if pin < 0 else pin
    bank, cut = rules.bank, rules.bank_from
    # In the order of Arrays' fields and of VECTORS; compiled code cannot return views, so it stands here.
    arrays = Arrays(
        rules.durations,
        rules.distances,
        rules.clock,
        rules.is_rush,
        bank[cut[0] : cut[1]],
        bank[cut[1] : cut[2]],
        bank[cut[2] : cut[3]],
        bank[cut[3] : cut[4]],
        bank[cut[4] : cut[5]],
        bank[cut[5] : cut[6]],
        bank[cut[6] : cut[7]],
        bank[cut[7] : cut[8]],
        bank[cut[8] : cut[9]],
        bank[cut[9] : cut[10]],
        bank[cut[10] : cut[11]],
        bank[cut[11] : cut[12]],
        bank[cut[12] : cut[13]],
        bank[cut[13] : cut[14]],
        bank[cut[14] : cut[15]],
        bank[cut[15] : cut[16]],
        bank[cut[16] : cut[17]],
        bank[cut[17] : cut[18]],
        bank[cut[18] : cut[19]],
        bank[cut[19] : cut[20]],
        bank[cut[20] : cut[21]],
        bank[cut[21] : cut[22]],
        bank[cut[22] : cut[23]],
        bank[cut[23] : cut[24]],
        rules.percent,
        rules.tariff,
        bank[cut[24] : cut[25]],
        bank[cut[25] : cut[26]],
        bank[cut[26] : cut[27]],
        bank[cut[27] : cut[28]],
        rules.able,
    )
    if not schedule(arrays, route, rules.stops, count, slots):
        return NEVER
    return np.int64(price(arrays, route, rules.stops, count, slots))


@inner
def first_short(rules: Exact, route: int, count: int) -> int:
    """Place of the first visit the van alone cannot supply, ``count`` when there is none."""
    for part in range(len(rules.used)):
        rules.used[part] = 0
    for place in range(count):
        visit = rules.visits[place]
        if rules.need_tools[visit] & ~rules.tools[route]:
            return place
        for part in range(len(rules.used)):
            rules.used[part] += rules.need[visit, part]
            if rules.used[part] > rules.stock[route, part] and rules.need[visit, part] > 0:
                return place
    return count


@inner
def supplies(rules: Exact, route: int, count: int, depot: int) -> bool:
    """Whether van and one pick-up there before the first short visit supply every visit."""
    for place in range(count):
        lacking = rules.need_tools[rules.visits[place]] & ~rules.tools[route] & ~rules.lends[depot]
        if lacking:
            return False
    for part in range(len(rules.used)):
        if rules.gives[depot, part]:
            continue
        total = 0
        for place in range(count):
            total += rules.need[rules.visits[place], part]
        if total > rules.stock[route, part]:
            return False
    return True


@inlined
def swap_stops(rules: Exact, one: int, other: int) -> None:
    """Exchange two stops at hand."""
    rules.stops[one], rules.stops[other] = rules.stops[other], rules.stops[one]
    rules.visits[one], rules.visits[other] = rules.visits[other], rules.visits[one]


@njit
def supplied_cost(rules: Exact, route: int, count: int) -> tuple[int, int, int]:
    """Cents of the stops at hand with the cheapest pick-up they need, and its place and depot (or -1)."""
    short = first_short(rules, route, count) if len(rules.need_tools) > 0 else count
    if short == count:
        return timed_cost(rules, route, count), -1, -1
    best, best_place, best_depot = NEVER, -1, -1
    if rules.trips[route] == 0:
        return best, best_place, best_depot
    half = rules.able.shape[0]
    for depot in range(len(rules.lends)):
        if not supplies(rules, route, count, depot):
            continue
        rules.stops[count], rules.visits[count] = 2 * half + depot, -1
        for place in range(count, -1, -1):
            if place <= short:
                cents = timed_cost(rules, route, count + 1)
                if cents < best:
                    best, best_place, best_depot = cents, place, depot
            if place > 0:
                swap_stops(rules, place, place - 1)
        for place in range(count):
            swap_stops(rules, place, place + 1)
    return best, best_place, best_depot


@inner
def standing_cost(rules: Exact, nodes: Int64, route: int) -> int:
    """Cents of a route as it stands."""
    return supplied_cost(rules, route, copy_route(rules, nodes, route, -1, -1, KEPT))[0]


@inner
def grown_cost(rules: Exact, nodes: Int64, visit: int, route: int, after: int) -> tuple[int, int]:
    """Cents of a route with a visit behind a node, and the spot: promise kept, or set aside if that is
    cheaper.
    """
    cents = supplied_cost(rules, route, copy_route(rules, nodes, route, visit, after, KEPT))[0]
    spot = np.int64(after)
    if rules.movable[visit]:
        count = copy_route(rules, nodes, route, visit, after, MOVED)
        other = supplied_cost(rules, route, count)[0]
        if other < cents:
            cents, spot = other, np.int64(after + nodes.shape[0])
    return cents, spot


@overload(least_growth, strict=False)
def _exact_least_growth(rules: types.Type, grown: types.Type, slack: types.Type) -> object:
    if is_model(rules, Exact):
        return lambda rules, grown, slack: np.int64(grown)
    return None


@overload(route_cost, strict=False)
def _exact_route_cost(
    rules: types.Type, nodes: types.Type, route: types.Type, stamp: types.Type, bound: types.Type
) -> object:
    if is_model(rules, Exact):
        return lambda rules, nodes, route, stamp, bound: standing_cost(rules, nodes, route)
    return None


@overload(grown_route_cost, strict=False)
def _exact_grown_route_cost(
    rules: types.Type,
    nodes: types.Type,
    visit: types.Type,
    route: types.Type,
    after: types.Type,
    stamp: types.Type,
    grown: types.Type,
) -> object:
    if is_model(rules, Exact):
        return lambda rules, nodes, visit, route, after, stamp, grown: grown_cost(
            rules, nodes, visit, route, after
        )
    return None
