"""The price of one route as :mod:`routing.kernel` finds it, in a fraction of its time, where a day is simple.

Simple are routes with one break at most, no rush hours, no fairness and no stop with two windows within the
shift. Most are, and nearly all the time of a search is spent on what routes cost: so everything a stop needs
lies side by side here, and the labels "before the break" and "behind it" are two variables.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from routing.flat import Arrays
from routing.jit import inlined, inner
from routing.kernel import NO_ROUTE
from routing.legs import NEVER as LATE
from routing.pricing import rounded
from routing.problem import FOREVER_S
from routing.search.arrays import Int64

PLACE, JOB, TIME, WINDOWS, FIRST, LAST, DUE_BY, RATE = 0, 1, 2, 3, 4, 5, 6, 7
NOT_PREFERRED, MOVE, PROMISE, PROMISE_END = 8, 9, 10, 11
"""Columns of a card, which says of a node what its price depends on; windows as far as there is just one."""
CARD_WIDTH = 12

DRIVE, ON_SITE, OPEN, CLOSE, DUE, LATE_RATE, KEEP, KEEP_BY, MOVING = 0, 1, 2, 3, 4, 5, 6, 7, 8
BEGUN, BEGUN_RESTED, IS_REST_HERE, LABEL = 9, 10, 11, 12
"""Columns of a row of the route at hand: the drive to it, its service, when it may start, when it is late,
its promise and what moving that costs; earliest starts before and behind the break, whether the latter has
the break on the way to this stop, and on which side of the break the quickest way home has it."""
ROW_WIDTH = 16


def cards_of(arrays: Arrays, node: Int64) -> Int64:
    """A card for each of these nodes of :mod:`routing.flat`."""
    a, first = arrays, arrays.w_ptr[node]
    cards = np.zeros((len(node), CARD_WIDTH), np.int64)
    cards[:, WINDOWS] = a.w_ptr[node + 1] - first
    columns: dict[int, Any] = {PLACE: a.place, JOB: a.job, TIME: a.service, NOT_PREFERRED: a.not_preferred}
    columns |= {MOVE: a.move, PROMISE: a.promise_start, PROMISE_END: a.promise_end}
    for column, values in columns.items():
        cards[:, column] = values[node]
    one = np.flatnonzero(cards[:, WINDOWS] == 1)
    for column, values in {FIRST: a.w_start, LAST: a.w_end, DUE_BY: a.w_due, RATE: a.w_rate}.items():
        cards[one, column] = values[first[one]]
    return cards


@inlined
def is_simple(a: Arrays, route: int) -> bool:
    """Whether a route's frame is one this module knows."""
    few = a.b_ptr[route + 1] - a.b_ptr[route] <= 1
    return few and a.fairness[route] == 0 and not a.is_rush[a.profile[route]]


@inlined
def window_within(a: Arrays, node: int, route: int) -> int:
    """The only window of a node that a shift comes to, -1 where there are several or none."""
    found = -1
    for w in range(a.w_ptr[node], a.w_ptr[node + 1]):
        if a.w_end[w] >= a.start[route] and a.w_start[w] <= a.limit[route]:
            if found >= 0:
                return -1
            found = w
    return found


@inner
def lay_out(
    a: Arrays, cards: Int64, rows: Int64, pin: Int64, stops: Int64, visits: Int64, route: int, count: int
) -> tuple[int, int, int, int]:
    """Fill the rows of the stops at hand; metres, certain work, fees, and how many promises are set aside.

    The last is -1 where a stop has not just one window.
    """
    nodes, profile, technician = a.able.shape[0], a.profile[route], a.technician[route]
    searched = len(pin)
    metres, work, fees, moved = np.int64(0), np.int64(0), a.day_fee[route], np.int64(0)
    here = a.from_place[route]
    for place in range(count):
        node, visit = stops[place], visits[place]
        card = node - 2 * nodes + 2 * searched
        if visit >= 0:
            card = visit if node < nodes else visit + searched
        there, job = cards[card, PLACE], cards[card, JOB]
        metres += a.distances[profile, here, there]
        drive = np.int64(a.durations[profile, here, there])
        service = (cards[card, TIME] * a.percent[technician, job] + 99) // 100
        work += drive + service
        fees += a.tariff[technician, job]
        if visit >= 0:
            moved += node >= nodes
            if cards[card, NOT_PREFERRED] != 0 and a.able[node % nodes, route] == 2:
                fees += cards[card, NOT_PREFERRED]
        opens, closes = cards[card, FIRST], cards[card, LAST]
        due, rate = cards[card, DUE_BY], cards[card, RATE]
        if cards[card, WINDOWS] != 1:
            w = window_within(a, node, route)
            if w < 0:
                return metres, work, fees, np.int64(-1)
            opens, closes, due, rate = a.w_start[w], a.w_end[w], a.w_due[w], a.w_rate[w]
        if visit >= 0 and pin[visit] >= 0:
            opens, closes = max(opens, pin[visit]), min(closes, pin[visit])
        row = place + 1
        rows[row, DRIVE], rows[row, ON_SITE] = drive, service
        rows[row, OPEN], rows[row, CLOSE] = opens, closes
        rows[row, DUE], rows[row, LATE_RATE] = due, rate
        rows[row, KEEP], rows[row, KEEP_BY] = cards[card, PROMISE], cards[card, PROMISE_END]
        rows[row, MOVING] = cards[card, MOVE]
        here = there
    there = a.to_place[route]
    metres += a.distances[profile, here, there]
    drive = np.int64(a.durations[profile, here, there])
    rows[count + 1, DRIVE] = drive
    return metres, work + drive, fees, moved


@inlined
def rest_of(a: Arrays, route: int) -> tuple[int, int, int, int]:
    """Of a route's break: earliest and latest start where it is taken on the way, its length, and the latest
    return before it. Without a break none is taken on the way, and none is waited for.
    """
    b = a.b_ptr[route]
    if a.b_ptr[route + 1] == b:
        return np.int64(0), np.int64(-1), np.int64(0), np.int64(FOREVER_S)
    return a.b_earliest[b], a.b_latest[b], a.b_duration[b], a.b_latest[b]


@inner
def sweep_rows(a: Arrays, rows: Int64, route: int, count: int, depart: int) -> int:
    """As :func:`routing.kernel.sweep` for the rows laid out."""
    earliest, latest, length, _ = rest_of(a, route)
    fresh, rested = np.int64(depart), np.int64(LATE)
    if earliest <= latest:
        rested = max(fresh, earliest + length)
    for row in range(1, count + 1):
        drive, service = rows[row, DRIVE], rows[row, ON_SITE]
        opens, closes = rows[row, OPEN], rows[row, CLOSE]
        begun, begun_rested, is_here = np.int64(LATE), np.int64(LATE), np.int64(0)
        if fresh != LATE:
            if max(fresh, earliest) <= latest:
                start = max(max(fresh + drive, earliest) + length, opens)
                if start <= closes:
                    begun_rested, is_here = start, np.int64(1)
            start = max(fresh + drive, opens)
            if start <= closes:
                begun = start
        if rested != LATE:
            start = max(rested + drive, opens)
            if start <= closes and (begun_rested == LATE or start < begun_rested):
                begun_rested, is_here = start, np.int64(0)
        if begun == LATE and begun_rested == LATE:
            return NO_ROUTE
        rows[row, BEGUN], rows[row, BEGUN_RESTED], rows[row, IS_REST_HERE] = begun, begun_rested, is_here
        fresh = begun + service if begun != LATE else np.int64(LATE)
        rested = begun_rested + service if begun_rested != LATE else np.int64(LATE)
    return return_home(a, rows, route, count, fresh, rested)


@inlined
def return_home(a: Arrays, rows: Int64, route: int, count: int, fresh: int, rested: int) -> int:
    """Earliest return from the last stop; notes in each row on which side of the break its way has it."""
    earliest, latest, length, home_by = rest_of(a, route)
    drive, limit = rows[count + 1, DRIVE], a.limit[route]
    best, before, after = np.int64(NO_ROUTE), np.int64(0), np.int64(0)
    if fresh != LATE:
        back = fresh + drive
        if back <= limit and max(back, earliest) <= home_by:
            best = back
        begin = max(fresh, earliest)
        # A break at the very end is taken after the return, not before it.
        is_between = begin <= latest and back > begin and back + length <= limit
        if is_between and (best == NO_ROUTE or back + length < best):
            best, after = back + length, np.int64(1)
    if rested != LATE:
        back = rested + drive
        if back <= limit and (best == NO_ROUTE or back < best):
            best, before, after = back, np.int64(1), np.int64(1)
    rows[count + 1, LABEL] = after
    for row in range(count, -1, -1):
        rows[row, LABEL] = before
        if row > 0 and before == 1 and rows[row, IS_REST_HERE] == 1:
            before = np.int64(0)
    return best


@inlined
def begun_at(rows: Int64, row: int) -> int:
    """Start of a stop on the way found by the last sweep."""
    return rows[row, BEGUN_RESTED] if rows[row, LABEL] == 1 else rows[row, BEGUN]


@inner
def lateness_of(rows: Int64, count: int) -> int:
    """As :func:`routing.pricing.late`."""
    cents = np.int64(0)
    for row in range(1, count + 1):
        if rows[row, LATE_RATE] > 0:
            over = begun_at(rows, row) - rows[row, DUE]
            if over > 0:
                cents += rounded(over * rows[row, LATE_RATE], 60)
    return cents


@inner
def moves_of(rows: Int64, count: int) -> int:
    """What the promises not kept cost."""
    cents = np.int64(0)
    for row in range(1, count + 1):
        if rows[row, MOVING] > 0 and not rows[row, KEEP] <= begun_at(rows, row) <= rows[row, KEEP_BY]:
            cents += rows[row, MOVING]
    return cents


@inner
def departure_of(a: Arrays, rows: Int64, route: int, count: int, back: int) -> int:
    """As :func:`routing.kernel.departure` for the rows just swept from the start of the shift.

    As there, nobody may be served later in them from here on.
    """
    earliest, latest, length, home_by = rest_of(a, route)
    has_break = latest >= 0
    fresh = np.int64(back) if max(back, earliest) <= home_by else np.int64(LATE)
    rested = np.int64(back) if has_break else np.int64(LATE)
    for row in range(count, -1, -1):
        drive = rows[row + 1, DRIVE]
        leave = fresh - drive if fresh != LATE else np.int64(LATE)
        leave_rested = np.int64(LATE)
        if rested != LATE:
            leave_rested = max(rested - drive, np.int64(LATE))
            begin = min(rested - length, latest)
            if begin >= earliest:
                leave = max(leave, begin - max(0, drive - (rested - begin - length)))
        if row == 0:
            return later_departure(a, route, leave, leave_rested)
        begun, hold = begun_at(rows, row), rows[row, CLOSE]
        if rows[row, LATE_RATE] > 0:
            hold = min(hold, max(begun, rows[row, DUE]))
        if rows[row, KEEP] <= begun <= rows[row, KEEP_BY]:
            hold = min(hold, rows[row, KEEP_BY])
        rows[row, CLOSE] = hold
        fresh, rested = np.int64(LATE), np.int64(LATE)
        if leave != LATE:
            begin = min(leave - rows[row, ON_SITE], hold)
            if begin >= rows[row, OPEN]:
                fresh = begin
        if leave_rested != LATE:
            begin = min(leave_rested - rows[row, ON_SITE], hold)
            if begin >= rows[row, OPEN]:
                rested = begin
    return a.start[route]


@inlined
def later_departure(a: Arrays, route: int, fresh: int, rested: int) -> int:
    """The later of two departures before and behind the break that leaves time for it."""
    depart = a.start[route]
    if fresh > depart:
        depart = fresh
    if rested > depart and rested >= a.b_earliest[a.b_ptr[route]] + a.b_duration[a.b_ptr[route]]:
        depart = rested
    return depart


@inlined
def idle_cents(a: Arrays, rows: Int64, route: int, count: int, depart: int, spare_s: int) -> int:
    """As :func:`routing.search.priced.idle`, of the seconds neither driven nor worked."""
    b = a.b_ptr[route]
    if rows[count + 1, LABEL] == 1 and a.b_earliest[b] + a.b_duration[b] > depart:
        spare_s -= a.b_duration[b]
    return 1 + max(0, spare_s) * a.per_hour[route] // 3600


@inner
def settled_cents(a: Arrays, rows: Int64, route: int, count: int, depart: int, back: int) -> int:
    """What time costs in a route with this departure: the hours, lateness and the promises moved."""
    found = sweep_rows(a, rows, route, count, depart)
    if found != back:
        depart = a.start[route]
        found = sweep_rows(a, rows, route, count, depart)
    if rows[0, LABEL] == 1:
        b = a.b_ptr[route]
        depart = max(depart, a.b_earliest[b] + a.b_duration[b])
    cents = rounded((found - depart) * a.per_hour[route], 3600)
    cents += rounded(max(0, found - a.end[route]) * a.overtime[route], 3600)
    return cents + lateness_of(rows, count) + moves_of(rows, count)
