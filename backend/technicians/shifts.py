"""When a technician works: a week at a time, and a day changed by hand."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import RejectedError, StaleError
from backend.jobs import assignment
from backend.jobs.models import Job, Visit
from backend.live import absences
from backend.live.models import Absence
from backend.organisations import clock
from backend.organisations.models import Region
from backend.technicians.hours import Hours, columns, hold, shown
from backend.technicians.models import FreedDay, Shift, Technician

DAYS = 7
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class WorkingDay:
    """A day of somebody: their hours, open visits, and whether they are known not to come."""

    day: dt.date
    hours: Hours | None
    visits: int
    is_absent: bool
    is_over: bool


def week(session: Session, actor: Actor, technician_id: uuid.UUID, first: dt.date) -> list[WorkingDay]:
    """Seven days of a technician from `first` on. Raises NotFoundError."""
    actor.require(Permission.JOB_PLAN)
    clock.require_in_calendar(first)
    technician = assignment.technician_for(session, actor, technician_id)
    return _days(session, technician, [first + dt.timedelta(days=offset) for offset in range(DAYS)])


def set_hours(
    session: Session,
    actor: Actor,
    technician_id: uuid.UUID,
    day: dt.date,
    hours: Hours | None,
    was: Hours | None,
) -> WorkingDay:
    """Give a day other hours, or none; `was` is what the actor saw there.

    Raises StaleError `hours_changed` where it is no longer so, RejectedError `visits_in_shift` where visits
    would lie outside, `absent` where an absence stands, `day_over` for a day that is over.
    """
    actor.require(Permission.JOB_PLAN)
    clock.require_in_calendar(day)
    technician = assignment.technician_for(session, actor, technician_id)
    # Of two who have seen the same, the second must see what the first wrote, and the visits given meanwhile.
    hold(session, [technician.id])
    [standing] = _days(session, technician, [day])
    if standing.hours == hours:
        return standing
    if standing.hours != was:
        raise StaleError("The shift has been changed since.", code="hours_changed", name=technician.name)
    if standing.is_over:
        raise RejectedError("That day is over.", code="day_over")
    if standing.is_absent:
        raise RejectedError("An absence stands for that day; take it back first.", code="absent")
    _write(session, technician, day, hours)
    audit.record(
        session, actor, "shift.changed", "technician", technician.id,
        day=day.isoformat(), hours=_told(hours), was=_told(was),
    )  # fmt: skip
    absences.announce(session, actor, technician)
    [now] = _days(session, technician, [day])
    return now


def _write(session: Session, technician: Technician, day: dt.date, hours: Hours | None) -> None:
    wanted = columns(day, hours, zone_of(session, technician)) if hours else None
    shift = session.exec(
        select(Shift).where(Shift.technician_id == technician.id, Shift.day == day).with_for_update()
    ).first()
    _require_room(session, technician, day, shift, wanted)
    freed = session.get(FreedDay, (technician.id, day))
    if wanted is None:
        session.delete(shift)
        session.add(freed or FreedDay(technician_id=technician.id, day=day))
    else:
        if freed is not None:
            session.delete(freed)
        shift = shift or Shift(technician_id=technician.id, **wanted)
        for name, value in wanted.items():
            setattr(shift, name, value)
        session.add(shift)
    session.flush()


def _require_room(
    session: Session,
    technician: Technician,
    day: dt.date,
    shift: Shift | None,
    wanted: Mapping[str, Any] | None,
) -> None:
    """Raise RejectedError with the jobs whose visits lie less in the new hours than in the old."""
    before = (shift.starts_at, shift.ends_at) if shift else None
    after = (wanted["starts_at"], wanted["ends_at"]) if wanted else None
    query = (
        sa.select(col(Job.number), col(Visit.busy_from), col(Visit.busy_until))
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(*_open_visits([technician.id], [day]))
        .order_by(col(Visit.busy_from))
    )
    numbers = [
        number
        for number, begins, ends in session.execute(query)
        if _inside((begins, ends), after) < _inside((begins, ends), before)
    ]
    if numbers:
        raise RejectedError(
            "Visits lie in these hours; give them to somebody else first.",
            code="visits_in_shift",
            numbers=numbers,
        )


def _inside(visit: Span, hours: Span | None) -> dt.timedelta:
    """How much of a visit lies in some hours."""
    if hours is None:
        return dt.timedelta()
    return max(dt.timedelta(), min(visit[1], hours[1]) - max(visit[0], hours[0]))


def _days(session: Session, technician: Technician, days: Sequence[dt.date]) -> list[WorkingDay]:
    region = session.get_one(Region, technician.region_id)
    zone = ZoneInfo(region.zone)
    today = clock.present(session, region).astimezone(zone).date()
    standing = of_days(session, [technician.id], days)
    absent = _absent(session, technician, days)
    visits = _visits(session, technician, days)
    return [
        WorkingDay(
            day,
            shown(shift, zone) if (shift := standing.get((technician.id, day))) else None,
            visits.get(day, 0),
            day in absent,
            day < today,
        )
        for day in days
    ]


def of_days(
    session: Session, ids: Sequence[uuid.UUID], days: Sequence[dt.date]
) -> dict[tuple[uuid.UUID, dt.date], Shift]:
    """Shifts by technician and day."""
    query = select(Shift).where(col(Shift.technician_id).in_(ids), col(Shift.day).in_(days))
    return {(shift.technician_id, shift.day): shift for shift in session.exec(query)}


def zone_of(session: Session, technician: Technician) -> ZoneInfo:
    """Where somebody works, as clocks go."""
    return ZoneInfo(session.get_one(Region, technician.region_id).zone)


def _absent(session: Session, technician: Technician, days: Sequence[dt.date]) -> set[dt.date]:
    query = sa.select(col(Absence.day)).where(
        col(Absence.technician_id) == technician.id,
        col(Absence.day).in_(days),
        col(Absence.taken_back_at).is_(None),
    )
    return set(session.execute(query).scalars())


def _visits(session: Session, technician: Technician, days: Sequence[dt.date]) -> dict[dt.date, int]:
    query = (
        sa.select(col(Job.day), sa.func.count())
        .select_from(Visit)
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(*_open_visits([technician.id], days))
        .group_by(col(Job.day))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _open_visits(ids: Sequence[uuid.UUID], days: Sequence[dt.date]) -> list[sa.ColumnElement[bool]]:
    return [
        col(Visit.technician_id).in_(ids),
        col(Visit.outcome).is_(None),
        col(Job.day).in_(days),
    ]


def _told(hours: Hours | None) -> str | None:
    return f"{hours.begins}-{hours.until}" if hours else None
