"""Carry over to a problem what still holds of a plan made for another."""

from routing.check import check
from routing.draft import Draft
from routing.flat import Flat
from routing.insertion import Option, Search, Slot, apply
from routing.plan import Plan
from routing.problem import Problem
from routing.violation import Rule


def salvage(flat: Flat, plan: Plan) -> Draft:
    """A draft with as much of the plan as the problem's rules still allow.

    Visits keep their technicians and their order; whatever no longer fits is left out. Times are made anew,
    except the starts of crews and related visits.
    """
    problem = flat.problem
    if _still_holds(problem, plan):
        return Draft.of(flat, plan)
    draft = Draft(flat)
    frame_of = {key: frame for frame, key in enumerate(problem.frames)}
    seats: dict[int, list[int]] = {}
    starts: dict[int, int] = {}
    for route in plan.routes:
        technician = problem.technician_index.get(route.technician, -1)
        frame = frame_of.get((technician, route.shift))
        for stop in route.stops:
            visit = problem.visit_index.get(stop.visit or "")
            if frame is not None and visit is not None:
                seats.setdefault(visit, []).append(frame)
                starts[visit] = stop.start_s
    for visit in sorted(seats, key=lambda v: (starts[v], v)):
        if (option := same_seat(draft, visit, seats[visit], starts[visit])) is not None:
            apply(draft, option)
    return draft


def same_seat(draft: Draft, visit: int, frames: list[int], start_s: int) -> Option | None:
    """A place in the frames the visit had, after those that came before it if it fits there.

    Where others depend on its start, that stays.
    """
    slot = Slot(start_s, start_s) if visit in draft.linked else Slot()
    search = Search(draft, visit)
    search.frames = search.frames[[frame in frames for frame in search.frames]]
    search.is_last = True
    option = search.best(slot)
    if option is None:
        search.is_last = False
        option = search.best(slot)
    return option


def _still_holds(problem: Problem, plan: Plan) -> bool:
    """Whether the plan breaks no rule as it is; costs and what it says of visits left out do not matter."""
    loose = (Rule.COST, Rule.COVERAGE)
    return all(violation.rule in loose for violation in check(problem, plan).violations)
