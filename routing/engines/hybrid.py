"""Ruin and recreate with recombination of routes, on every rule of a day, priced to the cent.

The compiled search decides who goes where in which order; each route is timed, supplied and priced by
:mod:`routing.search.priced`, so that what the search compares is what the plan costs. What it does not move
itself is reduced, and no rule is ever broken:

* A crew, and whatever relations tie to it, is placed by exact insertion and held while everything else moves;
  between rounds of the search the ruin and recreate of :mod:`routing.engines.insertion` moves them too.
* Where the number of moved promises is capped, the search moves no further one; the same ruin and recreate
  does so between rounds, on days of up to 300 visits.
* What a van holds over several shifts belongs to those that use it; each round gives the rest to another one.
* A depot that can run out of a part gives everybody what it has at first; visits it then has nothing for are
  placed anew by exact insertion, and later rounds ration it.
* The search plans one pick-up per route at most.
* Beyond 1,500 visits the day is searched in overlapping regions; see :mod:`routing.engines.large`.

Refused are more than 62 kinds of tools.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from time import perf_counter

from routing.draft import Draft
from routing.engines import OnProgress, Progress
from routing.engines.insertion import RuinAndRecreate
from routing.engines.large import LARGE, Round, rounds_within, search_regions
from routing.engines.large import ROUNDS as LARGE_ROUNDS
from routing.errors import UnsupportedError
from routing.finish import FINISH_S, finish
from routing.flat import Flat, flatten
from routing.insertion import fill
from routing.loads import Warehouse, plan_loads
from routing.order import followers
from routing.plan import Plan
from routing.problem import Problem
from routing.salvage import salvage
from routing.search.driver import Budget, Driver, Tuning
from routing.search.knobs import knobs_for, temperatures
from routing.search.lowering import MOST_TOOLS, Lowered, lower, whole
from routing.search.regions import VISITS
from routing.stopping import StopCriterion, limit_s, max_iterations, remaining_s

STEPS = 100
"""Steps of the search that count as one iteration to a stop criterion."""

ROUNDS = 4
"""Searches with crews and relations, capped promises, or what vans hold, arranged anew in between."""
POLISH = 0.25
"""Share of a round in which crews, relations and capped promises move."""

REASONS = 0.02
"""Share of the time of a large day kept to look for the reasons of what is left out."""

POOLED_VISITS = 300
"""Up to so many visits routes are recombined; beyond, the pool would have to be too large."""


class HybridEngine:
    """The compiled search behind :func:`routing.solve`; one iteration is a hundred of its steps.

    Parameters
    ----------
    threads : int
        Searches side by side: of the same day, exchanging their best, or of the regions of a large one.
    """

    name = "hybrid"

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads

    def unsupported(self, problem: Problem) -> str | None:
        """What this engine refuses; ``None`` when it takes the problem."""
        if len({tool for visit in problem.visits for tool in visit.tools}) > MOST_TOOLS:
            return f"more than {MOST_TOOLS} kinds of tools"
        return None

    def solve(
        self,
        problem: Problem,
        stop: StopCriterion,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        warm_start: Plan | None = None,
    ) -> Plan:
        """Best plan found; see :func:`routing.solve`."""
        began = perf_counter()
        if (feature := self.unsupported(problem)) is not None:
            raise UnsupportedError(self.name, feature)
        flat = flatten(problem)
        run = _Run(_first(flat, warm_start), stop, seed, on_progress, began, self.threads)
        return finish(run.search(), stop)


def _first(flat: Flat, warm_start: Plan | None) -> Draft:
    """Where the search begins: what still holds of a plan; with crews or relations, filled up by insertion.

    Crews and related visits hold others up, so the day is also filled with all others first.
    """
    base = salvage(flat, warm_start) if warm_start is not None else Draft(flat)
    if not flat.linked:
        return base
    drafts = [base.copy(), base]
    fill(drafts[0], drafts[0].unserved)
    fill(drafts[1], [visit for visit in drafts[1].unserved if visit not in flat.linked])
    fill(drafts[1], drafts[1].unserved)
    return min(drafts, key=Draft.total_cents)


@dataclass
class _Run:
    """One search: rounds of the compiled loop around the best draft so far."""

    best: Draft
    stop: StopCriterion
    seed: int
    on_progress: OnProgress | None
    began: float
    threads: int
    iterations: int = 0
    """Finished before the present part of the search."""
    is_over: bool = False
    is_rationed: bool = False
    """Whether a depot ran out of something."""
    has_told: bool = False
    """Whether a first plan was told of; after that, only better ones are."""

    def search(self) -> Draft:
        """Run until the criterion says stop; what was found by then is completed in any case."""
        self.best_cents = self.best.total_cents()
        flat = self.best.flat
        if flat.visits > LARGE and flat.problem.frames:
            return self._search_large()
        rounds = ROUNDS if self._is_polished() or _shares(flat.problem) else 1
        for number in range(rounds):
            self._round(number, rounds - number)
            if self._is_polished() and not self._ask(0, self.best_cents):
                self._polish(number, rounds - number)
            if self._ask(0, self.best_cents):
                break
        if not self.has_told:
            self._tell(self.iterations, self.best_cents, len(self.best.unserved))
        return self.best

    def _is_polished(self) -> bool:
        """Whether there is what the compiled search does not move."""
        flat = self.best.flat
        return bool(flat.linked) or (flat.visits <= POOLED_VISITS and _may_move_more(self.best))

    def _search_large(self) -> Draft:
        """Put everything in by cheapest insertion, then round after round of regions."""
        most, number = max_iterations(self.stop), 0
        count = 1 + self.best.flat.visits // VISITS
        steps = None if most is None else max(1, STEPS * most // (count * LARGE_ROUNDS))
        left_s = self._left_s()
        rounds = LARGE_ROUNDS
        if left_s is not None:
            rounds = rounds_within(left_s * self.threads, self.best.flat.visits)
        while True:
            left_s = self._left_s()
            share = self.threads / max(1, rounds + 1 - number)
            seconds = None if left_s is None else left_s * share
            this = Round(number, seconds, steps if number > 0 else 1, self.is_rationed)
            after, done = search_regions(
                self.best, this, self.seed, self.threads, lambda: self._ask(0, self.best_cents)
            )
            self.iterations += done // STEPS
            self.is_rationed |= _give_up_short(after)
            self._take(after)
            number += 1
            if self._ask(0, self.best_cents) or (most is not None and number > LARGE_ROUNDS):
                return self.best

    def _left_s(self) -> float | None:
        """Time left for searching, what the end takes kept back; ``None`` without a limit."""
        left_s, limit, visits = remaining_s(self.stop), limit_s(self.stop), self.best.flat.visits
        if left_s is None or limit is None:
            return None
        reasons_s = REASONS * limit if visits > LARGE else 0.0
        return max(0.0, left_s - reasons_s - FINISH_S * visits)

    def _round(self, number: int, rounds_left: int) -> None:
        flat = self.best.flat
        if flat.visits == 0 or not flat.problem.frames:
            return
        lowered = lower(self.best, whole(flat), number, is_rationed=self.is_rationed)
        if lowered.data.size == 0:
            return
        outcome = self._driver(lowered, number, rounds_left).run(lowered.start)
        self.iterations += outcome.iterations // STEPS
        after = lowered.raised(outcome.routes)
        self.is_rationed |= _give_up_short(after)
        fill(after, after.unserved)
        self._take(after)

    def _driver(self, lowered: Lowered, number: int, rounds_left: int) -> Driver:
        data, beside = lowered.data, lowered.beside_cents
        warm, scarce = temperatures(data, 0.0)
        tuning = Tuning(warm, scarce, is_recombining=data.size <= POOLED_VISITS, threads=self.threads)
        share = (1 - POLISH if self._is_polished() else 1.0) / rounds_left
        most, left_s = max_iterations(self.stop), self._left_s()
        budget = Budget(
            seconds=None if left_s is None else left_s * share,
            iterations=None if most is None else int(STEPS * max(0, most - self.iterations) * share),
            is_over=lambda steps, cents: self._ask(steps // STEPS, min(cents + beside, self.best_cents)),
        )

        def tell(steps: int, cents: int, unserved: int) -> None:
            if cents + beside < self.best_cents or not self.has_told:
                cents = min(cents + beside, self.best_cents)
                self._tell(self.iterations + steps // STEPS, cents, unserved + lowered.left_out)

        return Driver(data, knobs_for(data), tuning, budget, self.seed + number, tell)

    def _polish(self, number: int, rounds_left: int) -> None:
        """Move crews, relations and capped promises, and what stands in their way, by exact insertion."""
        search = RuinAndRecreate(self.best, self.seed + number)
        most, left_s = max_iterations(self.stop), self._left_s()
        began, share = perf_counter(), POLISH / rounds_left
        while left_s is None or perf_counter() - began < left_s * share:
            if most is not None and search.iterations > (most - self.iterations) * share:
                break
            if search.iterations >= STEPS and left_s is None and most is None:
                break
            search.step()
            if self._ask(search.iterations, min(search.best_cents, self.best_cents)):
                break
        self.iterations += search.iterations
        self._take(search.best)

    def _take(self, draft: Draft) -> None:
        cents = draft.total_cents()
        if cents < self.best_cents:
            self.best, self.best_cents = draft, cents
            self._tell(self.iterations, cents, len(draft.unserved))

    def _ask(self, iterations: int, cents: int) -> bool:
        is_over = self.stop(self.iterations + iterations, cents)
        self.is_over = self.is_over or is_over or self._left_s() == 0.0
        return self.is_over

    def _tell(self, iterations: int, cents: int, unserved: int) -> None:
        self.has_told = True
        if self.on_progress is not None:
            self.on_progress(Progress(perf_counter() - self.began, iterations, cents, unserved))


def _may_move_more(draft: Draft) -> bool:
    """Whether the number of moved promises is capped, and not used up."""
    cap = draft.problem.max_moved
    promises = (visit.promise for visit in draft.problem.visits)
    can_move = any(promise is not None and promise.move_cents is not None for promise in promises)
    return cap is not None and can_move and draft.moved() < cap


def _shares(problem: Problem) -> bool:
    """Whether parts are shared: somebody's van supplies several shifts, or a depot may run out."""
    wanted = sum((Counter(visit.parts) for visit in problem.visits), Counter[str]())
    if any(len(who.shifts) > 1 and wanted.keys() & who.van_stock.keys() for who in problem.technicians):
        return True
    stocks = (depot.stock for depot in problem.depots if depot.stock is not None)
    return any(0 < units < wanted[part] for stock in stocks for part, units in stock.items())


def _give_up_short(draft: Draft) -> bool:
    """Take out visits the depots have no parts left for, cheapest first; whether there are any."""
    warehouse, is_short = Warehouse(draft.problem), False
    for technician in draft.depot_users():
        who = draft.problem.technicians[technician]
        while True:
            items, before = draft.items(technician, {}), warehouse.copy()
            if plan_loads(who, [(item, leads) for _, item, leads in items], warehouse) is not None:
                break
            warehouse, is_short = before, True
            frames = draft.flat.technician_frames[technician]
            needy = [visit for frame in frames for visit in _needing_parts(draft, frame)]
            least = min(needy, key=lambda v: (v in draft.linked, int(draft.flat.drop[v]), v))
            for visit in {least, *followers(draft.problem, [least])} & draft.seats.keys():
                draft.remove(visit)
    return is_short


def _needing_parts(draft: Draft, frame: int) -> list[int]:
    """Visits of a route that its van supplies with parts."""
    visits = (draft.flat.visit_of(node) for node in draft.nodes(frame))
    return [v for v in visits if v >= 0 and draft.problem.visits[v].parts and draft.seats[v][0] == frame]
