"""Offers nobody answered in time: each ends once, whichever process looks first."""

import datetime as dt
import uuid

import sqlalchemy as sa
import structlog
from sqlmodel import Session, col

from backend.auth.actor import system_actor
from backend.background.chore import each
from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs import assignment, repository
from backend.jobs.lifecycle import Action, JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.jobs.offer_clock import now_for
from backend.offers import repository as offers
from backend.offers import service
from backend.organisations.clock import now_in
from backend.organisations.models import Organisation, Region

AT_ONCE = 200
SYSTEM = "offer timer"
log = structlog.get_logger("backend.offers")


async def end_due(db: Database) -> int:
    """End every offer that has run out; returns how many this process has ended."""
    ended = await each("offered visit", await db.read(due), lambda job_id: db.write(end_one, job_id))
    ended += await each("offer's line", await db.read(due_lines), lambda line: db.write(service.expire, line))
    if ended:
        log.info("offers ended", count=ended)
    return ended


def due(session: Session) -> list[uuid.UUID]:
    """Jobs whose offer has run out, longest ago first; a replay's by its own clock."""
    found = session.execute(
        _offers().where(col(Organisation.is_replay).is_(False), col(Visit.offer_expires_at) <= utc_now())
    )
    return [row.id for row in found] + _due_in_replays(session)


def due_lines(session: Session) -> list[uuid.UUID]:
    """Lines of offers that have run out by their job's clock, or whose job was given out otherwise."""
    found = []
    for candidate_id, job_id, expires_at in offers.waiting_lines(session)[:AT_ONCE]:
        job = session.get_one(Job, job_id)
        is_over = expires_at is not None and expires_at <= now_for(session, job)
        if is_over or not service.is_free(job):
            found.append(candidate_id)
    return found


def end_one(session: Session, job_id: uuid.UUID) -> bool:
    """End one offer if it still stands and has run out; False when somebody was faster."""
    locked = sa.select(Job).where(col(Job.id) == job_id, col(Job.status) == JobStatus.ASSIGNED)
    job = session.scalars(locked.with_for_update(skip_locked=True)).one_or_none()
    visit = repository.open_visit(session, job_id) if job is not None else None
    if job is None or visit is None or visit.offer_expires_at is None:
        return False
    now = now_for(session, job)
    if visit.offer_expires_at > now:
        return False
    actor = system_actor(job.org_id, SYSTEM).at_device_time(now)
    technician = str(visit.technician_id)
    assignment.release(session, actor, job, Action.EXPIRE, VisitOutcome.EXPIRED, technician_id=technician)
    return True


def _offers() -> sa.Select[uuid.UUID, uuid.UUID, dt.date | None, dt.datetime | None]:
    return (
        sa.select(col(Job.id), col(Job.region_id), col(Job.day), col(Visit.offer_expires_at))
        .join(Visit, col(Visit.job_id) == col(Job.id))
        .join(Organisation, col(Organisation.id) == col(Job.org_id))
        .where(
            col(Visit.outcome).is_(None),
            col(Visit.offer_expires_at).is_not(None),
            col(Job.status) == JobStatus.ASSIGNED,
        )
        .order_by(col(Visit.offer_expires_at), col(Job.id))
        .limit(AT_ONCE)
    )


def _due_in_replays(session: Session) -> list[uuid.UUID]:
    clocks: dict[tuple[uuid.UUID, dt.date], dt.datetime] = {}
    found = []
    for row in session.execute(_offers().where(col(Organisation.is_replay).is_(True))):
        if row.day is None:  # a day is what a replay tells time by
            continue
        key = (row.region_id, row.day)
        if key not in clocks:
            clocks[key] = now_in(session, session.get_one(Region, row.region_id), row.day)
        if row.offer_expires_at <= clocks[key]:
            found.append(row.id)
    return found
