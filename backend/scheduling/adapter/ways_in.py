"""What would let in a job that nobody has: the smallest change of each kind, proven by putting the job in."""

import math
from dataclasses import replace

import routing
from backend.live.asked import AskWaysIn, NoRemedies, WayIn, WaysIn
from backend.scheduling.adapter.answer import plain, plan_in_force
from backend.scheduling.adapter.problem import DayProblem, build_problem
from backend.scheduling.adapter.remedying import remedy_of

MOST_WAYS = 4
# Nobody works 37 minutes longer: what is asked of people is rounded up to this.
ROUND_MINUTES = 5
IN_MINUTES = frozenset(
    {
        routing.Bend.LATER_END,
        routing.Bend.EARLIER_START,
        routing.Bend.LATER_WINDOW,
        routing.Bend.EARLIER_WINDOW,
    }
)


def ways_in(question: AskWaysIn, travel: routing.TravelMatrix | None = None) -> WaysIn | NoRemedies:
    """Ways in, the smallest first; the only one is without a bend where there is room."""
    try:
        asked = build_problem(question.day, travel)
        visit = str(question.job_id)
        if visit not in asked.jobs:
            return WaysIn(reason={"code": "needs_location", "data": {}})
        plan = plan_in_force(asked)
        if plan.where(visit):
            return WaysIn()
        return _found(asked, plan, visit)
    except routing.RoutingError as error:
        return NoRemedies(str(error))


def _found(asked: DayProblem, plan: routing.Plan, visit: str) -> WaysIn:
    fits = routing.insert(asked.problem, plan, visit)
    if isinstance(fits, routing.Insertion):
        remedy = remedy_of(asked, "give", plan, fits.plan, plan.cost.total)
        return WaysIn((WayIn("", "", "", 0, remedy),))
    told = routing.explain(asked.problem, plan, visit)
    ways: dict[routing.Bend, WayIn] = {}
    for way in told.ways:
        if way.relaxation.bend in ways or not _is_real(asked, way.relaxation):
            continue
        if (found := _way(asked, plan, visit, _rounded(way.relaxation))) is not None:
            ways[way.relaxation.bend] = found
        if len(ways) == MOST_WAYS:
            break
    return WaysIn(tuple(ways.values()), {"code": fits.reason.value, "data": plain(fits.data)})


def _is_real(asked: DayProblem, relaxation: routing.Relaxation) -> bool:
    """Whether somebody could still do it: a shift that has begun cannot start earlier."""
    if relaxation.bend is not routing.Bend.EARLIER_START:
        return True
    [who] = [each for each in asked.day.technicians if str(each.id) == relaxation.subject]
    return who.shift is not None and asked.duties[who.id].start_s == asked.day.seconds(who.shift.starts_at)


def _rounded(relaxation: routing.Relaxation) -> routing.Relaxation:
    if relaxation.bend not in IN_MINUTES:
        return relaxation
    return replace(relaxation, amount=math.ceil(relaxation.amount / ROUND_MINUTES) * ROUND_MINUTES)


def _way(asked: DayProblem, plan: routing.Plan, visit: str, relaxation: routing.Relaxation) -> WayIn | None:
    bent = routing.relaxed(asked.problem, visit, relaxation)
    found = routing.insert(bent, plan, visit)
    if isinstance(found, routing.Unserved):
        return None
    remedy = remedy_of(asked, "give", plan, found.plan, plan.cost.total)
    return WayIn(relaxation.bend.value, relaxation.subject, relaxation.part, relaxation.amount, remedy)
