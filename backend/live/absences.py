"""Somebody is ill or leaves early, and comes back after all."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import NotFoundError, StaleError
from backend.jobs import assignment
from backend.jobs.lifecycle import OFFERED
from backend.jobs.models import Job, Visit
from backend.live.models import Absence
from backend.technicians.hours import hold
from backend.technicians.models import Shift, Technician


def note(
    session: Session, actor: Actor, technician_id: uuid.UUID, day: dt.date, since: dt.datetime | None
) -> int:
    """A technician is not there that day, or no longer from `since` on; how many visits that affects."""
    actor.require(Permission.JOB_PLAN)
    technician = assignment.technician_for(session, actor, technician_id)
    hold(session, [technician.id])
    shift = _shift(session, technician, day)
    if shift is None:
        raise NotFoundError("There is no shift that day.")
    session.add(_as_it_was(actor, technician, shift, since))
    if since is None or since <= shift.starts_at:
        session.delete(shift)
    elif since < shift.ends_at:
        shift.ends_at = since
        if shift.break_until is not None and shift.break_until > since:
            shift.break_from, shift.break_until, shift.break_s = None, None, 0
    session.flush()
    what = {"day": day.isoformat(), "since": since.isoformat() if since else None}
    audit.record(session, actor, "technician.absent", "technician", technician.id, **what)
    announce(session, actor, technician)
    return _affected(session, technician.id, day, since)


def take_back(session: Session, actor: Actor, technician_id: uuid.UUID, day: dt.date) -> Shift:
    """Give back the shift that the last absence of the day took; visits given away since stay where they are.

    Raises NotFoundError when no absence stands, StaleError `shift_changed` when the shift was changed since.
    """
    actor.require(Permission.JOB_PLAN)
    technician = assignment.technician_for(session, actor, technician_id)
    hold(session, [technician.id])
    noted = standing(session, technician.id, day)
    if noted is None:
        raise NotFoundError("No absence is noted for that day.")
    shift = _shift(session, technician, day)
    left_until = noted.since if noted.since is not None and noted.since > noted.starts_at else None
    if (shift.ends_at if shift else None) != (min(left_until, noted.ends_at) if left_until else None):
        raise StaleError("The shift has been changed since.", code="shift_changed", name=technician.name)
    shift = shift or Shift(
        technician_id=technician.id, day=day, starts_at=noted.starts_at, ends_at=noted.ends_at
    )
    shift.ends_at, shift.break_s = noted.ends_at, noted.break_s
    shift.break_from, shift.break_until = noted.break_from, noted.break_until
    session.add(shift)
    noted.taken_back_at = utc_now()
    session.flush()
    audit.record(session, actor, "technician.back", "technician", technician.id, day=day.isoformat())
    announce(session, actor, technician)
    return shift


def standing(session: Session, technician_id: uuid.UUID, day: dt.date) -> Absence | None:
    """The newest absence of the day that has not been taken back."""
    query = (
        select(Absence)
        .where(
            Absence.technician_id == technician_id, Absence.day == day, col(Absence.taken_back_at).is_(None)
        )
        .order_by(col(Absence.id).desc())
    )
    return session.exec(query.with_for_update()).first()


def _shift(session: Session, technician: Technician, day: dt.date) -> Shift | None:
    query = select(Shift).where(Shift.technician_id == technician.id, Shift.day == day)
    return session.exec(query.with_for_update()).first()


def _as_it_was(actor: Actor, technician: Technician, shift: Shift, since: dt.datetime | None) -> Absence:
    return Absence(
        org_id=technician.org_id,
        technician_id=technician.id,
        day=shift.day,
        since=since,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        break_from=shift.break_from,
        break_until=shift.break_until,
        break_s=shift.break_s,
        noted_by=actor.name,
    )


def announce(session: Session, actor: Actor, technician: Technician) -> None:
    """Put a technician's other day on the feed."""
    append_change(
        session,
        actor.org_id,
        "technician",
        technician.id,
        region_id=technician.region_id,
        technician_id=technician.id,
        vendor_id=technician.vendor_id,
    )


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
