"""Large days: rounds of searches in overlapping regions, side by side in threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import sqrt
from threading import Event
from time import perf_counter

from routing.draft import Draft
from routing.search.driver import Budget, Driver, Outcome, Tuning
from routing.search.knobs import knobs_for, temperatures
from routing.search.lowering import Lowered, lower
from routing.search.regions import VISITS, regions

LARGE = 1500
"""Beyond so many visits a day is cut into regions."""

ROUNDS = 24
"""Times everything is cut anew and searched, where the limit leaves time for it."""
LEAST_S = 0.15
"""Time for a region, however little there is left: less would not pay for its arrays."""
REGION_S = 2.0
"""Time for a region where no limit says how much there is."""
ASK_EACH_S = 0.1
TRIED = 4
"""Of the visits left out, so many are tried near each place of a region that is taken apart."""


@dataclass(frozen=True)
class Round:
    """How far each region is searched in one round."""

    number: int
    seconds: float | None
    """Of all threads together; ``None`` where no limit says how much there is."""
    steps: int | None
    """Most steps in each region."""
    is_rationed: bool

    def region_s(self, regions: int) -> float | None:
        """Time for one of so many regions."""
        if self.seconds is not None:
            return max(LEAST_S, self.seconds / max(1, regions))
        return REGION_S if self.steps is None else None

    def seed(self, place: int) -> int:
        """A different one for each region."""
        return self.number * 1009 + place


def rounds_within(seconds: float, visits: int) -> int:
    """How many rounds of a day are worth beginning in so many seconds of all threads together."""
    most_regions = 2 * (1 + visits // VISITS)
    return max(1, min(ROUNDS, int(seconds / (most_regions * LEAST_S))))


def search_regions(
    draft: Draft, this: Round, seed: int, threads: int, is_over: Callable[[], bool]
) -> tuple[Draft, int]:
    """One round: the draft with every region at least as good as before, and steps taken in all of them.

    ``is_over`` is asked from the calling thread only; once it says so every search ends with what it has.
    """
    scopes = [s for s in regions(draft, seed + this.number) if len(s.visits) > 0 and len(s.frames) > 0]
    seconds, over = this.region_s(len(scopes)), Event()

    def run(place: int) -> tuple[Lowered, Outcome] | None:
        if over.is_set():
            return None
        until = None if seconds is None else perf_counter() + seconds
        lowered = lower(draft, scopes[place], this.number, is_rationed=this.is_rationed)
        left_s = None if until is None else max(0.0, until - perf_counter())
        budget = Budget(left_s, this.steps, lambda steps, cost: over.is_set())
        driver = _driver(lowered, this.number, seed + this.seed(place), budget)
        return lowered, driver.run(lowered.start)

    after, steps = draft.copy(), 0
    with ThreadPoolExecutor(threads) as pool:
        searches = [pool.submit(run, place) for place in range(len(scopes))]
        while wait(searches, ASK_EACH_S).not_done:
            if is_over():
                over.set()
        for lowered, outcome in filter(None, (search.result() for search in searches)):
            steps += outcome.iterations
            if outcome.cost < lowered.start_cents:
                lowered.raised(outcome.routes, after)
    return after, steps


def _driver(lowered: Lowered, number: int, seed: int, budget: Budget) -> Driver:
    """A search of one region; after the first round it begins less hot."""
    warm, scarce = temperatures(lowered.data, 0.0)
    if number > 1:
        warm, scarce = ((sqrt(hot * cold), cold) for hot, cold in (warm, scarce))
    tuning = Tuning(warm, scarce, is_recombining=False)
    knobs = knobs_for(lowered.data)._replace(most_absent=TRIED)
    return Driver(lowered.data, knobs, tuning, budget, seed)
