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
    return [*offers.lines_over(session, utc_now(), AT_ONCE), *_due_lines_in_replays(session)]


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


class _Clocks:
    """The present of each replayed day, asked for once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._now: dict[tuple[uuid.UUID, dt.date], dt.datetime] = {}

    def now(self, region_id: uuid.UUID, day: dt.date) -> dt.datetime:
        if (region_id, day) not in self._now:
            region = self._session.get_one(Region, region_id)
            self._now[region_id, day] = now_in(self._session, region, day)
        return self._now[region_id, day]


def _due_in_replays(session: Session) -> list[uuid.UUID]:
    clocks = _Clocks(session)
    rows = session.execute(_offers().where(col(Organisation.is_replay).is_(True)))
    # A day is what a replay tells time by.
    return [
        row.id
        for row in rows
        if row.day is not None and row.offer_expires_at <= clocks.now(row.region_id, row.day)
    ]


def _due_lines_in_replays(session: Session) -> list[uuid.UUID]:
    clocks = _Clocks(session)
    return [
        line_id
        for line_id, region_id, day, expires_at in offers.replayed_lines(session)
        if expires_at is not None and expires_at <= clocks.now(region_id, day)
    ][:AT_ONCE]
