"""People's changes merged into a draft: what they decided stands, the rest of the draft makes room for it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.audit.models import AuditEntry
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.jobs.models import JobEvent
from backend.live.asked import AskMerge
from backend.organisations.models import Region
from backend.scheduling import plans, repository, runs, scope, service, snapshot
from backend.scheduling.day import CurrentVisit, DayJob, RegionDay
from backend.scheduling.result import PlanResult
from backend.scheduling.service import PlanView
from backend.scheduling.snapshot import StaleChange


@dataclass(frozen=True, slots=True)
class Merging:
    """A draft and the day it is to be brought onto: what is asked, what it stands on, what people changed."""

    plan_id: uuid.UUID
    plan_version: int
    question: AskMerge
    snapshot: dict[str, Any]
    changes: tuple[StaleChange, ...]


def prepare(session: Session, actor: Actor, plan_id: uuid.UUID) -> Merging | None:
    """What merging a draft needs to know; None when it stands on the day as it is."""
    plan = plans.get_plan(session, actor, plan_id)
    service.require_draft(plan)
    day = repository.load_day(session, session.get_one(Region, plan.region_id), plan.day, utc_now())
    changes = snapshot.changes(plan.snapshot, day)
    if not changes:
        return None
    places = {
        visit.job_id: CurrentVisit(visit.technician_id, visit.start_at, visit.end_at)
        for visit in plans.plan_visits(session, plan.id)
        if not visit.is_fixed
    }
    seen = _decided(session, runs.searched_day(session, day, plan), plan.snapshot)
    return Merging(plan.id, plan.version, AskMerge(seen, places), snapshot.take(day), tuple(changes))


def keep(session: Session, actor: Actor, merging: Merging, result: PlanResult) -> PlanView:
    """The draft as merged, with each change and whose it was named on it.

    Raises PlanStaleError when the day has changed again meanwhile. A draft that somebody else merged at the
    same moment is left as they made it.
    """
    actor.require(Permission.PLAN_RUN)
    plan = plans.get_plan(session, actor, merging.plan_id)
    region = service.lock_region(session, plan)
    plan = plans.get_plan(session, actor, merging.plan_id, for_update=True)
    service.require_draft(plan)
    if plan.version != merging.plan_version:
        return service.view_plan(session, actor, plan.id)
    service.refuse_stale(session, plan, region, merging.snapshot)
    by = _by_whom(session, merging.changes, plan.created_at)
    plan.merged = [
        *plan.merged,
        *({**service.named(each), "by": by.get(each.job_id, "")} for each in merging.changes),
    ]
    plans.replace_content(session, plan, result, merging.snapshot)
    audit.record(session, actor, "plan_merge", "plan", plan.id, changes=len(merging.changes))
    plans.announce(session, plan)
    return service.view_plan(session, actor, plan.id)


def _decided(session: Session, day: RegionDay, known: dict[str, Any]) -> RegionDay:
    """The day with every job that a person gave out or moved since held where they put it."""
    theirs = [job for job in day.jobs if _is_theirs(job, known["jobs"].get(str(job.id)))]
    standing = repository.standing(session, [job.id for job in theirs])
    held = [scope.held(job, job.current, standing[job.id]) for job in theirs if job.current is not None]
    ids = {job.id for job in theirs}
    loose = tuple(job for job in day.jobs if job.id not in ids)
    return replace(day, jobs=loose, fixed=(*day.fixed, *held))


def _is_theirs(job: DayJob, mark: Sequence[Any] | None) -> bool:
    """Whether a person decided the job's place since the snapshot in which it had `mark`."""
    if job.current is None:
        return False
    if mark is None:
        return True
    _, _, *was = mark[0]
    return list(was) != [str(job.current.technician_id), job.current.start_at.isoformat()]


def _by_whom(
    session: Session, changes: Sequence[StaleChange], since: dt.datetime
) -> dict[uuid.UUID | None, str]:
    """Who last did something to each job that changed."""
    jobs = [each.job_id for each in changes if each.job_id is not None]
    edits = sa.select(
        col(AuditEntry.entity_id), col(AuditEntry.actor_name), col(AuditEntry.created_at)
    ).where(
        col(AuditEntry.entity) == "job",
        col(AuditEntry.entity_id).in_(jobs),
        col(AuditEntry.created_at) > since,
    )
    steps = sa.select(col(JobEvent.job_id), col(JobEvent.actor_name), col(JobEvent.created_at)).where(
        col(JobEvent.job_id).in_(jobs), col(JobEvent.created_at) > since
    )
    found = [*session.execute(edits), *session.execute(steps)]
    return {job_id: name for job_id, name, _ in sorted(found, key=lambda row: row[2])}
