"""Ways out for jobs in trouble: taken out of the plan in force and put in again where every rule holds.

Nobody's day is made anew for it: only routes that take a job in change, and those within their windows.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace

import routing
from backend.live.asked import AskRemedies, Change, Left, NoRemedies, Remedies, Remedy
from backend.scheduling.adapter.answer import plain, plan_in_force
from backend.scheduling.adapter.problem import ANNOUNCED, ANNOUNCED_WITHIN_S, DayProblem, build_problem
from routing.draft import Draft
from routing.flat import flatten
from routing.insert import inserted
from routing.insertion import Option, Search

WAYS = 3


def remedies(question: AskRemedies, travel: routing.TravelMatrix | None = None) -> Remedies | NoRemedies:
    """Ways out, cheapest first; taking the jobs back comes last."""
    try:
        before = build_problem(question.day, travel)
        in_force = plan_in_force(before)
        loose = _loose(before, question.job_ids, travel)
        asked = [str(job_id) for job_id in question.job_ids if str(job_id) in loose.jobs]
        if not asked:
            return Remedies()
        plan = plan_in_force(loose)
        cost = in_force.cost.total
        found = (
            _each_way(loose, plan, asked[0], cost) if len(asked) == 1 else [_spread(loose, plan, asked, cost)]
        )
        was_served = any(in_force.where(visit) for visit in asked)
        leave = [_leave(loose, plan, asked, cost)] if was_served else []
        return Remedies((*sorted(found, key=lambda each: each.price_fen), *leave))
    except routing.RoutingError as error:
        return NoRemedies(str(error))


def _loose(
    before: DayProblem, job_ids: Iterable[uuid.UUID], travel: routing.TravelMatrix | None
) -> DayProblem:
    """The day as if nobody had these jobs."""
    wanted = set(job_ids)
    jobs = tuple(
        replace(job, current=None, is_technician_locked=False, is_time_locked=False)
        if job.id in wanted
        else job
        for job in before.day.jobs
    )
    return build_problem(replace(before.day, jobs=jobs), travel)


def _each_way(asked: DayProblem, plan: routing.Plan, visit: str, cost: int) -> list[Remedy]:
    """The cheapest place with each of the best technicians."""
    flat = flatten(asked.problem)
    index = asked.problem.visit_index[visit]
    best: dict[str, Option] = {}
    for option in Search(Draft.of(flat, plan), index).options():
        best.setdefault(_who(asked, option), option)
        if len(best) == WAYS:
            break
    return [
        remedy_of(asked, "give", plan, inserted(Draft.of(flat, plan), plan, option).plan, cost)
        for option in best.values()
    ]


def _spread(asked: DayProblem, plan: routing.Plan, visits: list[str], cost: int) -> Remedy:
    """All of them at once, the dearest to leave out first; a promise that nobody keeps counts as moved."""
    before, left = plan, []
    dearest = sorted(
        visits, key=lambda visit: -asked.problem.visits[asked.problem.visit_index[visit]].unserved_cents
    )
    for visit in dearest:
        found = routing.insert(asked.problem, plan, visit)
        if isinstance(found, routing.Unserved):
            left.append(Left(asked.jobs[visit].id, {"code": found.reason.value, "data": plain(found.data)}))
        else:
            plan = found.plan
    spread = remedy_of(asked, "spread", before, plan, cost)
    code = "spread" if spread.changes else "leave"
    return replace(spread, code=code, left=tuple(left), promises_moved=spread.promises_moved + len(left))


def _leave(asked: DayProblem, plan: routing.Plan, visits: list[str], cost: int) -> Remedy:
    left = tuple(Left(asked.jobs[visit].id, {"code": "taken_back", "data": {}}) for visit in visits)
    return Remedy("leave", plan.cost.total - cost, len(visits), (), left)


def _who(asked: DayProblem, option: Option) -> str:
    return asked.problem.technicians[asked.problem.frames[option.seats[0].frame][0]].id


def remedy_of(asked: DayProblem, code: str, before: routing.Plan, after: routing.Plan, cost: int) -> Remedy:
    """What changes for whom; the jobs asked about were nowhere before."""
    moved = {move.visit: move for move in routing.diff(before, after).moves if move.visit in asked.jobs}
    changes = tuple(
        Change(
            job_id=asked.jobs[stop.visit].id,
            technician_id=uuid.UUID(route.technician),
            arrive_at=asked.day.instant(stop.arrival_s),
            start_at=asked.day.instant(stop.start_s),
            end_at=asked.day.instant(stop.end_s),
            travel_s=stop.travel_s,
            travel_m=stop.distance_m,
        )
        for route in after.routes
        for stop in route.stops
        if stop.visit in moved
    )
    promises = sum(
        asked.jobs[visit].status in ANNOUNCED
        and (move.shift_s is None or abs(move.shift_s) > ANNOUNCED_WITHIN_S)
        for visit, move in moved.items()
        if move.technicians_before
    )
    return Remedy(code, after.cost.total - cost, promises, changes)
