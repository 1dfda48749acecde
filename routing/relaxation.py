"""Ways to bend a problem so that one more visit fits, and the problem bent so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from routing.events import with_visit
from routing.problem import Problem, Technician, Visit, Window

MINUTE_S = 60


class Bend(StrEnum):
    """What gives way; the unit of the amount in brackets."""

    LATER_END = "later_end"
    """The shift of a technician ends later (minutes)."""
    EARLIER_START = "earlier_start"
    """The shift of a technician starts earlier (minutes)."""
    LATER_WINDOW = "later_window"
    """The visit's last window ends later (minutes)."""
    EARLIER_WINDOW = "earlier_window"
    """The visit's first window starts earlier (minutes)."""
    LOWER_SKILL = "lower_skill"
    """A skill is needed at a lower level (levels)."""
    NO_CERTIFICATE = "no_certificate"
    """A certificate is not asked for (1)."""
    ANY_ZONE = "any_zone"
    """The visit is open to technicians of other zones (1)."""
    OTHER_TECHNICIANS = "other_technicians"
    """Who is allowed or excluded is not looked at (1)."""
    PART_IN_VAN = "part_in_van"
    """A technician has more of a part on board (units)."""
    MORE_VISITS = "more_visits"
    """A vendor takes more visits on each day (visits)."""
    MORE_MOVES = "more_moves"
    """The run may move more promises (promises)."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One bend of one thing, as small as it can be.

    Parameters
    ----------
    bend : Bend
    subject : str
        The technician, skill, certificate or vendor it is about; empty for the visit itself.
    amount : int
        In the bend's unit.
    part : str
        For :attr:`Bend.PART_IN_VAN`.
    shift : int
        For bends of a shift: which of the technician's, else -1.
    """

    bend: Bend
    subject: str
    amount: int
    part: str = ""
    shift: int = -1

    def less(self) -> "Relaxation | None":
        """One unit less; ``None`` when that is nothing."""
        return replace(self, amount=self.amount - 1) if self.amount > 1 else None


def relaxed(problem: Problem, visit: str, relaxation: Relaxation) -> Problem:
    """The problem with one thing bent for a visit.

    Parameters
    ----------
    problem : Problem
    visit : str
        Whose window, demands or supplies are bent.
    relaxation : Relaxation
        As :func:`routing.explain` finds them; its amount is in the unit of its bend.

    Returns
    -------
    Problem
        Everything else as it was.

    Raises
    ------
    ProblemError
        When the bent problem contradicts itself, as shifts that come to overlap.
    KeyError
        When the problem has no such visit.

    References
    ----------
    Constraints that stretch by a measured amount: Chinneck, *Feasibility and Infeasibility in Optimization*,
    Springer, 2008.
    """
    item = problem.visits[problem.visit_index[visit]]
    match relaxation.bend:
        case Bend.LATER_END | Bend.EARLIER_START | Bend.PART_IN_VAN:
            index = problem.technician_index[relaxation.subject]
            bent = _bend_technician(problem.technicians[index], relaxation)
            team = problem.technicians
            return replace(problem, technicians=(*team[:index], bent, *team[index + 1 :]))
        case Bend.MORE_VISITS:
            vendors = tuple(
                replace(v, daily_capacity=(v.daily_capacity or 0) + relaxation.amount)
                if v.id == relaxation.subject
                else v
                for v in problem.vendors
            )
            return replace(problem, vendors=vendors)
        case Bend.MORE_MOVES:
            return replace(problem, max_moved=(problem.max_moved or 0) + relaxation.amount)
        case _:
            return with_visit(problem, _bend_visit(item, relaxation))


def _bend_technician(who: Technician, relaxation: Relaxation) -> Technician:
    if relaxation.bend is Bend.PART_IN_VAN:
        stock = dict(who.van_stock)
        stock[relaxation.part] = stock.get(relaxation.part, 0) + relaxation.amount
        return replace(who, van_stock=stock)
    seconds = relaxation.amount * MINUTE_S
    shifts = list(who.shifts)
    shift = shifts[relaxation.shift]
    if relaxation.bend is Bend.LATER_END:
        shifts[relaxation.shift] = replace(shift, end_s=shift.end_s + seconds)
    else:
        shifts[relaxation.shift] = replace(shift, start_s=max(0, shift.start_s - seconds))
    return replace(who, shifts=tuple(shifts))


def _bend_visit(item: Visit, relaxation: Relaxation) -> Visit:
    seconds = relaxation.amount * MINUTE_S
    match relaxation.bend:
        case Bend.LATER_WINDOW:
            last = item.windows[-1]
            return replace(item, windows=(*item.windows[:-1], replace(last, end_s=last.end_s + seconds)))
        case Bend.EARLIER_WINDOW:
            return replace(item, windows=(_earlier(item.windows[0], seconds), *item.windows[1:]))
        case Bend.LOWER_SKILL:
            return replace(item, skills=_lower(item.skills, relaxation))
        case Bend.NO_CERTIFICATE:
            return replace(item, certificates=item.certificates - {relaxation.subject})
        case Bend.ANY_ZONE:
            return replace(item, zone=None)
        case _:
            return replace(item, allowed=frozenset(), excluded=frozenset())


def _earlier(window: Window, seconds: int) -> Window:
    return replace(window, start_s=max(0, window.start_s - seconds))


def _lower(skills: Mapping[str, int], relaxation: Relaxation) -> dict[str, int]:
    level = skills[relaxation.subject] - relaxation.amount
    rest = {skill: needed for skill, needed in skills.items() if skill != relaxation.subject}
    return rest | ({relaxation.subject: level} if level > 0 else {})
