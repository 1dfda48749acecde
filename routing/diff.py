"""What changes from one plan to another: who moved, which promises, at what cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from routing.plan import Cost, Plan
from routing.problem import Problem


class Change(StrEnum):
    """What happens to a visit."""

    ADDED = "added"
    """Served now, not before."""
    DROPPED = "dropped"
    """Served before, not now."""
    REASSIGNED = "reassigned"
    """Other technicians."""
    RETIMED = "retimed"
    """The same technicians at another start."""


@dataclass(frozen=True, slots=True)
class Move:
    """One visit that changes.

    Parameters
    ----------
    visit : str
    change : Change
    technicians_before, technicians_after : tuple of str
        Sorted; empty when not served.
    start_before_s, start_after_s : int or None
    """

    visit: str
    change: Change
    technicians_before: tuple[str, ...]
    technicians_after: tuple[str, ...]
    start_before_s: int | None
    start_after_s: int | None

    @property
    def shift_s(self) -> int | None:
        """How much later it starts; ``None`` when it is not served in both plans."""
        if self.start_before_s is None or self.start_after_s is None:
            return None
        return self.start_after_s - self.start_before_s


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changes.

    Parameters
    ----------
    moves : tuple of Move
        Visits that change, sorted by id.
    broken_promises, kept_promises : tuple of str
        Visits whose promise holds before but not after, and the other way round; empty without a problem.
    technicians : tuple of str
        Whose day changes in any way, sorted.
    cost : Cost
        After minus before, by component.
    """

    moves: tuple[Move, ...]
    broken_promises: tuple[str, ...]
    kept_promises: tuple[str, ...]
    technicians: tuple[str, ...]
    cost: Cost


def diff(before: Plan, after: Plan, problem: Problem | None = None) -> Difference:
    """Compare two plans.

    Parameters
    ----------
    before, after : Plan
        They may have been made for different problems.
    problem : Problem, optional
        Whose promises to look at.

    Returns
    -------
    Difference
        Moves in seconds, costs in cents, after minus before.

    Notes
    -----
    A visit that only one plan, or only the problem, knows counts as not served where it is missing.

    References
    ----------
    Counting what two plans do not share, to prefer repair that keeps most of a plan: Fox, Gerevini, Long and
    Serina, "Plan stability: replanning versus plan repair", *Proceedings of ICAPS*, 2006.
    """
    old, new = _seats(before), _seats(after)
    moves = tuple(_moves(old, new))
    touched = {who for move in moves for who in (*move.technicians_before, *move.technicians_after)}
    held_before, held_after = _held(problem, old), _held(problem, new)
    return Difference(
        moves,
        tuple(sorted(held_before - held_after)),
        tuple(sorted(held_after - held_before)),
        tuple(sorted(touched)),
        after.cost - before.cost,
    )


Seats = dict[str, tuple[tuple[str, ...], int]]


def _seats(plan: Plan) -> Seats:
    who: dict[str, list[str]] = {}
    start: dict[str, int] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.visit is not None:
                who.setdefault(stop.visit, []).append(route.technician)
                start[stop.visit] = stop.start_s
    return {visit: (tuple(sorted(crew)), start[visit]) for visit, crew in who.items()}


def _moves(old: Seats, new: Seats) -> Iterator[Move]:
    for visit in sorted(old.keys() | new.keys()):
        crew_before, start_before = old.get(visit, ((), None))
        crew_after, start_after = new.get(visit, ((), None))
        if (crew_before, start_before) == (crew_after, start_after):
            continue
        if not crew_before:
            change = Change.ADDED
        elif not crew_after:
            change = Change.DROPPED
        else:
            change = Change.RETIMED if crew_before == crew_after else Change.REASSIGNED
        yield Move(visit, change, crew_before, crew_after, start_before, start_after)


def _held(problem: Problem | None, seats: Seats) -> set[str]:
    """Visits that start within their promise."""
    if problem is None:
        return set()
    return {
        visit.id
        for visit in problem.visits
        if visit.promise is not None
        and visit.id in seats
        and visit.promise.start_s <= seats[visit.id][1] <= visit.promise.end_s
    }
