"""Putting a week together."""

import datetime as dt
import uuid

from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.board import repository as board
from backend.board.schemas import VendorRead
from backend.errors import BadInputError
from backend.organisations.clock import FIRST_DAY, LAST_DAY
from backend.organisations.service import get_region
from backend.sync.schemas import Span
from backend.technicians.models import Shift
from backend.weeks import repository
from backend.weeks.schemas import Load, TechnicianDay, TechnicianWeek, Week

DAYS = 7


def week(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> Week:
    """The week, Monday to Sunday, that a day lies in, as the actor may see it."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInputError("The day is out of range.", code="bad_day")
    monday = day - dt.timedelta(days=day.weekday())
    days = [monday + dt.timedelta(days=n) for n in range(DAYS)]
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


def _day(load: tuple[int, int], shift: Shift | None) -> TechnicianDay:
    jobs, work_s = load
    if shift is None:
        return TechnicianDay(jobs, work_s, 0, None)
    length_s = int((shift.ends_at - shift.starts_at).total_seconds()) - shift.break_s
    return TechnicianDay(jobs, work_s, length_s, Span(shift.starts_at, shift.ends_at))
