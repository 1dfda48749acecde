"""Large days: rounds of searches in overlapping regions, side by side in threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import sqrt
from threading import Event

from routing.draft import Draft
from routing.search.driver import Budget, Driver, Outcome, Tuning
from routing.search.knobs import knobs_for, temperatures
from routing.search.lowering import Lowered, lower
from routing.search.regions import regions

LARGE = 1500
"""Beyond so many visits a day is cut into regions."""

ROUNDS = 6
"""Times everything is cut anew and searched, where there is a limit to plan by."""
LEAST_S = 0.3
ASK_EACH_S = 0.1


@dataclass(frozen=True)
class Round:
    """How far each region is searched in one round."""

    number: int
    seconds: float | None
    steps: int | None
    is_rationed: bool

    def seed(self, place: int) -> int:
        """A different one for each region."""
        return self.number * 1009 + place


def search_regions(
    draft: Draft, this: Round, seed: int, threads: int, is_over: Callable[[], bool]
) -> tuple[Draft, int]:
    """One round: the draft with every region at least as good as before, and steps taken in all of them.

    ``is_over`` is asked from the calling thread only; once it says so every search ends with what it has.
    """
    scopes = [s for s in regions(draft, seed + this.number) if len(s.visits) > 0 and len(s.frames) > 0]
    over = Event()

    def run(place: int) -> tuple[Lowered, Outcome]:
        lowered = lower(
            draft, scopes[place], this.number, is_rationed=this.is_rationed, others=len(scopes) - 1
        )
        return lowered, _driver(lowered, this, seed + this.seed(place), over).run(lowered.start)

    after, steps = draft.copy(), 0
    with ThreadPoolExecutor(threads) as pool:
        searches = [pool.submit(run, place) for place in range(len(scopes))]
        while wait(searches, ASK_EACH_S).not_done:
            if is_over():
                over.set()
        for search in searches:
            lowered, outcome = search.result()
            steps += outcome.iterations
            if outcome.cost < lowered.start_cents:
                lowered.raised(outcome.routes, after)
    return after, steps


def _driver(lowered: Lowered, this: Round, seed: int, over: Event) -> Driver:
    """A search of one region; after the first round it begins less hot."""
    warm, scarce = temperatures(lowered.data, 0.0)
    if this.number > 1:
        warm, scarce = ((sqrt(hot * cold), cold) for hot, cold in (warm, scarce))
    budget = Budget(this.seconds, this.steps, lambda steps, cost: over.is_set())
    tuning = Tuning(warm, scarce, is_recombining=False)
    return Driver(lowered.data, knobs_for(lowered.data), tuning, budget, seed)
