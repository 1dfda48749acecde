"""The plan the demo day comes with: made the evening before, without the orders that came in overnight."""

import datetime as dt
import json
import uuid
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.demo.catalogue import company
from backend.demo.ids import demo_id
from backend.jobs.models import Job
from backend.organisations.models import Region
from backend.scheduling import plans, repository, service, snapshot
from backend.scheduling.day import RegionDay, local_midnight
from backend.scheduling.models import PlanRun, RunState
from backend.scheduling.result import LeftOut, PlannedVisit, PlanResult

# The packaged plan is of a day like any other: shifts, certificates and orders move with the demo's date.
DAY_OF_PLAN = dt.date(2026, 11, 23)
# Orders that came in after the plan was made, by their number in the story: something to place by hand.
LATE_ORDERS = frozenset({7, 23, 41, 58, 76})
DISPATCHER = "调度 林悦"
ZONE = "Asia/Shanghai"
MADE_BEFORE = dt.timedelta(hours=6)


@cache
def packaged_plan() -> dict[str, Any]:
    """The plan as `tools/plan_demo.py` wrote it: jobs by their number in the story, times in seconds."""
    found: dict[str, Any] = json.loads((files("backend.data") / "plan_demo.json").read_text(encoding="utf-8"))
    return found


def publish_plan(session: Session, actor: Actor, region: Region, day: dt.date, jobs: list[Job]) -> int:
    """Put the packaged plan in force for `jobs`, listed as in the story; returns how many visits it has."""
    midnight = local_midnight(day, region.zone)
    made_at = midnight - MADE_BEFORE
    run = PlanRun(
        org_id=region.org_id,
        region_id=region.id,
        day=day,
        state=RunState.DONE,
        attempt=1,
        requested_by=DISPATCHER,
        created_at=made_at,
    )
    session.add(run)
    session.flush()
    result = _result(packaged_plan(), jobs, midnight)
    as_it_was = repository.load_day(session, region, day, made_at)
    plan = plans.store_draft(session, run, result, snapshot.take(as_it_was))
    run.plan_id, plan.created_at = plan.id, made_at
    service.publish(session, actor, plan.id)
    plan.published_at, plan.published_by = made_at, DISPATCHER
    session.flush()
    return len(result.visits)


def _result(packaged: dict[str, Any], jobs: list[Job], midnight: dt.datetime) -> PlanResult:
    def at(seconds: int) -> dt.datetime:
        return midnight + dt.timedelta(seconds=seconds)

    seq: dict[str, int] = {}
    visits = []
    for row in packaged["visits"]:
        seq[row["technician"]] = seq.get(row["technician"], 0) + 1
        pick_up = {"pick_up": row["pick_up"]} if row["pick_up"] else {}
        visits.append(
            PlannedVisit(
                job_id=jobs[row["job"]].id,
                technician_id=demo_id("technician", row["technician"]),
                seq=seq[row["technician"]],
                arrive_at=at(row["arrive_s"]),
                start_at=at(row["start_s"]),
                end_at=at(row["end_s"]),
                travel_s=row["travel_s"],
                travel_m=row["travel_m"],
                why={"marginal_fen": row["marginal_fen"], **pick_up},
            )
        )
    by = midnight - local_midnight(DAY_OF_PLAN, ZONE)
    left_out = tuple(LeftOut(jobs[row["job"]].id, _moved(row["reason"], by)) for row in packaged["left_out"])
    return PlanResult(tuple(visits), left_out, packaged["cost"], packaged["baseline"])


def _moved(reason: dict[str, Any], by: dt.timedelta) -> dict[str, Any]:
    """The reason with the instants of its ways on the demo's own date."""
    data = dict(reason["data"])
    if "ways" in data:
        data["ways"] = [way | {"start": _instant_moved(way["start"], by)} for way in data["ways"]]
    return {"code": reason["code"], "data": data}


def _instant_moved(text: str, by: dt.timedelta) -> str:
    return (dt.datetime.fromisoformat(text) + by).isoformat().replace("+00:00", "Z")


def day_as_planned(session: Session) -> tuple[RegionDay, dict[uuid.UUID, int], dict[uuid.UUID, str]]:
    """The unplanned demo day as the plan is made from it, with the story's number of each job, and logins."""
    region = session.exec(select(Region)).one()
    day = repository.load_day(session, region, DAY_OF_PLAN, local_midnight(DAY_OF_PLAN, region.zone))
    rows = session.exec(select(Job.id).order_by(col(Job.created_at), col(Job.id))).all()
    index_of = {job_id: index for index, job_id in enumerate(rows)}
    known = tuple(job for job in day.jobs if index_of[job.id] not in LATE_ORDERS)
    login_of = {demo_id("technician", row["login"]): row["login"] for row in company()["technicians"]}
    return replace(day, jobs=known), index_of, login_of
