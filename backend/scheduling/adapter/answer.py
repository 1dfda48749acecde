"""A routing plan becomes our visits, costs and reasons; the plan in force becomes a routing plan."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

import routing
from backend.scheduling.adapter.problem import DayProblem
from backend.scheduling.adapter.why import ways_in, why_planned
from backend.scheduling.day import DayJob, LatLng
from backend.scheduling.duty import Duty
from backend.scheduling.result import LeftOut, PlannedVisit, PlanResult

NEEDS_LOCATION = {"code": "needs_location", "data": {}}


def plan_in_force(asked: DayProblem) -> routing.Plan:
    """What the day looks like now, as the search's starting point and as what a new plan is compared with.

    Its times are what people were told, so it may break rules; its cost is what `routing.check` makes of it.
    """
    stops: dict[uuid.UUID, list[tuple[int, int, str, LatLng]]] = defaultdict(list)
    for technician_id, duty in asked.duties.items():
        for key, held in asked.held.items():
            if held in duty.held and key.startswith(f"held:{technician_id}:"):
                stops[technician_id].append((held.start_s, held.end_s, key, held.at))
    for key, job in asked.jobs.items():
        if job.current is not None and job.current.technician_id in asked.duties and job.at is not None:
            start_s, end_s = asked.day.seconds(job.current.start_at), asked.day.seconds(job.current.end_at)
            stops[job.current.technician_id].append((start_s, end_s, key, job.at))
    homes = {technician.id: technician.home for technician in asked.day.technicians}
    routes = tuple(
        _route(asked, technician.id, asked.duties[technician.id], homes[technician.id], stops[technician.id])
        for technician in asked.day.technicians
        if stops[technician.id]
    )
    served = {key for of_one in stops.values() for *_, key, _ in of_one}
    unserved = tuple(
        routing.Unserved(visit.id, routing.Reason.NO_ROOM)
        for visit in asked.problem.visits
        if visit.id not in served
    )
    plan = routing.Plan(routes, unserved, routing.Cost())
    return replace(plan, cost=routing.check(asked.problem, plan).cost)


def _route(
    asked: DayProblem, who: uuid.UUID, duty: Duty, home: LatLng, stops: list[tuple[int, int, str, LatLng]]
) -> routing.Route:
    stops.sort()
    at, free_s = duty.start_at, min(duty.start_s, stops[0][0])
    driven: list[routing.Stop] = []
    for start_s, end_s, key, place in stops:
        travel_s, metres = asked.places.seconds(at, place), asked.places.metres(at, place)
        arrival_s = min(start_s, free_s + travel_s)
        driven.append(routing.Stop(arrival_s, start_s, end_s, key, None, travel_s, metres))
        at, free_s = place, end_s
    first = driven[0]
    # Nobody leaves home earlier than the first appointment asks for.
    driven[0] = replace(first, arrival_s=first.start_s)
    back_s = asked.places.seconds(at, home)
    return routing.Route(
        technician=str(who),
        shift=0,
        depart_s=first.start_s - first.travel_s,
        return_s=free_s + back_s,
        stops=tuple(driven),
        travel_s=back_s,
        distance_m=asked.places.metres(at, home),
    )


def read_answer(asked: DayProblem, plan: routing.Plan, baseline: routing.Plan) -> PlanResult:
    """The plan as visits and jobs left out, fixed visits included as they are."""
    ways, why = ways_in(asked, plan), why_planned(asked, plan)
    visits = [visit for route in plan.routes for visit in _visits(asked, route, why)]
    visits += [
        PlannedVisit(
            v.job_id, v.technician_id, 0, v.arrive_at, v.start_at, v.end_at, v.travel_s, v.travel_m, True
        )
        for v in asked.day.fixed
        if v.job_id is not None
    ]
    left_out = [
        LeftOut(asked.jobs[item.visit].id, _reason(item, asked.jobs[item.visit], ways.get(item.visit, {})))
        for item in plan.unserved
        if item.visit in asked.jobs
    ]
    left_out += [LeftOut(job.id, dict(NEEDS_LOCATION)) for job in asked.day.jobs if job.at is None]
    return PlanResult(_numbered(visits), tuple(left_out), money(asked, plan), money(asked, baseline))


def _reason(item: routing.Unserved, job: DayJob, ways: dict[str, Any]) -> dict[str, Any]:
    refused = {"refused_by": plain({str(each) for each in job.refused_by})} if job.refused_by else {}
    return {"code": item.reason.value, "data": {**plain(item.data), **refused, **ways}}


def _visits(asked: DayProblem, route: routing.Route, why: Mapping[str, dict[str, Any]]) -> list[PlannedVisit]:
    visits: list[PlannedVisit] = []
    loaded: dict[str, int] = {}
    for stop in route.stops:
        if stop.visit is None:
            loaded.update(stop.pick_up)
        elif stop.visit in asked.jobs:
            instant = asked.day.instant
            visits.append(
                PlannedVisit(
                    job_id=asked.jobs[stop.visit].id,
                    technician_id=uuid.UUID(route.technician),
                    seq=0,
                    arrive_at=instant(stop.arrival_s),
                    start_at=instant(stop.start_s),
                    end_at=instant(stop.end_s),
                    travel_s=stop.travel_s,
                    travel_m=stop.distance_m,
                    why={**why.get(stop.visit, {}), **({"pick_up": loaded} if loaded else {})},
                )
            )
            loaded = {}
    return visits


def _numbered(visits: list[PlannedVisit]) -> tuple[PlannedVisit, ...]:
    """The visits in driving order, numbered from 1 for each technician; one per job, the later one."""
    latest = {visit.job_id: visit for visit in sorted(visits, key=lambda v: v.start_at)}
    count: dict[uuid.UUID, int] = defaultdict(int)
    numbered = []
    for visit in latest.values():
        count[visit.technician_id] += 1
        numbered.append(replace(visit, seq=count[visit.technician_id]))
    return tuple(numbered)


def money(asked: DayProblem, plan: routing.Plan) -> dict[str, int]:
    """Fen by component, with their sum; what vendors cost by the plan's prices but are not paid is apart."""
    cost, each_fen = plan.cost.as_dict(), asked.day.prices.vendor_extra_fen
    if not each_fen:
        return {**cost, "total": plan.cost.total}
    vendors = {str(each.id) for each in asked.day.technicians if each.vendor_id is not None}
    visits = sum(
        stop.visit in asked.jobs
        for route in plan.routes
        if route.technician in vendors
        for stop in route.stops
    )
    extra = visits * each_fen
    return {**cost, "vendors": cost["vendors"] - extra, "vendor_extra": extra, "total": plan.cost.total}


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is anything
    """A reason's figures as JSON."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)
