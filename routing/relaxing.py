"""Find the smallest bends that let a visit into a plan, each proven by inserting it."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from routing.draft import Draft
from routing.errors import ProblemError
from routing.flat import Arrays, flatten
from routing.insertion import Option, Search, Waive
from routing.plan import Plan
from routing.problem import Problem, Technician, Visit
from routing.relaxation import MINUTE_S, Bend, Relaxation, relaxed
from routing.travel.matrix import DAY_S

MOST_MINUTES = 24 * 60
CANDIDATES = 5
"""Technicians whose vans are looked into, the cheapest first."""


class Relaxer:
    """Tries bends for one visit left out of one plan."""

    def __init__(self, problem: Problem, plan: Plan, visit: str) -> None:
        self.problem, self.plan, self.visit = problem, plan, visit
        self.index = problem.visit_index[visit]
        self.item: Visit = problem.visits[self.index]
        self.draft = Draft.of(flatten(problem), plan)

    def prove(self, relaxation: Relaxation) -> Option | None:
        """How the visit fits once the bend is applied; ``None`` when it does not."""
        try:
            bent = relaxed(self.problem, self.visit, relaxation)
        except ProblemError:
            return None
        return Search(Draft.of(flatten(bent), self.plan), self.index).best()

    def smallest(self) -> Iterator[tuple[Relaxation, Option]]:
        """The smallest bend of each kind and subject that makes room, proven; none where there is room."""
        if Search(self.draft, self.index).best() is not None:
            return
        for relaxation in (*self._shifts(), *self._windows(), *self._people(), *self._supplies()):
            option = self.prove(relaxation)
            if option is not None:
                yield relaxation, option

    def _shifts(self) -> Iterator[Relaxation]:
        """Longer shifts: one for each technician, the shortest extension over their shifts."""
        for bend in (Bend.LATER_END, Bend.EARLIER_START):
            by_technician: dict[str, Relaxation] = {}
            for frame in np.flatnonzero(self.draft.flat.arrays.able[self.index]):
                found = self._shift(bend, int(frame))
                if found is None:
                    continue
                known = by_technician.get(found.subject)
                if known is None or found.amount < known.amount:
                    by_technician[found.subject] = found
            yield from by_technician.values()

    def _shift(self, bend: Bend, frame: int) -> Relaxation | None:
        technician, shift = self.problem.frames[frame]
        who = self.problem.technicians[technician]
        most = min(MOST_MINUTES, self._room(bend, technician, shift))

        def fits(minutes: int) -> bool:
            arrays = _longer(self.draft.flat.arrays, bend, frame, minutes * MINUTE_S)
            return self._fits(arrays, frame)

        minutes = _least(fits, most)
        return None if minutes is None else Relaxation(bend, who.id, minutes, shift=shift)

    def _room(self, bend: Bend, technician: int, shift: int) -> int:
        """Minutes until the next shift, or since the one before; a shift never starts on another day."""
        who = self.problem.technicians[technician]
        here = who.shifts[shift]
        if bend is Bend.LATER_END:
            if shift + 1 == len(who.shifts):
                return MOST_MINUTES
            return (who.shifts[shift + 1].start_s - who.overtime_limit_s - here.end_s) // MINUTE_S
        before = who.shifts[shift - 1].end_s + who.overtime_limit_s if shift > 0 else 0
        return min(here.start_s - before, here.start_s % DAY_S) // MINUTE_S

    def _fits(self, arrays: Arrays, frame: int | None = None) -> bool:
        search = Search(self.draft.seen_with(arrays), self.index)
        if frame is not None and self.item.crew_size == 1:
            search.frames = search.frames[search.frames == frame]
        return search.best() is not None

    def _windows(self) -> Iterator[Relaxation]:
        """A window open longer; found on the arrays, for both numberings of the visit's node."""
        for bend in (Bend.LATER_WINDOW, Bend.EARLIER_WINDOW):
            minutes = _least(partial(self._opens, bend), MOST_MINUTES)
            if minutes is not None:
                yield Relaxation(bend, "", minutes)

    def _opens(self, bend: Bend, minutes: int) -> bool:
        return self.prove(Relaxation(bend, "", minutes)) is not None

    def _people(self) -> Iterator[Relaxation]:
        """Lower demands on who comes, each the least that makes anybody able."""
        for skill, level in self.item.skills.items():
            for amount in range(1, level + 1):
                relaxation = Relaxation(Bend.LOWER_SKILL, skill, amount)
                if self.prove(relaxation) is not None:
                    yield relaxation
                    break
        for certificate in sorted(self.item.certificates):
            yield Relaxation(Bend.NO_CERTIFICATE, certificate, 1)
        if self.item.zone is not None:
            yield Relaxation(Bend.ANY_ZONE, self.item.zone, 1)
        if self.item.allowed or self.item.excluded:
            yield Relaxation(Bend.OTHER_TECHNICIANS, "", 1)

    def _supplies(self) -> Iterator[Relaxation]:
        """More parts, more vendor capacity, one more promise moved."""
        if self.item.parts:
            for part, units in self.item.parts.items():
                for who in self._could_come():
                    for amount in range(1, units + 1):
                        relaxation = Relaxation(Bend.PART_IN_VAN, who.id, amount, part=part)
                        if self.prove(relaxation) is not None:
                            yield relaxation
                            break
        if Search(self.draft, self.index, Waive.VENDOR_CAPACITY).best() is not None:
            for vendor in self.problem.vendors:
                if vendor.daily_capacity is not None:
                    yield Relaxation(Bend.MORE_VISITS, vendor.id, 1)
        if self.problem.max_moved is not None:
            yield Relaxation(Bend.MORE_MOVES, "", 1)

    def _could_come(self) -> list[Technician]:
        """The technicians who would do it for least if they had the parts."""
        found: dict[int, Technician] = {}
        for option in Search(self.draft, self.index, Waive.PARTS).options():
            technician, _ = self.problem.frames[option.seats[0].frame]
            found.setdefault(technician, self.problem.technicians[technician])
        return list(found.values())[:CANDIDATES]


def _longer(a: Arrays, bend: Bend, frame: int, seconds: int) -> Arrays:
    """The arrays with one shift longer at one end."""
    if bend is Bend.LATER_END:
        end, limit = a.end.copy(), a.limit.copy()
        end[frame] += seconds
        limit[frame] += seconds
        return a._replace(end=end, limit=limit)
    start = a.start.copy()
    start[frame] = max(0, start[frame] - seconds)
    return a._replace(start=start)


def _least(fits: Callable[[int], bool], most: int) -> int | None:
    """The least number from 1 to ``most`` that fits, when whatever is more fits too."""
    if most < 1 or not fits(most):
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        else:
            low = middle + 1
    return low


def by_size(found: tuple[Relaxation, Option]) -> tuple[int, int, str]:
    """Order for people: fewest changes to a day first, then price."""
    relaxation, option = found
    return (_weight(relaxation), option.cents, relaxation.subject)


def _weight(relaxation: Relaxation) -> int:
    """Minutes a bend is worth: a level, certificate, part or promise counts as an hour each."""
    in_minutes = (Bend.LATER_END, Bend.EARLIER_START, Bend.LATER_WINDOW, Bend.EARLIER_WINDOW)
    return relaxation.amount if relaxation.bend in in_minutes else 60 * relaxation.amount
