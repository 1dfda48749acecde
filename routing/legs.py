"""Compiled driving: when one arrives, with rush hours and breaks on the way, and when one may start."""

import numpy as np
import numpy.typing as npt

from routing.flat import Arrays, Ints
from routing.jit import inner, njit
from routing.travel.matrix import DAY_S, HOUR_S

NEVER = -1


@inner
def progress(clock: npt.NDArray[np.float64], moment: int) -> float:
    """Free-road seconds driven from midnight of day 0 to ``moment``."""
    hour = moment % DAY_S // HOUR_S
    share = (moment % HOUR_S) / HOUR_S
    return float(moment // DAY_S * clock[24] + clock[hour] + (clock[hour + 1] - clock[hour]) * share)


@inner
def moment_of(clock: npt.NDArray[np.float64], driven: float) -> float:
    """Inverse of :func:`progress`."""
    day = np.floor(driven / clock[24])
    rest = driven - day * clock[24]
    hour = 0
    while hour < 23 and clock[hour + 1] <= rest:
        hour += 1
    return float(day * DAY_S + (hour + (rest - clock[hour]) / (clock[hour + 1] - clock[hour])) * HOUR_S)


@njit
def arrive(a: Arrays, profile: int, leave: int, free: int) -> int:
    """When one arrives who leaves then and drives ``free`` seconds on free roads."""
    if free == 0 or not a.is_rush[profile]:
        return leave + free
    clock = a.clock[profile]
    return int(np.ceil(moment_of(clock, progress(clock, leave) + free) - 1e-6))


@njit
def leave(a: Arrays, profile: int, arrival: int, free: int) -> int:
    """When one has to leave at the latest to be there by ``arrival``."""
    if free == 0 or not a.is_rush[profile]:
        return arrival - free
    clock = a.clock[profile]
    driven = progress(clock, arrival) - free
    if driven < 0:
        return NEVER
    return int(np.floor(moment_of(clock, driven) + 1e-6))


@inner
def leg(a: Arrays, frame: int, free: int, clock: int, first: int, last: int, rest: Ints) -> tuple[int, int]:
    """Drive with the breaks ``first .. last - 1`` taken as early as they can be.

    Returns
    -------
    arrival, ready : int
        When driving is over, and when driving and the breaks are; ``NEVER`` if a break cannot be taken.
    """
    profile, base = a.profile[frame], a.b_ptr[frame]
    arrival = -1
    left = free
    if left == 0:
        arrival = clock
    for b in range(first, last):
        begin = max(clock, a.b_earliest[base + b])
        if begin > a.b_latest[base + b]:
            return NEVER, NEVER
        if arrival < 0:
            there = arrive(a, profile, clock, left)
            if there <= begin:
                arrival = there
            elif a.is_rush[profile]:
                hours = a.clock[profile]
                left = int(np.ceil(left - (progress(hours, begin) - progress(hours, clock)) - 1e-6))
            else:
                left -= begin - clock
        rest[b] = begin
        clock = begin + a.b_duration[base + b]
    if arrival < 0:
        arrival = arrive(a, profile, clock, left)
        return arrival, arrival
    return arrival, max(arrival, clock)


@inner
def leg_back(a: Arrays, frame: int, free: int, clock: int, first: int, last: int) -> int:
    """When to leave at the latest to be done with driving and breaks by ``clock``, or ``NEVER``."""
    profile, base = a.profile[frame], a.b_ptr[frame]
    left = free
    for b in range(last - 1, first - 1, -1):
        duration = a.b_duration[base + b]
        begin = min(clock - duration, a.b_latest[base + b])
        if begin < a.b_earliest[base + b]:
            return NEVER
        if left > 0:
            if a.is_rush[profile]:
                hours = a.clock[profile]
                drivable = progress(hours, clock) - progress(hours, begin + duration)
                left = max(0, int(np.ceil(left - drivable - 1e-6)))
            else:
                left = max(0, left - (clock - begin - duration))
        clock = begin
    return leave(a, profile, clock, left)


@inner
def first_start(a: Arrays, node: int, ready: int, latest: int) -> int:
    """First moment from ``ready`` to ``latest`` within a window of the node, or ``NEVER``."""
    for w in range(a.w_ptr[node], a.w_ptr[node + 1]):
        if a.w_end[w] >= ready:
            begin = max(ready, a.w_start[w])
            return int(begin) if begin <= latest else NEVER
    return NEVER


@inner
def last_start(a: Arrays, node: int, moment: int) -> int:
    """Last moment up to ``moment`` within a window of the node, or ``NEVER``."""
    for w in range(a.w_ptr[node + 1] - 1, a.w_ptr[node] - 1, -1):
        if a.w_start[w] <= moment:
            return int(min(moment, a.w_end[w]))
    return NEVER


@inner
def on_site(a: Arrays, frame: int, node: int) -> int:
    """Service time of the frame's technician at the node."""
    percent = a.percent[a.technician[frame], a.job[node]]
    return int((a.service[node] * percent + 99) // 100)


@inner
def place_at(a: Arrays, frame: int, nodes: Ints, row: int, stops: int) -> int:
    """Place of a row: 0 is the start, ``stops + 1`` the end."""
    if row == 0:
        return int(a.from_place[frame])
    if row == stops + 1:
        return int(a.to_place[frame])
    return int(a.place[nodes[row - 1]])
