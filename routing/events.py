"""What can happen to a plan during the day, and what the problem becomes by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.errors import UnknownItemError
from routing.plan import Plan, Route
from routing.problem import FOREVER_S, Lock, Problem, Shift, Technician, Visit


@dataclass(frozen=True, slots=True)
class TechnicianAbsent:
    """A technician is not there from ``from_s`` until ``until_s``: sick, or the van broke down.

    A shift that begins in that time is lost; one that began before ends at ``from_s``.
    """

    technician: str
    from_s: int = 0
    until_s: int = FOREVER_S


@dataclass(frozen=True, slots=True)
class Overrun:
    """A visit in progress, or about to be, ends at ``end_s``."""

    visit: str
    end_s: int


@dataclass(frozen=True, slots=True)
class NoShow:
    """Nobody was at home: the technicians leave at ``left_s``; the time until then is spent."""

    visit: str
    left_s: int


@dataclass(frozen=True, slots=True)
class VisitCancelled:
    """The visit is not wanted any more; nothing waits for it either."""

    visit: str


Event = TechnicianAbsent | Overrun | NoShow | VisitCancelled


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What an event leaves behind.

    Parameters
    ----------
    problem : Problem
    plan : Plan
        The old plan in the new problem's numbering of shifts; it may break rules.
    technicians : frozenset of str
        Whose routes have to be made anew.
    """

    problem: Problem
    plan: Plan
    technicians: frozenset[str]


def after(problem: Problem, plan: Plan, event: Event) -> Aftermath:
    """The problem once the event has happened.

    Raises
    ------
    UnknownItemError
        When the event names a technician or visit the problem (or the plan) does not have.
    """
    match event:
        case TechnicianAbsent():
            return _absent(problem, plan, event)
        case VisitCancelled(visit):
            return _cancelled(problem, plan, visit)
        case Overrun(visit, end_s) | NoShow(visit, end_s):
            return _ends(problem, plan, visit, end_s)


def _absent(problem: Problem, plan: Plan, event: TechnicianAbsent) -> Aftermath:
    index = problem.technician_index.get(event.technician)
    if index is None:
        raise UnknownItemError(f"technician {event.technician}")
    who = problem.technicians[index]
    left = {number: _cut(who, shift, event) for number, shift in enumerate(who.shifts)}
    shifts = {number: shift for number, shift in left.items() if shift is not None}
    numbering = {old: new for new, old in enumerate(shifts)}
    technicians = list(problem.technicians)
    technicians[index] = replace(who, shifts=tuple(shifts.values()))
    routes = tuple(
        renumbered
        for route in plan.routes
        if (renumbered := _renumber(route, event.technician, numbering)) is not None
    )
    changed = replace(problem, technicians=tuple(technicians))
    return Aftermath(changed, replace(plan, routes=routes), frozenset({event.technician}))


def _cut(who: Technician, shift: Shift, event: TechnicianAbsent) -> Shift | None:
    """What is left of a shift."""
    if shift.end_s + who.overtime_limit_s <= event.from_s or shift.start_s >= event.until_s:
        return shift
    # The return has to be by ``from_s``, overtime included.
    end_s = min(shift.end_s, event.from_s - who.overtime_limit_s)
    if end_s <= shift.start_s:
        return None
    return replace(shift, end_s=end_s, breaks=tuple(b for b in shift.breaks if b.latest_s <= end_s))


def _renumber(route: Route, technician: str, numbering: Mapping[int, int]) -> Route | None:
    if route.technician != technician:
        return route
    if route.shift not in numbering:
        return None
    return replace(route, shift=numbering[route.shift])


def _cancelled(problem: Problem, plan: Plan, visit: str) -> Aftermath:
    if visit not in problem.visit_index:
        raise UnknownItemError(f"visit {visit}")
    relations = tuple(r for r in problem.relations if visit not in (r.first, r.second))
    visits = tuple(item for item in problem.visits if item.id != visit)
    who = frozenset(route.technician for route, _ in plan.where(visit))
    unserved = tuple(left for left in plan.unserved if left.visit != visit)
    return Aftermath(
        replace(problem, visits=visits, relations=relations), replace(plan, unserved=unserved), who
    )


def _ends(problem: Problem, plan: Plan, visit: str, end_s: int) -> Aftermath:
    """The visit keeps its technicians and start and lasts until ``end_s``."""
    served = plan.where(visit)
    if visit not in problem.visit_index or not served:
        raise UnknownItemError(f"visit {visit} in the plan")
    crew = frozenset(route.technician for route, _ in served)
    start_s = served[0][1].start_s
    item = problem.visits[problem.visit_index[visit]]
    percents = [
        problem.technicians[problem.technician_index[who]].service_percent.get(item.job_type, 100)
        for who in crew
    ]
    held = replace(
        item,
        service_s=service_for(max(0, end_s - start_s), max(percents)),
        lock=Lock(crew, start_s, start_s),
    )
    return Aftermath(with_visit(problem, held), plan, crew)


def service_for(on_site_s: int, percent: int) -> int:
    """Least service time that keeps somebody with this percentage on site at least so long."""
    service_s = on_site_s * 100 // percent if percent else on_site_s
    return service_s if -(-service_s * percent // 100) >= on_site_s else service_s + 1


def with_visit(problem: Problem, visit: Visit) -> Problem:
    """The problem with the visit of the same id replaced."""
    index = problem.visit_index[visit.id]
    return replace(problem, visits=(*problem.visits[:index], visit, *problem.visits[index + 1 :]))
