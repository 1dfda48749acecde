"""Exceptions of a day, what a remedy would need to know, and putting one into force."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.audit.feed import append_change
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
from backend.jobs.models import Job, Visit
from backend.live.asked import AskRemedies
from backend.live.exceptions import Trouble, Watched, find
from backend.organisations.clock import FIRST_DAY, LAST_DAY, now_in
from backend.organisations.service import get_region
from backend.scheduling import repository as scheduling
from backend.technicians.models import LastPosition, Shift


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
    rows = boards.visit_rows(session, actor, region.id, day)
    who = {row.technician_id for row in rows if row.technician_id is not None}
    shifts = {
        technician_id: (shift.starts_at, shift.ends_at)
        for technician_id, shift in boards.shifts(session, who, day).items()
    }
    query = select(LastPosition.technician_id, LastPosition.at).where(
        col(LastPosition.technician_id).in_(list(who))
    )
    positions = {row[0]: row[1] for row in session.exec(query)}
    return find([_watched(row) for row in rows], lateness_of(rows, now), shifts, positions, now)


def question(
    session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date, job_ids: Sequence[uuid.UUID]
) -> tuple[AskRemedies, dict[uuid.UUID, tuple[int, str]]]:
    """What remedies are worked out from, and version and number of the day's jobs.

    A region's day shows every vendor's, so vendors may not ask.
    """
    actor.require(Permission.PLAN_RUN)
    region = get_region(session, actor, region_id)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInputError("The day is out of range.", code="bad_day")
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


def apply(session: Session, actor: Actor, chosen: Chosen) -> list[uuid.UUID]:
    """Put a remedy into force, all of it or nothing; returns the jobs that changed.

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
    _refuse_stale(session, chosen.versions)
    changed = assignment.apply_assignments(
        session, actor, chosen.assignments, plan_id=None, unassign=chosen.take_back
    )
    audit.record(session, actor, "remedy.applied", "job", None, changed=len(changed))
    return changed


def note_absence(
    session: Session, actor: Actor, technician_id: uuid.UUID, day: dt.date, since: dt.datetime | None
) -> int:
    """A technician is not there that day, or no longer from `since` on; how many visits that affects."""
    actor.require(Permission.JOB_PLAN)
    technician = assignment.technician_for(session, actor, technician_id)
    query = select(Shift).where(Shift.technician_id == technician.id, Shift.day == day)
    shift = session.exec(query.with_for_update()).first()
    if shift is None:
        raise NotFoundError("There is no shift that day.")
    if since is None or since <= shift.starts_at:
        session.delete(shift)
    elif since < shift.ends_at:
        shift.ends_at = since
        if shift.break_until is not None and shift.break_until > since:
            shift.break_from, shift.break_until, shift.break_s = None, None, 0
    session.flush()
    what = {"day": day.isoformat(), "since": since.isoformat() if since else None}
    audit.record(session, actor, "technician.absent", "technician", technician.id, **what)
    append_change(
        session,
        actor.org_id,
        "technician",
        technician.id,
        region_id=technician.region_id,
        technician_id=technician.id,
        vendor_id=technician.vendor_id,
    )
    return _affected(session, technician.id, day, since)


def _affected(session: Session, technician_id: uuid.UUID, day: dt.date, since: dt.datetime | None) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(Visit)
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(
            col(Visit.technician_id) == technician_id,
            col(Visit.outcome).is_(None),
            col(Job.day) == day,
            col(Job.status).in_(OFFERED),
        )
    )
    if since is not None:
        query = query.where(col(Visit.busy_from) >= since)
    return int(session.execute(query).scalar_one())


def _refuse_stale(session: Session, versions: dict[uuid.UUID, int]) -> None:
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
    )
