"""The anytime search around the compiled loop: cycles of annealing, recombination between them, threads."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from routing.search.arrays import KIND, PRICE, Bool, Data, Knobs, Plain, State
from routing.search.pool import remember_all
from routing.search.recombine import recombine
from routing.search.walker import Routes, Walker

CYCLE_PER_VISIT = 3000
"""Iterations of one annealing cycle per visit, where there is time for more than one."""

SHORT_CYCLE_PER_VISIT = 1000
"""The same where the rules are plain and routes of several cycles are mixed: more valleys are seen. Routes
that pay for time need the long ones to settle."""

FEWEST_CYCLES, LEAST_PER_VISIT = 3, 200
"""Where time is short such cycles are cut to a third of it, down to so many iterations per visit: the first
valley is seldom the best."""

FRESH_UP_TO = 250
"""Most visits of a problem that is also begun anew; larger ones want every cycle to get further."""

POOLED_FROM = 0.5
"""Share of a cycle after which its routes are pooled: those of the hot part would only be in the way."""

RESERVE = 0.06
"""Share of a cycle for its recombination."""

CHUNK_S = 0.04
FIRST_CHUNK = 200
ITERATION_CHUNK = 1000


@dataclass(frozen=True)
class Budget:
    """How much a search may use; without either limit it runs until ``is_over`` says so.

    Parameters
    ----------
    seconds : float, optional
        By ``clock``.
    iterations : int, optional
        Of each thread.
    is_over : callable, optional
        Asked between chunks with iterations and the best cost.
    """

    seconds: float | None = None
    iterations: int | None = None
    is_over: Callable[[int, int], bool] | None = None
    clock: Callable[[], float] = perf_counter


@dataclass(frozen=True)
class Tuning:
    """What the driver may use beyond the loop.

    Parameters
    ----------
    ample, scarce : (float, float)
        Temperatures at the start and the end of a cycle, where everything can be served and where not.
    twins : Bool or None
        Kinds x kinds whose routes cost each other the same, for :func:`recombine`; None: none do.
    threads : int
        Searches side by side that exchange their best at the end of each cycle.
    pool_routes : int
        Most routes remembered by each thread.
    """

    ample: tuple[float, float]
    scarce: tuple[float, float]
    twins: Bool | None = None
    is_recombining: bool = True
    threads: int = 1
    pool_routes: int = 60_000


@dataclass(frozen=True)
class Outcome:
    """The best solution found."""

    cost: int
    routes: dict[int, list[int]]
    iterations: int
    seconds: float


class Driver:
    """One search; :meth:`run` does it all."""

    def __init__(
        self,
        data: Data,
        knobs: Knobs,
        tuning: Tuning,
        budget: Budget,
        seed: int = 0,
        on_better: Callable[[int, int, int], None] | None = None,
    ) -> None:
        self.data, self.tuning, self.budget, self.on_better = data, tuning, budget, on_better
        pooled = tuning.pool_routes if tuning.is_recombining else 1
        self.walkers = [Walker(data, knobs, seed * 1000 + t, pooled) for t in range(tuning.threads)]
        self.prices = data.visit[:, PRICE] * 0.5
        self.copies = np.bincount(data.route[:, KIND], minlength=len(data.pair)).astype(np.int64)
        self.iterations = 0
        self.rate = 0.0
        self.cycle_length = self._usual_length()
        self.told = 2**62

    def run(self, start: Routes | None = None) -> Outcome:
        """Search until the budget is used up; ``start`` is where to begin."""
        self.began = self.budget.clock()
        with ThreadPoolExecutor(len(self.walkers)) as pool:
            self.threads = pool
            for walker in self.walkers:
                walker.begin(start)
            self._tell()
            cycle = 0
            while not self._is_over():
                self._cycle(cycle)
                cycle += 1
        best = self._best
        return Outcome(best.cost, best.routes(), self.iterations, self._elapsed())

    def best_state(self) -> State:
        """The best solution as a state."""
        best = self._best
        best.load(best.routes())
        return best.state

    @property
    def _best(self) -> Walker:
        return min(self.walkers, key=lambda walker: walker.cost)

    def _elapsed(self) -> float:
        return self.budget.clock() - self.began

    def _is_over(self) -> bool:
        budget = self.budget
        if budget.seconds is not None and self._elapsed() >= budget.seconds:
            return True
        if budget.iterations is not None and self.iterations >= budget.iterations:
            return True
        return budget.is_over is not None and budget.is_over(self.iterations, self._best.cost)

    def _left(self) -> float:
        """Share of the budget not used yet, 1 when it has no limit."""
        shares = [1.0]
        if self.budget.seconds is not None:
            shares.append(1 - self._elapsed() / max(self.budget.seconds, 1e-9))
        if self.budget.iterations is not None:
            shares.append(1 - self.iterations / max(self.budget.iterations, 1))
        return max(0.0, min(shares))

    def _cycle(self, number: int) -> None:
        """Cool from hot to cold once, then recombine.

        The last cycle begins less hot, and from the best. Small problems with plain rules begin every
        other one from nothing: with few long routes a search warmed up again comes back to its old valley.
        """
        begin, first = self._left(), self.iterations
        share = begin / self._cycles_left(number)
        is_last = share >= begin
        span = share * (1 - RESERVE) if self.tuning.is_recombining else share
        hot, cold = self._range()
        if number > 0 and is_last:
            hot = math.sqrt(hot * cold)
            self._exchange(self._best.routes())
        elif number % 2 == 1 and isinstance(self.data.rules, Plain) and self.data.size <= FRESH_UP_TO:
            self._exchange({})
        is_pooling = False
        while not self._is_over():
            done = (begin - self._left()) / max(span, 1e-12)
            if not self._has_limit():
                done = (self.iterations - first) / self.cycle_length
            if done >= 1.0:
                break
            if done >= POOLED_FROM and not is_pooling:
                is_pooling = True
                for walker in self.walkers:
                    walker.pool_from_now()
            self._chunk(hot * (cold / hot) ** done)
        if self.tuning.is_recombining:
            self._recombine()

    def _range(self) -> tuple[float, float]:
        """Temperatures, by whether the best solution leaves out visits somebody could serve."""
        unable = self.data.size - int(self.data.eligible.any(axis=0).sum())
        return self.tuning.scarce if self._best.absent > unable else self.tuning.ample

    def _has_limit(self) -> bool:
        return self.budget.seconds is not None or self.budget.iterations is not None

    def _usual_length(self) -> int:
        return (SHORT_CYCLE_PER_VISIT if self._is_mixing() else CYCLE_PER_VISIT) * self.data.size

    def _is_mixing(self) -> bool:
        """Whether cycles are many and short, for their routes to be mixed."""
        return self.tuning.is_recombining and isinstance(self.data.rules, Plain)

    def _cycles_left(self, number: int) -> int:
        """How many cycles, the rest of the budget allows; the first sets how long they are."""
        if not self._has_limit():
            return 2
        total = math.inf
        if self.budget.iterations is not None:
            total = self.budget.iterations - self.iterations
        if self.budget.seconds is not None:
            if self.rate == 0.0:
                self._chunk(self._range()[0])
            total = min(total, self.rate * (self.budget.seconds - self._elapsed()))
        if number == 0 and self._is_mixing():
            least = LEAST_PER_VISIT * self.data.size
            self.cycle_length = min(self.cycle_length, max(least, int(total / FEWEST_CYCLES)))
        return max(1, round(total / self.cycle_length))

    def _chunk(self, heat: float) -> None:
        """A short piece of every walk, at one temperature."""
        size = ITERATION_CHUNK
        if self.budget.seconds is not None and self.budget.iterations is None:
            size = FIRST_CHUNK if self.rate == 0.0 else max(20, int(self.rate * CHUNK_S))
        if self.budget.iterations is not None:
            size = max(1, min(size, self.budget.iterations - self.iterations))
        began = self.budget.clock()
        if len(self.walkers) == 1:
            self.walkers[0].run(size, heat)
        else:
            list(self.threads.map(lambda walker: walker.run(size, heat), self.walkers))
        spent = max(self.budget.clock() - began, 1e-6)
        self.rate = size / spent if self.rate == 0.0 else 0.7 * self.rate + 0.3 * size / spent
        self.iterations += size
        self._tell()

    def _tell(self) -> None:
        best = self._best
        if self.on_better is not None and best.cost < self.told:
            self.told = best.cost
            self.on_better(self.iterations, best.cost, best.absent)

    def _exchange(self, routes: Routes) -> None:
        for walker in self.walkers:
            walker.load(routes)
            walker.complete()

    def _recombine(self) -> None:
        """Replace the best solution by a cheaper combination of routes seen, if there is one."""
        best = self._best
        seconds = 10.0
        if self.budget.seconds is not None:
            seconds = self.budget.seconds - self._elapsed()
            if seconds < 0.03:
                return
            seconds = min(seconds, max(0.25, 0.08 * self.budget.seconds))
        found = recombine(
            self.data,
            [walker.pool for walker in self.walkers],
            self.tuning.twins,
            self.copies,
            best.cost,
            self.prices,
            seconds,
        )
        if found is not None:
            self._exchange(found)
        for walker in self.walkers:
            remember_all(self.data, walker.state, walker.pool)
            walker.pool_no_more()
        self._tell()
