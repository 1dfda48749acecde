"""Rules of technicians paid by working time who may fetch tools and parts once: return minus latest
departure.

Routes are concatenations of segments (duration, earliest and latest start that keep it; Vidal, Crainic,
Gendreau & Prins, *European Journal of Operational Research* 234, 2014, section 4.3), so an insertion anywhere
in a route costs a constant number of additions, the trip to the depot included.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba.core import types
from numba.extending import overload

from routing.jit import inlined, inner, njit
from routing.search.arrays import FOLLOWING, NEVER, Int32, Int64
from routing.search.rules import grown_route_cost, is_model, prices_dearly, route_cost, usable_slack

Segment = tuple[int, int, int]
"""Duration, earliest start, latest start; a duration of NEVER is infeasible."""

HEAD, TAIL, FETCHED, SOONEST, FETCHING = 0, 1, 2, 3, 4
"""Tables of segments by position: up to it; from it on; up to it with the trip in it, least duration and
soonest ready; from it on with the trip in it."""


class Working(NamedTuple):
    """What visits need and technicians have, and the segments of the route looked at last.

    Places are those of ``time``; ``depot`` is the depot's. Sets of tools are bits.
    """

    time: Int32  # places x places
    at: Int32  # place of each node
    opens: Int64  # of visits
    closes: Int64
    service: Int64
    begin: Int64  # of routes: earliest start, latest return
    finish: Int64
    depot: Int64  # [place, opens, closes, time there]
    need: Int64  # visits x parts
    stock: Int64  # routes x parts
    need_tools: npt.NDArray[np.uint64]
    tools: npt.NDArray[np.uint64]
    loaded: Int64  # [route, stamp, visits, first place not supplied, place of the best trip]
    order: Int64  # visits of the loaded route
    used: Int64  # positions x parts: used up to there
    table: Int64  # 5 x positions x 3


def fresh(rules: Working) -> Working:
    """The same rules with working memory of its own, for another thread."""
    return rules._replace(
        loaded=np.full_like(rules.loaded, -1),
        order=np.zeros_like(rules.order),
        used=np.zeros_like(rules.used),
        table=np.zeros_like(rules.table),
    )


@inlined
def join(one: Segment, drive: int, other: Segment) -> Segment:
    """One segment, a drive, another segment."""
    shift = one[0] + drive
    if one[0] >= NEVER or other[0] >= NEVER or one[1] + shift > other[2]:
        return NEVER, np.int64(0), np.int64(0)
    wait = max(np.int64(0), other[1] - shift - one[2])
    return shift + other[0] + wait, max(one[1], other[1] - shift) - wait, min(one[2], other[2] - shift)


@inlined
def entry(rules: Working, table: int, position: int) -> Segment:
    """A segment of the loaded route."""
    row = rules.table[table, position]
    return row[0], row[1], row[2]


@inlined
def store(rules: Working, table: int, position: int, segment: Segment) -> None:
    """Note a segment of the loaded route."""
    rules.table[table, position, 0] = segment[0]
    rules.table[table, position, 1] = segment[1]
    rules.table[table, position, 2] = segment[2]


@inlined
def stop(rules: Working, visit: int) -> Segment:
    """A visit alone."""
    return rules.service[visit], rules.opens[visit], rules.closes[visit]


@inlined
def fetch(rules: Working) -> Segment:
    """The depot alone."""
    return rules.depot[3], rules.depot[1], rules.depot[2]


@inlined
def place_of(rules: Working, position: int) -> int:
    """Place of the stop at a position of the loaded route; 0 is home, as is the one after the last."""
    n = len(rules.opens)
    if position == 0:
        return np.int64(rules.at[n + rules.loaded[0]])
    if position > rules.loaded[2]:
        return np.int64(rules.at[n + len(rules.begin) + rules.loaded[0]])
    return np.int64(rules.at[rules.order[position]])


@njit
def load(rules: Working, nodes: Int64, route: int, stamp: int) -> None:
    """Segments of a route by position, unless they are there already."""
    if rules.loaded[0] == route and rules.loaded[1] == stamp:
        return
    n = len(rules.opens)
    rules.loaded[0], rules.loaded[1] = route, stamp
    count = 0
    node = nodes[n + route, FOLLOWING]
    while node < n:
        count += 1
        rules.order[count] = node
        node = nodes[node, FOLLOWING]
    rules.loaded[2] = count
    load_supply(rules, route, count)
    home = (np.int64(0), rules.begin[route], rules.finish[route])
    store(rules, HEAD, 0, home)
    store(rules, FETCHED, 0, (NEVER, np.int64(0), np.int64(0)))
    store(rules, SOONEST, 0, (NEVER, np.int64(0), np.int64(0)))
    for position in range(1, count + 1):
        load_forward(rules, position)
    store(rules, TAIL, count + 1, home)
    store(rules, FETCHING, count + 1, (NEVER, np.int64(0), np.int64(0)))
    rules.loaded[4] = count + 1
    for position in range(count, 0, -1):
        load_backward(rules, position)


@inner
def load_supply(rules: Working, route: int, count: int) -> None:
    """Parts used up to each position, and the first that needs what is not on board."""
    short = count + 1
    parts = rules.used.shape[1]
    for part in range(parts):
        rules.used[0, part] = 0
    for position in range(1, count + 1):
        visit = rules.order[position]
        is_short = (rules.need_tools[visit] & ~rules.tools[route]) != 0
        for part in range(parts):
            rules.used[position, part] = rules.used[position - 1, part] + rules.need[visit, part]
            if rules.used[position, part] > rules.stock[route, part]:
                is_short = True
        if is_short and position < short:
            short = position
    rules.loaded[3] = short


@inner
def load_forward(rules: Working, position: int) -> None:
    """Segments up to a position from those up to the one before."""
    last, here = place_of(rules, position - 1), place_of(rules, position)
    drive = rules.time[last, here]
    this = stop(rules, rules.order[position])
    store(rules, HEAD, position, join(entry(rules, HEAD, position - 1), drive, this))
    best = join(entry(rules, FETCHED, position - 1), drive, this)
    soonest = join(entry(rules, SOONEST, position - 1), drive, this)
    if position <= rules.loaded[3]:
        trip = join(fetched_after(rules, position - 1), rules.time[rules.depot[0], here], this)
        if trip[0] < best[0]:
            best = trip
        if trip[0] < NEVER and (soonest[0] >= NEVER or trip[0] + trip[1] < soonest[0] + soonest[1]):
            soonest = trip
    store(rules, FETCHED, position, best)
    store(rules, SOONEST, position, soonest)


@inlined
def fetched_after(rules: Working, position: int) -> Segment:
    """Up to a position and on to the depot."""
    return join(
        entry(rules, HEAD, position), rules.time[place_of(rules, position), rules.depot[0]], fetch(rules)
    )


@inner
def load_backward(rules: Working, position: int) -> None:
    """Segments from a position on from those behind it; the trip only where the van suffices until then."""
    here, behind = place_of(rules, position), place_of(rules, position + 1)
    this = stop(rules, rules.order[position])
    drive = rules.time[here, behind]
    store(rules, TAIL, position, join(this, drive, entry(rules, TAIL, position + 1)))
    best = join(this, drive, entry(rules, FETCHING, position + 1))
    if position < rules.loaded[3] and position < rules.loaded[2]:
        trip = join(
            join(this, rules.time[here, rules.depot[0]], fetch(rules)),
            rules.time[rules.depot[0], behind],
            entry(rules, TAIL, position + 1),
        )
        if trip[0] < best[0]:
            best = trip
            rules.loaded[4] = position
    store(rules, FETCHING, position, best)


@njit
def standing(rules: Working, nodes: Int64, route: int, stamp: int) -> tuple[int, int]:
    """Working time of a route, and the position its trip follows (-1: none needed)."""
    load(rules, nodes, route, stamp)
    count, short = rules.loaded[2], rules.loaded[3]
    home = entry(rules, TAIL, count + 1)
    if short > count:
        return join(
            entry(rules, HEAD, count), rules.time[place_of(rules, count), place_of(rules, count + 1)], home
        )[0], -1
    best, where = NEVER, -1
    for position in range(short):
        behind = rules.time[rules.depot[0], place_of(rules, position + 1)]
        trip = join(fetched_after(rules, position), behind, entry(rules, TAIL, position + 1))
        if trip[0] < best:
            best, where = trip[0], position
    return best, where


@inner
def grown_time(rules: Working, nodes: Int64, visit: int, route: int, after: int, stamp: int) -> int:
    """Working time of a route with a visit put behind a node, its trip where that suits the visit."""
    load(rules, nodes, route, stamp)
    n = len(rules.opens)
    position = 0
    if after < n:
        position = 1
        while rules.order[position] != after:
            position += 1
    last, here, behind = place_of(rules, position), np.int64(rules.at[visit]), place_of(rules, position + 1)
    drive, onward = rules.time[last, here], rules.time[here, behind]
    this, tail = stop(rules, visit), entry(rules, TAIL, position + 1)
    head = entry(rules, HEAD, position)
    short = rules.loaded[3]
    is_had = (rules.need_tools[visit] & ~rules.tools[route]) == 0
    if is_had and short > rules.loaded[2] and has_parts(rules, visit, route, rules.loaded[2]):
        return join(join(head, drive, this), onward, tail)[0]
    rest = join(this, onward, tail)
    best = join(entry(rules, FETCHED, position), drive, rest)[0]
    best = min(best, join(entry(rules, SOONEST, position), drive, rest)[0])
    if position < short:
        best = min(best, join(fetched_after(rules, position), rules.time[rules.depot[0], here], rest)[0])
        if is_had and has_parts(rules, visit, route, position):
            met = join(head, drive, this)
            trip = join(met, rules.time[here, rules.depot[0]], fetch(rules))
            best = min(best, join(trip, rules.time[rules.depot[0], behind], tail)[0])
            if position < rules.loaded[4] <= rules.loaded[2] and has_parts(
                rules, visit, route, rules.loaded[4]
            ):
                best = min(best, join(met, onward, entry(rules, FETCHING, position + 1))[0])
    return best


@inlined
def has_parts(rules: Working, visit: int, route: int, position: int) -> bool:
    """Whether the van supplies the visit on top of what is used up to a position."""
    for part in range(rules.used.shape[1]):
        if rules.used[position, part] + rules.need[visit, part] > rules.stock[route, part]:
            return False
    return True


@overload(prices_dearly, strict=False)
def _working_prices_dearly(rules: types.Type) -> object:
    if is_model(rules, Working):
        return lambda rules: False
    return None


@overload(usable_slack, strict=False)
def _working_slack(rules: types.Type, slack: types.Type) -> object:
    if is_model(rules, Working):
        return lambda rules, slack: np.int64(slack)
    return None


@overload(route_cost, strict=False)
def _working_route_cost(
    rules: types.Type, nodes: types.Type, route: types.Type, stamp: types.Type, bound: types.Type
) -> object:
    if is_model(rules, Working):
        return lambda rules, nodes, route, stamp, bound: standing(rules, nodes, route, stamp)[0]
    return None


@overload(grown_route_cost, strict=False)
def _working_grown_route_cost(
    rules: types.Type,
    nodes: types.Type,
    visit: types.Type,
    route: types.Type,
    after: types.Type,
    stamp: types.Type,
    grown: types.Type,
    most: types.Type,
) -> object:
    if is_model(rules, Working):
        return lambda rules, nodes, visit, route, after, stamp, grown, most: (
            grown_time(rules, nodes, visit, route, after, stamp),
            np.int64(after),
        )
    return None
