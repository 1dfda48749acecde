"""Working days of one technician over HTTP."""

import datetime as dt
import uuid

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.board.api import Day
from backend.db.session import Database
from backend.technicians import shifts
from backend.technicians.hours import Hours
from backend.web.schemas import Body, Reply


class WorkingDayRead(Reply):
    """A day of a technician; `hours` are null without a shift, `visits` counts those that are still open."""

    day: dt.date
    hours: Hours | None
    visits: int
    is_absent: bool
    is_over: bool


class HoursWanted(Body):
    """`hours` null for a free day; `was` is what the day was shown with."""

    hours: Hours | None
    was: Hours | None


@get("/technicians/{technician_id:uuid}/shifts", operation_id="listShifts")
async def list_shifts(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    technician_id: FromPath[uuid.UUID],
    day: Day,
) -> list[WorkingDayRead]:
    """Seven days of a technician from a day on, in the hours of their region's clocks."""
    return [_read(each) for each in await db.read(shifts.week, actor, technician_id, day)]


@put("/technicians/{technician_id:uuid}/shifts/{day:date}", operation_id="setShift")
async def set_shift(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    technician_id: FromPath[uuid.UUID],
    day: FromPath[dt.date],
    data: JSONBody[HoursWanted],
) -> WorkingDayRead:
    """Give a day other hours, or none.

    409 `hours_changed` when it is no longer as `was` says; 422 `visits_in_shift` with the jobs' `numbers`
    when visits would lie outside, `absent` while an absence stands, `day_over` for a day that is over.
    """
    return _read(await db.write(shifts.set_hours, actor, technician_id, day, data.hours, data.was))


def _read(each: shifts.WorkingDay) -> WorkingDayRead:
    return WorkingDayRead(each.day, each.hours, each.visits, each.is_absent, each.is_over)


SHIFTS = (list_shifts, set_shift)
