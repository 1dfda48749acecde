"""Plans in force: a draft is published whole, refused by name of what changed, or dropped."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import ConflictError, NotFoundError, RejectedError
from backend.jobs import assignment
from backend.jobs.assignment import Assignment
from backend.organisations.models import Region
from backend.scheduling import plans, repository, snapshot
from backend.scheduling.comparison import Comparison, compare
from backend.scheduling.models import Plan, PlanState, PlanUnserved, PlanVisit
from backend.scheduling.snapshot import StaleChange
from backend.technicians.hours import rely_on


class PlanStaleError(ConflictError):
    """The day is no longer what the plan was computed from; `changes` names every difference."""

    code = "plan_stale"


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its visits and, while it is a draft, what publishing it would change."""

    plan: Plan
    visits: list[PlanVisit]
    unserved: list[PlanUnserved]
    against_current: Comparison | None
    changed_since: Sequence[StaleChange] = ()


def view_plan(session: Session, actor: Actor, plan_id: uuid.UUID) -> PlanView:
    """One plan, compared with the visits in force now."""
    return _view(session, plans.get_plan(session, actor, plan_id))


def publish(session: Session, actor: Actor, plan_id: uuid.UUID) -> PlanView:
    """Put a draft in force: all of it, or nothing.

    Raises PlanStaleError when anything it was computed from has changed, ConflictError `plan_not_draft` when
    it has been published or dropped, RejectedError `locked_left_out` when it leaves out a job that is locked.
    """
    actor.require(Permission.PLAN_PUBLISH)
    plan = plans.get_plan(session, actor, plan_id)
    region = lock_region(session, plan)
    plan = plans.get_plan(session, actor, plan_id, for_update=True)
    require_draft(plan)
    refuse_stale(session, plan, region, plan.snapshot)
    visits, unserved = plans.plan_visits(session, plan.id), plans.plan_unserved(session, plan.id)
    _refuse_dropped_locks(session, unserved)
    plans.supersede_published(session, plan)
    plan.state, plan.published_by, plan.published_at = PlanState.PUBLISHED, actor.name, utc_now()
    session.flush()
    planned = [_assignment(visit) for visit in visits if not visit.is_fixed]
    changed = assignment.apply_assignments(
        session,
        actor,
        planned,
        plan_id=plan.id,
        unassign=[item.job_id for item in unserved],
        reasons={item.job_id: item.reason for item in unserved},
    )
    audit.record(session, actor, "plan_publish", "plan", plan.id, visits=len(planned), changed=len(changed))
    plans.announce(session, plan)
    return PlanView(plan, list(visits), list(unserved), None)


def drop(session: Session, actor: Actor, plan_id: uuid.UUID) -> PlanView:
    """Put a draft away. It stays in the history."""
    actor.require(Permission.PLAN_RUN)
    plan = plans.get_plan(session, actor, plan_id, for_update=True)
    require_draft(plan)
    plan.state = PlanState.DROPPED
    session.flush()
    audit.record(session, actor, "plan_drop", "plan", plan.id)
    plans.announce(session, plan)
    return _view(session, plan)


def _view(session: Session, plan: Plan) -> PlanView:
    visits, unserved = plans.plan_visits(session, plan.id), plans.plan_unserved(session, plan.id)
    if plan.state is not PlanState.DRAFT:
        return PlanView(plan, list(visits), list(unserved), None)
    job_ids = [visit.job_id for visit in visits] + [item.job_id for item in unserved]
    jobs, current = plans.jobs_by_id(session, job_ids), plans.open_visits(session, job_ids)
    region = session.get_one(Region, plan.region_id)
    now = repository.load_day(session, region, plan.day, utc_now())
    compared = compare(plan, visits, unserved, jobs, current)
    return PlanView(plan, list(visits), list(unserved), compared, snapshot.changes(plan.snapshot, now))


def lock_region(session: Session, plan: Plan) -> Region:
    """One plan of a region is published at a time; the second then finds what the first has changed."""
    query = sa.select(Region).where(col(Region.id) == plan.region_id).with_for_update(key_share=True)
    region = session.scalars(query).one_or_none()
    if region is None:
        raise NotFoundError("No such plan.")
    return region


def require_draft(plan: Plan) -> None:
    """Raise ConflictError `plan_not_draft` unless it is one."""
    if plan.state is not PlanState.DRAFT:
        raise ConflictError(
            "Only a draft can be published or dropped.", code="plan_not_draft", state=plan.state
        )


def refuse_stale(session: Session, plan: Plan, region: Region, known: dict[str, Any]) -> None:
    """Hold the day's jobs and hours; raise PlanStaleError naming what differs from a snapshot known."""
    repository.lock_jobs(session, region, plan.day)
    rely_on(session, [uuid.UUID(each) for each in known["technicians"]])
    changes = snapshot.changes(known, repository.load_day(session, region, plan.day, utc_now()))
    if changes:
        raise stale(changes)


def stale(changes: Sequence[StaleChange]) -> PlanStaleError:
    """What is said about a draft that no longer stands."""
    return PlanStaleError(
        "The day has changed since this plan was made; plan again.",
        changes=[named(change) for change in changes],
    )


def named(change: StaleChange) -> dict[str, Any]:
    """A change as JSON."""
    return {
        "job_id": str(change.job_id) if change.job_id else None,
        "number": change.number,
        "what": change.what,
        "technician_id": str(change.technician_id) if change.technician_id else None,
    }


def _refuse_dropped_locks(session: Session, unserved: Sequence[PlanUnserved]) -> None:
    job_ids = [item.job_id for item in unserved]
    current = plans.open_visits(session, job_ids)
    locked = [
        job.number
        for job in plans.jobs_by_id(session, current).values()
        if job.lock_technician or job.lock_time
    ]
    if locked:
        raise RejectedError(
            "The plan leaves out jobs that are locked; unlock or move them.",
            code="locked_left_out",
            numbers=sorted(locked),
        )


def _assignment(visit: PlanVisit) -> Assignment:
    return Assignment(
        job_id=visit.job_id,
        technician_id=visit.technician_id,
        arrive_at=visit.arrive_at,
        start_at=visit.start_at,
        end_at=visit.end_at,
        travel_s=visit.travel_s,
        travel_m=visit.travel_m,
        why=visit.why,
    )
