"""Visits left out for long weigh more than their price when a step is accepted, those just left out no more.

Christiaens & Vanden Berghe (*Transportation Science* 54, 2020) count how often each visit was
absent and prefer plans without those that were most often; they do so to save vehicles, where all visits are
worth the same. Here the weight is added to the cost, fades with the temperature, and what was left out some
time ago is forgotten: swaps of visits left out stay likely when dearer routes no longer are. The best plan is
judged by its cost alone.
"""

from __future__ import annotations

from routing.jit import inner
from routing.search.arrays import WHERE, Knobs, State
from routing.search.routes import COST, ITERATION, N_ABSENT

VISITS_PER_STEP = 5
"""How many visits a step can afford to look at: all of them are looked at every so many steps."""


@inner
def weighed_cost(state: State, knobs: Knobs, heat: float) -> float:
    """Cost, and for each visit left out ``yearning`` temperatures by the share of time it has been lately."""
    shares = 0.0
    for index in range(state.tally[N_ABSENT]):
        shares += state.out[state.absent[index]]
    return state.tally[COST] + knobs.yearning * heat * shares


@inner
def note_absent(state: State, knobs: Knobs) -> None:
    """Move the shares of all visits towards who is left out now, once in a while."""
    steps = max(1, len(state.out) // VISITS_PER_STEP)
    if state.tally[ITERATION] % steps != 0:
        return
    part = min(1.0, steps / knobs.memory)
    for visit in range(len(state.out)):
        is_out = 1.0 if state.node[visit, WHERE] < 0 else 0.0
        state.out[visit] += part * (is_out - state.out[visit])
