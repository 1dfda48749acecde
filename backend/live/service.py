"""Exceptions of a day, what a remedy would need to know, and putting one into force."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.board import repository as boards
from backend.board.repository import Row
from backend.board.service import lateness_of
from backend.errors import BadInputError, NotFoundError, StaleError
from backend.jobs import assignment
from backend.jobs import service as jobs
from backend.jobs.assignment import Assignment
from backend.jobs.lifecycle import OFFERED, JobStatus
from backend.jobs.models import Job
from backend.jobs.repository import visible_to
from backend.live import rules
from backend.live.asked import AskRemedies
from backend.live.exceptions import UNBOOKED, Limits, Trouble, Watched, find
from backend.organisations.clock import now_in, require_in_calendar
from backend.organisations.models import Region
from backend.organisations.service import get_region
from backend.scheduling import repository as scheduling
from backend.technicians.models import LastPosition

MOST_UNBOOKED = 200


@dataclass(frozen=True)
class Chosen:
    """A remedy somebody decided for: jobs with the version it was worked out from."""

    assignments: Sequence[Assignment]
    take_back: Sequence[uuid.UUID]
    versions: dict[uuid.UUID, int]


def exceptions(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> list[Trouble]:
    """What has gone wrong in a region's day, as far as the actor may see it."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    now = now_in(session, region, day)
    return troubles(session, actor, region, day, boards.visit_rows(session, actor, region.id, day), now)


def troubles(
    session: Session, actor: Actor, region: Region, day: dt.date, rows: Sequence[Row], now: dt.datetime
) -> list[Trouble]:
    """The exceptions among a day's rows, and among reports of the region that have no day yet."""
    who = {row.technician_id for row in rows if row.technician_id is not None}
    shifts = {
        technician_id: (shift.starts_at, shift.ends_at)
        for technician_id, shift in boards.shifts(session, who, day).items()
    }
    query = select(LastPosition.technician_id, LastPosition.at).where(
        col(LastPosition.technician_id).in_(list(who))
    )
    positions = {row[0]: row[1] for row in session.exec(query)}
    found = rules.of(session, actor.org_id)
    book_within = dt.timedelta(hours=found.book_within_h) if found.book_within_h is not None else None
    limits = Limits(book_within, dt.timedelta(minutes=found.warn_minutes))
    watched = [_watched(row) for row in rows]
    if book_within is not None and day == now.astimezone(ZoneInfo(region.zone)).date():
        watched += _unbooked(session, actor, region, now + limits.warn - book_within)
    return find(watched, lateness_of(rows, now), shifts, positions, now, limits)


def _unbooked(session: Session, actor: Actor, region: Region, until: dt.datetime) -> list[Watched]:
    """Reports older than `until` that nobody has agreed a time for, the oldest first."""
    query = (
        sa.select(col(Job.id), col(Job.number), col(Job.status), col(Job.duration_s), col(Job.created_at))
        .where(
            visible_to(actor),
            col(Job.region_id) == region.id,
            col(Job.day).is_(None),
            col(Job.status).in_(UNBOOKED),
            col(Job.created_at) <= until,
        )
        .order_by(col(Job.created_at), col(Job.id))
        .limit(MOST_UNBOOKED)
    )
    return [
        Watched(
            job_id, number, status, None, None, dt.timedelta(seconds=duration_s), None, None, None, created_at
        )
        for job_id, number, status, duration_s, created_at in session.execute(query)
    ]


def question(
    session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date, job_ids: Sequence[uuid.UUID]
) -> tuple[AskRemedies, dict[uuid.UUID, tuple[int, str]]]:
    """What remedies are worked out from, and version and number of the day's jobs.

    A region's day shows every vendor's, so vendors may not ask.
    """
    actor.require(Permission.PLAN_RUN)
    region = get_region(session, actor, region_id)
    require_in_calendar(day)
    known = set(
        session.exec(
            select(Job.id).where(col(Job.id).in_(job_ids), Job.region_id == region.id, Job.day == day)
        )
    )
    if known != set(job_ids):
        raise NotFoundError("No such job on this day.")
    seen = scheduling.load_day(session, region, day, now_in(session, region, day))
    # Read with the day: what changes while remedies are worked out makes them stale.
    return AskRemedies(seen, tuple(job_ids)), versions_of(session, [job.id for job in seen.jobs])


def jobs_of(
    session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date, technician_id: uuid.UUID
) -> list[uuid.UUID]:
    """The jobs a technician still has to come to that day."""
    actor.require(Permission.PLAN_RUN)
    assignment.technician_for(session, actor, technician_id)
    query = select(Job.id).where(
        Job.org_id == actor.org_id,
        Job.region_id == region_id,
        Job.day == day,
        Job.technician_id == technician_id,
        col(Job.status).in_(OFFERED),
    )
    return list(session.exec(query.order_by(col(Job.window_start), col(Job.id))))


def versions_of(session: Session, job_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, str]]:
    """Version and number by job."""
    query = select(Job.id, Job.version, Job.number).where(col(Job.id).in_(list(job_ids)))
    return {row[0]: (row[1], row[2]) for row in session.exec(query)}


def apply(session: Session, actor: Actor, chosen: Chosen) -> list[tuple[uuid.UUID, str, int]]:
    """Put a remedy into force, all of it or nothing; returns id, number and new version of what changed.

    Raises StaleError naming what has changed since it was worked out. The database refuses taken times.
    """
    actor.require(Permission.JOB_PLAN)
    wanted = [each.job_id for each in chosen.assignments]
    if set(wanted) & set(chosen.take_back) or len(set(wanted)) != len(wanted):
        raise BadInputError("A job is listed twice.", code="bad_remedy")
    visible = jobs.visible_ids(session, actor, [*wanted, *chosen.take_back])
    if visible != {*wanted, *chosen.take_back}:
        raise NotFoundError("No such job.")
    for each in chosen.assignments:
        assignment.technician_for(session, actor, each.technician_id)
    refuse_stale(session, actor, chosen.versions)
    changed = assignment.apply_assignments(
        session, actor, chosen.assignments, plan_id=None, unassign=chosen.take_back
    )
    audit.record(session, actor, "remedy.applied", "job", None, changed=len(changed))
    session.flush()
    now = versions_of(session, changed)
    return [(job_id, now[job_id][1], now[job_id][0]) for job_id in changed]


def refuse_stale(session: Session, actor: Actor, versions: dict[uuid.UUID, int]) -> None:
    """Hold jobs; raise StaleError naming those that no longer have the version that is known.

    NotFoundError when the actor may not see one of them: the name would tell of it.
    """
    if jobs.visible_ids(session, actor, list(versions)) != set(versions):
        raise NotFoundError("No such job.")
    query = select(Job.id, Job.version, Job.number).where(col(Job.id).in_(list(versions)))
    rows = session.exec(query.order_by(col(Job.id)).with_for_update()).all()
    stale = sorted(number for job_id, version, number in rows if versions[job_id] != version)
    if stale:
        raise StaleError("The day has changed since this was worked out.", numbers=stale)


def _watched(row: Row) -> Watched:
    return Watched(
        job_id=row.id,
        number=row.number,
        status=JobStatus(row.status),
        technician_id=row.technician_id,
        start_at=row.visit_busy_from,
        duration=dt.timedelta(seconds=row.duration_s),
        departed_at=row.visit_departed_at,
        arrived_at=row.visit_arrived_at,
        window_end=row.window_end,
    )
