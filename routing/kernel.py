"""Compiled timing of one route: given who and in which order, when.

The rule, for a sequence of nodes in a frame: return as early as possible; then, without returning later or
being later for anybody, depart as late as possible (the forward time slack of Savelsbergh, *ORSA Journal on
Computing* 4, 1992, with breaks as labels). With ``B`` breaks each position carries ``B + 1`` labels, label
``b`` for "the first ``b`` breaks are behind"; the earliest moment per label is enough, because with the
same breaks behind, earlier is never worse.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.flat import Arrays, Ints
from routing.jit import inner
from routing.legs import NEVER, first_start, last_start, leg, leg_back, on_site, place_at
from routing.problem import FOREVER_S

NO_ROUTE = -1


class Slots(NamedTuple):
    """Working memory for one route of up to ``rows - 2`` stops; row 0 is departure, the last one return."""

    lo: Ints
    """Earliest start allowed by position, on top of the node's windows."""
    hi: Ints
    ready: Ints
    """(rows, labels): earliest end of the service"""
    begun: Ints
    """(rows, labels): start of that service"""
    parent: Ints
    latest: Ints
    """(rows, labels): latest start of the service"""
    arrival: Ints
    begin: Ints
    end: Ints
    label: Ints
    rest: Ints
    """Start of each break."""


def slots(stops: int, breaks: int) -> Slots:
    """Memory for routes of up to so many stops and breaks."""
    rows, labels = stops + 2, breaks + 1
    table = (rows, labels)
    lo, hi = np.zeros(rows, dtype=np.int64), np.full(rows, FOREVER_S, dtype=np.int64)
    tables: list[npt.NDArray[np.int64]] = [np.zeros(table, dtype=np.int64) for _ in range(4)]
    columns = [np.zeros(rows, dtype=np.int64) for _ in range(4)]
    ready, begun, parent, latest = tables
    arrival, begin, end, label = columns
    rest = np.zeros(labels, dtype=np.int64)
    return Slots(lo, hi, ready, begun, parent, latest, arrival, begin, end, label, rest)


@inner
def sweep(a: Arrays, frame: int, nodes: Ints, stops: int, depart: int, s: Slots) -> int:
    """Earliest return when leaving not before ``depart``, or ``NO_ROUTE``; fills ``ready .. label``."""
    base = a.b_ptr[frame]
    breaks = a.b_ptr[frame + 1] - base
    clock = 0
    for b in range(breaks + 1):
        s.parent[0, b] = b
        s.ready[0, b] = max(depart, clock)
        if b < breaks:
            begin = max(clock, a.b_earliest[base + b])
            if begin > a.b_latest[base + b]:
                for later in range(b + 1, breaks + 1):
                    s.ready[0, later] = NEVER
                break
            clock = begin + a.b_duration[base + b]
    for row in range(1, stops + 1):
        if not advance(a, frame, nodes, stops, row, s):
            return NO_ROUTE
    return finish(a, frame, nodes, stops, s)


@inner
def advance(a: Arrays, frame: int, nodes: Ints, stops: int, row: int, s: Slots) -> bool:
    """Labels of a row from those of the row before; whether there is any."""
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    node = nodes[row - 1]
    free = a.durations[
        a.profile[frame], place_at(a, frame, nodes, row - 1, stops), place_at(a, frame, nodes, row, stops)
    ]
    service = on_site(a, frame, node)
    is_any = False
    for b in range(breaks + 1):
        s.ready[row, b] = NEVER
    for before in range(breaks + 1):
        if s.ready[row - 1, before] == NEVER:
            continue
        for b in range(before, breaks + 1):
            _, ready = leg(a, frame, free, s.ready[row - 1, before], before, b, s.rest)
            if ready == NEVER:
                break
            begin = first_start(a, node, max(ready, s.lo[row]), s.hi[row])
            if begin != NEVER and (s.ready[row, b] == NEVER or begin < s.begun[row, b]):
                s.begun[row, b], s.ready[row, b], s.parent[row, b] = begin, begin + service, before
                is_any = True
    return is_any


@inner
def finish(a: Arrays, frame: int, nodes: Ints, stops: int, s: Slots) -> int:
    """Earliest return over the labels of the last stop; notes the path in ``label``."""
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    free = a.durations[
        a.profile[frame], place_at(a, frame, nodes, stops, stops), place_at(a, frame, nodes, stops + 1, stops)
    ]
    best = NO_ROUTE
    for before in range(breaks + 1):
        if s.ready[stops, before] == NEVER:
            continue
        for b in range(before, breaks + 1):
            arrival, ready = leg(a, frame, free, s.ready[stops, before], before, b, s.rest)
            if ready == NEVER:
                break
            # A break at the very end is taken after the return, not before it.
            if ready > a.limit[frame] or (b > before and arrival <= s.rest[b - 1]):
                continue
            after, _ = leg(a, frame, 0, ready, b, breaks, s.rest)
            if after != NEVER and (best == NO_ROUTE or ready < best):
                best = ready
                s.label[stops], s.label[stops + 1] = before, b
    if best != NO_ROUTE:
        for row in range(stops, 0, -1):
            s.label[row - 1] = s.parent[row, s.label[row]]
    return int(best)


@inner
def hold_lateness(a: Arrays, nodes: Ints, stops: int, s: Slots) -> None:
    """Bound each start so that nobody becomes later than in the sweep just made."""
    for row in range(1, stops + 1):
        node = nodes[row - 1]
        begin = s.begun[row, s.label[row]]
        is_priced = False
        due = FOREVER_S
        for w in range(a.w_ptr[node], a.w_ptr[node + 1]):
            is_priced |= a.w_rate[w] > 0
            if a.w_start[w] <= begin <= a.w_end[w]:
                due = min(a.w_due[w], a.w_end[w])
        if is_priced:
            s.hi[row] = min(s.hi[row], max(begin, due))
        if a.promise_start[node] <= begin <= a.promise_end[node]:
            s.hi[row] = min(s.hi[row], a.promise_end[node])


@inner
def latest_departure(a: Arrays, frame: int, nodes: Ints, stops: int, back: int, s: Slots) -> int:
    """Latest departure from which the return can still be at ``back``."""
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    for b in range(breaks + 1):
        after, _ = leg(a, frame, 0, back, b, breaks, s.rest)
        s.latest[stops + 1, b] = NEVER if after == NEVER else back
    retreat(a, frame, nodes, stops, s)
    return best_departure(a, frame, s)


@inner
def latest_by_label(a: Arrays, frame: int, nodes: Ints, stops: int, s: Slots) -> None:
    """Latest starts from which the shift's limit can still be kept."""
    base = a.b_ptr[frame]
    breaks = a.b_ptr[frame + 1] - base
    back = a.limit[frame]
    s.latest[stops + 1, breaks] = back
    rest = FOREVER_S
    for b in range(breaks - 1, -1, -1):
        rest = min(rest - a.b_duration[base + b], a.b_latest[base + b])
        s.latest[stops + 1, b] = min(back, rest)
    retreat(a, frame, nodes, stops, s)


@inner
def retreat(a: Arrays, frame: int, nodes: Ints, stops: int, s: Slots) -> None:
    """Latest starts by label from the latest returns, back to the departure."""
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    for row in range(stops, -1, -1):
        here, there = place_at(a, frame, nodes, row, stops), place_at(a, frame, nodes, row + 1, stops)
        free = a.durations[a.profile[frame], here, there]
        for b in range(breaks + 1):
            best = NEVER
            for later in range(b, breaks + 1):
                if s.latest[row + 1, later] != NEVER:
                    best = max(best, leg_back(a, frame, free, s.latest[row + 1, later], b, later))
            s.latest[row, b] = NEVER
            if best == NEVER:
                continue
            if row == 0:
                s.latest[0, b] = best
                continue
            node = nodes[row - 1]
            begin = last_start(a, node, min(best - on_site(a, frame, node), s.hi[row]))
            if begin >= s.lo[row]:
                s.latest[row, b] = begin


@inner
def best_departure(a: Arrays, frame: int, s: Slots) -> int:
    """Latest of the departures by label that leaves time for the breaks before it."""
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    depart = a.start[frame]
    for b in range(breaks + 1):
        if s.latest[0, b] > depart and s.ready[0, b] != NEVER and s.ready[0, b] <= s.latest[0, b]:
            depart = s.latest[0, b]
    return int(depart)


@inner
def trace(a: Arrays, frame: int, nodes: Ints, stops: int, s: Slots) -> None:
    """Write arrival, begin, end and breaks of the path noted by the last sweep."""
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    leg(a, frame, 0, 0, 0, s.label[0], s.rest)
    s.end[0] = s.ready[0, s.label[0]]
    for row in range(1, stops + 2):
        here, there = place_at(a, frame, nodes, row - 1, stops), place_at(a, frame, nodes, row, stops)
        free = a.durations[a.profile[frame], here, there]
        arrival, ready = leg(a, frame, free, s.end[row - 1], s.label[row - 1], s.label[row], s.rest)
        s.arrival[row], s.begin[row], s.end[row] = arrival, ready, ready
        if row <= stops:
            s.begin[row] = s.begun[row, s.label[row]]
            s.end[row] = s.ready[row, s.label[row]]
    leg(a, frame, 0, s.end[stops + 1], s.label[stops + 1], breaks, s.rest)


@inner
def schedule(a: Arrays, frame: int, nodes: Ints, stops: int, s: Slots) -> bool:
    """Give a route its times, within ``s.lo`` and ``s.hi`` (which it may tighten); whether there are any."""
    back = sweep(a, frame, nodes, stops, a.start[frame], s)
    if back == NO_ROUTE:
        return False
    depart = departure(a, frame, nodes, stops, back, s)
    settle(a, frame, nodes, stops, (depart, back), s)
    return True


@inner
def departure(a: Arrays, frame: int, nodes: Ints, stops: int, back: int, s: Slots) -> int:
    """Latest departure of a route just swept, to return then and be no later anywhere."""
    hold_lateness(a, nodes, stops, s)
    return int(latest_departure(a, frame, nodes, stops, back, s))


@inner
def settle(a: Arrays, frame: int, nodes: Ints, stops: int, ends: tuple[int, int], s: Slots) -> None:
    """Times of a route with this departure and return."""
    if sweep(a, frame, nodes, stops, ends[0], s) != ends[1]:
        # Rush hours round to whole seconds in both directions; where they disagree, leave as first found.
        sweep(a, frame, nodes, stops, a.start[frame], s)
    trace(a, frame, nodes, stops, s)
