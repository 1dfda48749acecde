"""Visits that take several technicians starting together."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from routing.flat import Ints
from routing.option import Option, Seat, Slot, Waive
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.insertion import Search

STARTS = 24
"""How many common starts are tried."""

Priced = tuple[int, Seat]


class Crew:
    """Looks for a crew for one visit: ``leader`` looks for whoever brings the parts.

    Common starts are tried one by one: the earliest moments at which anybody could come. At each the cheapest
    few are taken, which is exact as long as nothing but a vendor's capacity ties them to each other.
    """

    def __init__(self, leader: "Search", node: int) -> None:
        self.leader, self.node = leader, node
        self.follower = leader.as_follower()
        self.draft, self.size = leader.draft, leader.item.crew_size

    def options(self, slot: Slot) -> Iterator[Option]:
        """The best crew for each common start within the slot."""
        frames, wishes = self.follower.wishes(self.node, slot)
        begins = self.follower.scanned(frames, wishes).begin
        for moment in self._starts(begins[begins >= 0]):
            if (option := self._at(moment)) is not None:
                yield option

    def _starts(self, begins: Ints) -> list[int]:
        """Starts to try: sampled evenly where there are many."""
        moments = sorted({int(begin) for begin in begins})
        step = max(1.0, len(moments) / STARTS)
        return [moments[int(number * step)] for number in range(min(len(moments), STARTS))]

    def _at(self, moment: int) -> Option | None:
        """The cheapest crew starting at exactly this moment."""
        exact = Slot(moment, moment)
        members = _by_technician(self.draft.problem, self.follower.seats_at(self.node, exact))
        leads = _by_technician(self.draft.problem, self.leader.seats_at(self.node, exact))
        best: Option | None = None
        once = self.draft.visit_cents(self.leader.visit, moment)
        for who, lead in leads.items():
            crew = self._with(who, lead, members)
            if crew is None:
                continue
            cents = sum(cents for cents, _ in crew) - once * (self.size - 1)
            if best is None or cents < best.cents:
                best = Option(self.leader.visit, tuple(seat for _, seat in crew), moment, cents, exact)
        return best

    def _with(self, who: int, lead: Priced, members: dict[int, Priced]) -> list[Priced] | None:
        """The lead and the cheapest others, those who have to come first; ``None`` if too few can."""
        required, chosen, present = self.leader.required, [lead], {who}
        order = sorted(
            (other for other in members if other != who),
            key=lambda other: (other not in required, members[other][0], members[other][1].frame),
        )
        for other in order:
            if len(chosen) == self.size:
                break
            if self._fits_vendors([seat.frame for _, seat in (*chosen, members[other])]):
                chosen.append(members[other])
                present.add(other)
        is_full = len(chosen) == self.size and self._fits_vendors([seat.frame for _, seat in chosen])
        return chosen if is_full and required <= present else None

    def _fits_vendors(self, frames: Sequence[int]) -> bool:
        """Whether the vendors' capacities hold for several seats at once."""
        problem = self.draft.problem
        if not problem.vendors or Waive.VENDOR_CAPACITY in self.leader.waive:
            return True
        load = self.draft.vendor_load()
        for key in (self.draft.vendor_day(frame) for frame in frames):
            if key is None:
                continue
            load[key] += 1
            limit = problem.vendor_by_id[key[0]].daily_capacity
            if limit is not None and load[key] > limit:
                return False
        return True


def _by_technician(problem: Problem, seats: Sequence[Priced]) -> dict[int, Priced]:
    """The cheapest seat of each technician."""
    best: dict[int, Priced] = {}
    for cents, seat in seats:
        who = problem.frames[seat.frame][0]
        if who not in best or cents < best[who][0]:
            best[who] = (cents, seat)
    return best
