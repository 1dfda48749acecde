"""Compiled removal of strings of visits from neighbouring routes.

Christiaens & Vanden Berghe, *Slack induction by string removals for vehicle routing problems*,
Transportation Science 54 (2020), section 5.1.
"""

from __future__ import annotations

from routing.jit import inner
from routing.search.arrays import (
    FOLLOWING,
    PREVIOUS,
    SAVED_MARK,
    SIZE,
    WHERE,
    Data,
    Knobs,
    State,
)
from routing.search.dice import below, uniform
from routing.search.routes import SERVED, USED, refresh, save, set_absent, unlink


@inner
def ruin(data: Data, state: State, knobs: Knobs, seed: int) -> None:
    """Remove strings of visits from the routes nearest to ``seed``."""
    if state.tally[USED] == 0:
        return
    mean = state.tally[SERVED] / state.tally[USED]
    longest = min(knobs.longest_string, mean)
    most = 4.0 * knobs.mean_removed / (1.0 + longest) - 1.0
    strings = int(uniform(state.dice) * most + 1.0)
    for index in range(-1, data.near.shape[1]):
        visit = seed if index < 0 else data.near[seed, index]
        route = state.node[visit, WHERE]
        if route < 0 or state.route[route, SAVED_MARK] == state.tally[4]:
            continue
        save(data, state, route)
        bound = min(float(state.route[route, SIZE]), longest)
        remove_string(data, state, knobs, route, visit, int(uniform(state.dice) * bound + 1.0))
        strings -= 1
        if strings <= 0:
            return


@inner
def remove_string(data: Data, state: State, knobs: Knobs, route: int, visit: int, length: int) -> None:
    """Remove ``length`` consecutive visits around one of them, perhaps sparing a stretch in their midst."""
    n = data.visit.shape[0]
    size = state.route[route, SIZE]
    length = min(length, size)
    spared = 0
    if length > 1 and length < size and uniform(state.dice) < knobs.split:
        spared = 1
        while length + spared < size and uniform(state.dice) < knobs.split_growth:
            spared += 1
    span = length + spared
    place = 0
    node = state.node[visit, PREVIOUS]
    while node < n:
        place += 1
        node = state.node[node, PREVIOUS]
    low, high = max(0, place - span + 1), min(place, size - span)
    begin = low + below(state.dice, high - low + 1)
    spare_from = begin + 1 + below(state.dice, length - 1) if spared > 0 else begin + span
    spare_to = spare_from + spared
    node = state.node[n + route, FOLLOWING]
    for index in range(begin + span):
        behind = state.node[node, FOLLOWING]
        if index >= begin and not (spare_from <= index < spare_to):
            unlink(state, node)
            set_absent(data, state, node)
        node = behind
    refresh(data, state, route)
