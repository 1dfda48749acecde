"""Plans as records: stored as drafts, listed, read."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import NotFoundError
from backend.jobs.models import Job, Visit
from backend.scheduling import repository
from backend.scheduling.models import Plan, PlanRun, PlanState, PlanUnserved, PlanVisit
from backend.scheduling.result import PlanResult

LISTED = 50


def store_draft(session: Session, run: PlanRun, result: PlanResult, snapshot: dict[str, Any]) -> Plan:
    """Keep a run's answer as a draft."""
    plan = Plan(
        org_id=run.org_id,
        region_id=run.region_id,
        day=run.day,
        run_id=run.id,
        scope=dict(run.scope) if run.scope else None,
        objective=dict(run.objective) if run.objective else None,
        cost=dict(result.cost),
        baseline=dict(result.baseline),
        snapshot=snapshot,
        created_by=run.requested_by,
    )
    session.add(plan)
    session.flush()
    _put(session, plan, result)
    announce(session, plan, "created")
    return plan


def replace_content(session: Session, plan: Plan, result: PlanResult, snapshot: dict[str, Any]) -> None:
    """Give a draft other visits, and what they cost and stand on."""
    for table in (PlanVisit, PlanUnserved):
        session.execute(sa.delete(table).where(col(table.plan_id) == plan.id))
    plan.cost, plan.baseline, plan.snapshot = dict(result.cost), dict(result.baseline), snapshot
    _put(session, plan, result)


def _put(session: Session, plan: Plan, result: PlanResult) -> None:
    session.add_all(
        PlanVisit(
            org_id=plan.org_id,
            plan_id=plan.id,
            job_id=visit.job_id,
            technician_id=visit.technician_id,
            seq=visit.seq,
            arrive_at=visit.arrive_at,
            start_at=visit.start_at,
            end_at=visit.end_at,
            travel_s=visit.travel_s,
            travel_m=visit.travel_m,
            is_fixed=visit.is_fixed,
            why=visit.why,
        )
        for visit in result.visits
    )
    session.add_all(
        PlanUnserved(org_id=plan.org_id, plan_id=plan.id, job_id=item.job_id, reason=item.reason)
        for item in result.left_out
    )
    session.flush()


def get_plan(session: Session, actor: Actor, plan_id: uuid.UUID, *, for_update: bool = False) -> Plan:
    """One plan of the actor's organisation; a region's plan shows every vendor's day, so vendors see none."""
    actor.require(Permission.PLAN_RUN)
    query = sa.select(Plan).where(col(Plan.id) == plan_id, col(Plan.org_id) == actor.org_id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    plan = session.scalars(query).one_or_none()
    if plan is None:
        raise NotFoundError("No such plan.")
    return plan


def list_plans(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> Sequence[Plan]:
    """A day's plans, newest first: who made and published which."""
    actor.require(Permission.PLAN_RUN)
    if repository.region(session, actor.org_id, region_id) is None:
        raise NotFoundError("No such region.")
    query = (
        sa.select(Plan)
        .where(col(Plan.org_id) == actor.org_id, col(Plan.region_id) == region_id, col(Plan.day) == day)
        .order_by(col(Plan.id).desc())
        .limit(LISTED)
    )
    return session.scalars(query).all()


def plan_visits(session: Session, plan_id: uuid.UUID) -> Sequence[PlanVisit]:
    """A plan's visits, technician by technician in driving order."""
    query = sa.select(PlanVisit).where(col(PlanVisit.plan_id) == plan_id)
    return session.scalars(query.order_by(col(PlanVisit.technician_id), col(PlanVisit.seq))).all()


def plan_unserved(session: Session, plan_id: uuid.UUID) -> Sequence[PlanUnserved]:
    """The jobs a plan leaves out."""
    query = sa.select(PlanUnserved).where(col(PlanUnserved.plan_id) == plan_id)
    return session.scalars(query.order_by(col(PlanUnserved.job_id))).all()


def open_visits(session: Session, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Visit]:
    """Visits in force by job."""
    query = sa.select(Visit).where(col(Visit.job_id).in_(list(job_ids)), col(Visit.outcome).is_(None))
    return {visit.job_id: visit for visit in session.scalars(query)}


def jobs_by_id(session: Session, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Job]:
    """Jobs by id."""
    return {job.id: job for job in session.scalars(sa.select(Job).where(col(Job.id).in_(list(job_ids))))}


def supersede_published(session: Session, plan: Plan) -> None:
    """Retire the plan in force for the same region and day."""
    query = sa.select(Plan).where(
        col(Plan.region_id) == plan.region_id,
        col(Plan.day) == plan.day,
        col(Plan.state) == PlanState.PUBLISHED,
        col(Plan.id) != plan.id,
    )
    for previous in session.scalars(query.with_for_update()):
        previous.state = PlanState.SUPERSEDED
        announce(session, previous)
    # The index allows one published plan a day, so the old one has to go first.
    session.flush()


def announce(session: Session, plan: Plan, kind: str = "updated") -> None:
    """Put a plan's change on the feed."""
    append_change(session, plan.org_id, "plan", plan.id, kind=kind, region_id=plan.region_id)
