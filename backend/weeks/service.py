"""Putting a week together."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.board import repository as board
from backend.board.schemas import LockRead, VendorRead
from backend.organisations.clock import require_in_calendar
from backend.organisations.service import get_region
from backend.sync.schemas import Span
from backend.technicians.models import Shift
from backend.weeks import repository
from backend.weeks.schemas import Load, TechnicianDay, TechnicianWeek, WaitingRead, Week

DAYS = 7
MOST_WAITING = 500


def week(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> Week:
    """The week, Monday to Sunday, that a day lies in, as the actor may see it."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    days = days_of(day)
    people = board.technicians(session, actor, region.id)
    ids = [technician.id for technician, _ in people]
    skills = board.skills(session, ids)
    loads = repository.loads(session, actor, region.id, days)
    shifts = repository.shifts(session, ids, days)
    return Week(
        days=days,
        technicians=[
            TechnicianWeek(
                id=one.id,
                name=one.name,
                vendor=VendorRead(one.vendor_id, vendor_name or "") if one.vendor_id else None,
                skills=[skill.skill for skill in skills[one.id]],
                days=[_day(loads.get((on, one.id), (0, 0)), shifts.get((on, one.id))) for on in days],
            )
            for one, vendor_name in people
        ],
        unassigned=[Load(*loads.get((on, None), (0, 0))) for on in days],
    )


def waiting(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> list[WaitingRead]:
    """What nobody has in the week a day lies in: by day, the urgent first, at most `MOST_WAITING`."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    return [
        _waiting(row) for row in repository.waiting(session, actor, region.id, days_of(day), MOST_WAITING)
    ]


def days_of(day: dt.date) -> list[dt.date]:
    """The week, Monday to Sunday, that a day lies in; BadInputError outside the calendar."""
    require_in_calendar(day)
    monday = day - dt.timedelta(days=day.weekday())
    return [monday + dt.timedelta(days=n) for n in range(DAYS)]


def _waiting(row: sa.Row[Any]) -> WaitingRead:
    return WaitingRead(
        job_id=row.id,
        number=row.number,
        day=row.day,
        version=row.version,
        status=row.status,
        type=row.type,
        window=Span(row.window_start, row.window_end),
        customer_name=row.customer_name,
        community=row.community,
        skill=row.skill,
        level=row.level,
        service_s=row.duration_s,
        priority=row.priority,
        lock=LockRead(row.lock_technician, row.lock_time),
        reason=dict(row.unserved_reason) if row.unserved_reason else None,
    )


def _day(load: tuple[int, int], shift: Shift | None) -> TechnicianDay:
    jobs, work_s = load
    if shift is None:
        return TechnicianDay(jobs, work_s, 0, None)
    length_s = int((shift.ends_at - shift.starts_at).total_seconds()) - shift.break_s
    return TechnicianDay(jobs, work_s, length_s, Span(shift.starts_at, shift.ends_at))
