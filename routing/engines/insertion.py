"""Ruin and recreate by exact insertion: slow beside the other engines, and complete for every rule there is.

One iteration takes a few visits close to each other out of the routes, with whatever has to follow them, and
puts them back in another order, each where :mod:`routing.insertion` finds it cheapest (Schrimpf, Schneider,
Stamm-Wilbrandt and Dueck, *Journal of Computational Physics* 159, 2000). A dearer outcome is kept for the
time being when it is within a threshold that falls to nothing.
"""

from math import log
from random import Random
from time import perf_counter

import numpy as np

from routing.draft import Draft
from routing.engines import OnProgress, Progress
from routing.errors import PlanError
from routing.finish import finish
from routing.flat import Ints, flatten
from routing.insertion import Search, apply, fill
from routing.order import followers, leaders, leaders_first
from routing.plan import Plan
from routing.problem import Problem
from routing.salvage import salvage
from routing.scan import NO_COST
from routing.settle import settle
from routing.stopping import StopCriterion

MOST_REMOVED = 10
HEAT = 0.05
"""Threshold at first, as a share of the cost per visit."""
COOLING = 0.998
BLINK = 0.05
"""How often the best place is overlooked for the next."""
BOLD = 0.2
"""How often visits are put in whatever they cost: two can pay together where neither does alone."""


class InsertionEngine:
    """Takes any problem; one iteration is one ruin and recreate."""

    name = "insertion"

    def unsupported(self, problem: Problem) -> str | None:
        """Nothing is refused."""
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
        flat = flatten(problem)
        draft = salvage(flat, warm_start) if warm_start is not None else Draft(flat)
        fill(draft, draft.unserved)
        settle(draft)
        search = RuinAndRecreate(draft, seed)
        told: int | None = None
        while True:
            if on_progress is not None and search.best_cents != told:
                told = search.best_cents
                spent = perf_counter() - began
                on_progress(Progress(spent, search.iterations, told, len(search.best.unserved)))
            if flat.visits == 0 or stop(search.iterations, search.best_cents):
                return finish(search.best, stop)
            search.step()


class RuinAndRecreate:
    """The state of one search, from a draft on; each step is one iteration."""

    def __init__(self, start: Draft, seed: int) -> None:
        self.current = self.best = start
        self.current_cents = self.best_cents = start.total_cents()
        self.iterations = 0
        self.heat = HEAT * self.best_cents / max(1, start.flat.visits)
        self.dice = Random(seed)  # noqa: S311 - a search, not a secret
        self.near = _neighbours(start)
        self.partners = _partners(start.problem)

    def step(self) -> None:
        """One ruin and recreate."""
        self.iterations += 1
        self.heat *= COOLING
        trial = self.current.copy()
        try:
            touched = self._ruin(trial)
        except PlanError:
            return  # without the triangle inequality a route can need the stop that was to be taken out
        self._recreate(trial, touched if self.dice.random() < BOLD else set())
        settle(trial)
        cents = trial.total_cents()
        if cents < self.current_cents - self.heat * log(1.0 - self.dice.random()):
            self.current, self.current_cents = trial, cents
        if cents < self.best_cents:
            self.best, self.best_cents = trial, cents

    def _ruin(self, draft: Draft) -> set[int]:
        """Take visits out; those looked at, served before or not."""
        problem, dice = draft.problem, self.dice
        seed = dice.randrange(draft.flat.visits)
        count = dice.randint(1, min(MOST_REMOVED, draft.flat.visits))
        chosen = {int(visit) for visit in self.near[seed][: 2 * count]}
        chosen = {seed, *dice.sample(sorted(chosen), min(count, len(chosen)))}
        if dice.random() < 0.5:
            chosen |= leaders(problem, chosen)
        chosen |= followers(problem, chosen)
        for visit in sorted(chosen & draft.seats.keys()):
            draft.remove(visit)
        return chosen

    def _recreate(self, draft: Draft, bold: set[int]) -> None:
        """Put in what pays, and some of the ``bold`` whether it does or not."""
        for visit in leaders_first(draft.problem, self._shuffled(draft)):
            is_bold = visit in bold and self.dice.random() < 0.7
            # Without it nothing that follows it can be served either.
            lost = [visit, *(followers(draft.problem, [visit]) - draft.seats.keys())]
            most = NO_COST if is_bold else int(draft.flat.drop[lost].sum())
            options = [option for option in self._search(draft, visit).options() if option.cents < most]
            while len(options) > 1 and self.dice.random() < BLINK:
                options.pop(0)
            if options:
                apply(draft, options[0])

    def _search(self, draft: Draft, visit: int) -> Search:
        """Half the time only among those who could do what the same technician has to do as well."""
        search = Search(draft, visit)
        partners = self.partners.get(visit, set()) - draft.seats.keys()
        if partners and self.dice.random() < 0.5:
            technician, able = draft.flat.arrays.technician, draft.flat.arrays.able
            for partner in partners:
                could = np.unique(technician[np.flatnonzero(able[partner])])
                search.frames = search.frames[np.isin(technician[search.frames], could)]
        return search

    def _shuffled(self, draft: Draft) -> list[int]:
        """What is left out, at random, the dearest first, or the least flexible first."""
        left = draft.unserved
        self.dice.shuffle(left)
        kind = self.dice.random()
        if kind < 0.3:
            left.sort(key=lambda visit: -int(draft.flat.drop[visit]))
        elif kind < 0.6:
            able = draft.flat.arrays.able
            left.sort(key=lambda visit: int(np.count_nonzero(able[visit])))
        return left


def _neighbours(draft: Draft) -> Ints:
    """The other visits by driving time, nearest first; shape (visits, up to 2 x MOST_REMOVED)."""
    a, n = draft.flat.arrays, draft.flat.visits
    places = a.place[:n]
    seconds = a.durations[0][np.ix_(places, places)].astype(np.int64)
    seconds = seconds + seconds.T
    np.fill_diagonal(seconds, -1)
    return np.asarray(np.argsort(seconds, axis=1, kind="stable")[:, 1 : 2 * MOST_REMOVED + 1], dtype=np.int64)


def _partners(problem: Problem) -> dict[int, set[int]]:
    """Visits that need the same technician, by visit."""
    found: dict[int, set[int]] = {}
    for relation in problem.relations:
        if relation.is_same_technician:
            first, second = problem.visit_index[relation.first], problem.visit_index[relation.second]
            found.setdefault(first, set()).add(second)
            found.setdefault(second, set()).add(first)
    return found
