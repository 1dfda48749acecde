"""Compiled pricing of one route: exactly once it has times, and what of it no times can change."""

from routing import money
from routing.flat import Arrays, Ints
from routing.jit import inner
from routing.kernel import Slots
from routing.legs import on_site, place_at

rounded = inner(money.rounded)


@inner
def price(a: Arrays, frame: int, nodes: Ints, stops: int, s: Slots) -> int:
    """Cents of the route just scheduled, its visits' lateness and moved promises included."""
    visits = a.able.shape[0]
    technician = a.technician[frame]
    metres = 0
    cents = int(a.day_fee[frame])
    for row in range(1, stops + 2):
        here, there = place_at(a, frame, nodes, row - 1, stops), place_at(a, frame, nodes, row, stops)
        metres += a.distances[a.profile[frame], here, there]
        if row > stops:
            continue
        node = nodes[row - 1]
        begin = s.begin[row]
        cents += a.tariff[technician, a.job[node]]
        if node < 2 * visits and a.able[node % visits, frame] == 2:
            cents += a.not_preferred[node]
        if not a.promise_start[node] <= begin <= a.promise_end[node]:
            cents += a.move[node]
        cents += lateness(a, node, begin)
    duration = s.begin[stops + 1] - s.end[0]
    cents += rounded(metres * a.per_km[frame], 1000)
    cents += rounded(duration * a.per_hour[frame], 3600)
    cents += rounded(max(0, s.begin[stops + 1] - a.end[frame]) * a.overtime[frame], 3600)
    cents += rounded(a.fairness[frame] * duration * duration, 3600 * 3600)
    return int(cents)


@inner
def lateness(a: Arrays, node: int, begin: int) -> int:
    """Cents of starting at a node then."""
    cents = 0
    for w in range(a.w_ptr[node], a.w_ptr[node + 1]):
        if a.w_start[w] <= begin <= a.w_end[w]:
            cents += rounded(max(0, begin - a.w_due[w]) * a.w_rate[w], 60)
    return int(cents)


@inner
def late(a: Arrays, nodes: Ints, stops: int, s: Slots) -> int:
    """Cents of the lateness of a route swept from the start of its shift."""
    cents = 0
    for row in range(1, stops + 1):
        cents += lateness(a, nodes[row - 1], s.begun[row, s.label[row]])
    return int(cents)


@inner
def totals(a: Arrays, frame: int, nodes: Ints, stops: int) -> tuple[int, int, int]:
    """Metres, least seconds at work, and cents that do not depend on time, of a route."""
    visits = a.able.shape[0]
    metres, work, fees = 0, 0, int(a.day_fee[frame])
    for row in range(1, stops + 2):
        here, there = place_at(a, frame, nodes, row - 1, stops), place_at(a, frame, nodes, row, stops)
        metres += a.distances[a.profile[frame], here, there]
        # Rush hours may also be faster than free roads, so only services are certain then.
        work += 0 if a.is_rush[a.profile[frame]] else a.durations[a.profile[frame], here, there]
        if row <= stops:
            node = nodes[row - 1]
            work += on_site(a, frame, node)
            fees += a.tariff[a.technician[frame], a.job[node]]
            if node < 2 * visits and a.able[node % visits, frame] == 2:
                fees += a.not_preferred[node]
    return metres, work, fees
