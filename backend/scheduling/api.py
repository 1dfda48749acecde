"""Plan runs and plans over HTTP, for dispatchers."""

import datetime as dt
import uuid
from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.live.desk import RemedyDesk
from backend.scheduling import merging, plans, runs, service
from backend.scheduling.objectives_api import ROUTES
from backend.scheduling.ports import SolverPort
from backend.scheduling.runs import Wish
from backend.scheduling.schemas import (
    PlanRead,
    PlanRunCreate,
    PlanRunRead,
    PlanSummary,
    plan_read,
    run_read,
    summary_read,
)
from backend.web.schemas import Page

Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@post("/plan-runs", operation_id="startPlanRun", status_code=202)
async def start_run(
    db: Db, actor: Who, solver: NamedDependency[SolverPort], data: JSONBody[PlanRunCreate]
) -> PlanRunRead:
    """Ask for a plan of a day; its progress comes over the feed, its plan is a draft."""
    wish = Wish(
        data.region_id, data.day, data.seconds, data.seed, data.engine, data.scope.scope(), data.objective
    )
    run = await db.write(runs.request_run, actor, wish, solver.enqueue)
    solver.wake()
    return run_read(run)


@get("/plan-runs/{run_id:uuid}", operation_id="getPlanRun")
async def get_run(db: Db, actor: Who, run_id: FromPath[uuid.UUID]) -> PlanRunRead:
    """One run with its progress."""
    return run_read(await db.read(runs.get_run, actor, run_id))


@post("/plan-runs/{run_id:uuid}/cancel", operation_id="cancelPlanRun", status_code=200)
async def cancel_run(db: Db, actor: Who, run_id: FromPath[uuid.UUID]) -> PlanRunRead:
    """End a run now; the best plan found so far is kept as a draft."""
    return run_read(await db.write(runs.cancel_run, actor, run_id))


@get("/plans", operation_id="listPlans")
async def list_plans(
    db: Db,
    actor: Who,
    region_id: Annotated[uuid.UUID, QueryParameter()],
    day: Annotated[dt.date, QueryParameter()],
) -> Page[PlanSummary]:
    """The plans of a region's day, newest first."""
    found = await db.read(plans.list_plans, actor, region_id, day)
    return Page([summary_read(plan) for plan in found])


@get("/plans/{plan_id:uuid}", operation_id="getPlan")
async def get_plan(db: Db, actor: Who, plan_id: FromPath[uuid.UUID]) -> PlanRead:
    """One plan with its visits; a draft is compared with what is in force now."""
    return plan_read(await db.read(service.view_plan, actor, plan_id))


@post("/plans/{plan_id:uuid}/publish", operation_id="publishPlan", status_code=200)
async def publish_plan(db: Db, actor: Who, plan_id: FromPath[uuid.UUID]) -> PlanRead:
    """Put a draft in force, whole; 409 `plan_stale` names what changed since it was made."""
    return plan_read(await db.write(service.publish, actor, plan_id))


@post("/plans/{plan_id:uuid}/merge", operation_id="mergePlan", status_code=200)
async def merge_plan(
    db: Db, actor: Who, remedies: NamedDependency[RemedyDesk], plan_id: FromPath[uuid.UUID]
) -> PlanRead:
    """Take what people changed since into a draft: their decisions stand, the rest makes room for them.

    409 `plan_stale` names the changes when they leave no plan that keeps every rule.
    """
    asked = await db.read(merging.prepare, actor, plan_id)
    if asked is None:
        return plan_read(await db.read(service.view_plan, actor, plan_id))
    result = await remedies.merge(asked.question)
    if result is None:
        raise service.stale(asked.changes)
    return plan_read(await db.write(merging.keep, actor, asked, result))


@post("/plans/{plan_id:uuid}/drop", operation_id="dropPlan", status_code=200)
async def drop_plan(db: Db, actor: Who, plan_id: FromPath[uuid.UUID]) -> PlanRead:
    """Put a draft away."""
    return plan_read(await db.write(service.drop, actor, plan_id))


router = Router(
    "/api",
    route_handlers=[
        start_run,
        get_run,
        cancel_run,
        list_plans,
        get_plan,
        publish_plan,
        drop_plan,
        merge_plan,
        *ROUTES,
    ],
    tags=["plans"],
)
