"""Carry over to a problem what still holds of a plan made for another."""

from collections.abc import Iterable, Mapping, Sequence

from routing.appointments import is_bound
from routing.check import check
from routing.draft import Draft
from routing.flat import Flat
from routing.insertion import ANY_SLOT, Option, Search, Slot, apply
from routing.order import leaders
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
    reseat(draft, seats, starts)
    return draft


def reseat(draft: Draft, seats: Mapping[int, Sequence[int]], starts: Mapping[int, int]) -> None:
    """Put visits back into the frames they had as far as they fit, in the order of their starts.

    Parameters
    ----------
    seats : mapping of visit to frames
    starts : mapping of visit to second
        When each visit started; a visit others depend on keeps its start.

    Locked, frozen and unmovable visits, and what they follow, choose first: nothing else may take their room.
    """
    first = _bound(draft, seats)
    for visit in sorted(seats, key=lambda v: (v not in first, starts[v], v)):
        if (option := _same_seat(draft, visit, seats[visit], starts)) is not None:
            apply(draft, option)


def _bound(draft: Draft, visits: Iterable[int]) -> set[int]:
    """Those of the visits that are expensive to lose, and what has to come before them."""
    problem = draft.problem
    found = {visit for visit in visits if is_bound(problem, problem.visits[visit])}
    return found | leaders(problem, found)


def _same_seat(draft: Draft, visit: int, frames: Sequence[int], starts: Mapping[int, int]) -> Option | None:
    """A place in the frames the visit had: between those that came before and after it if it fits there."""
    slot = Slot(starts[visit], starts[visit]) if visit in draft.linked else ANY_SLOT
    search = Search(draft, visit)
    search.frames = search.frames[[frame in frames for frame in search.frames]]
    search.between = {frame: _between(draft, frame, visit, starts) for frame in frames}
    option = search.best(slot)
    if option is None:
        search.between = {}
        option = search.best(slot)
    return option


def _between(draft: Draft, frame: int, visit: int, starts: Mapping[int, int]) -> tuple[int, int]:
    """First and last position after what started before the visit and before what started after it."""
    nodes = draft.nodes(frame)
    order = [starts.get(draft.flat.visit_of(node)) for node in nodes]
    earlier = [at for at, start in enumerate(order) if start is not None and start <= starts[visit]]
    later = [at for at, start in enumerate(order) if start is not None and start > starts[visit]]
    return (earlier[-1] + 1 if earlier else 0), (later[0] if later else len(nodes))


def _still_holds(problem: Problem, plan: Plan) -> bool:
    """Whether the plan breaks no rule as it is; costs and what it says of visits left out do not matter."""
    loose = (Rule.COST, Rule.COVERAGE)
    return all(violation.rule in loose for violation in check(problem, plan).violations)
