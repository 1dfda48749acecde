"""Working days made from hours of the week."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.company.file import WEEKDAYS, CompanyFile, TechnicianTold
from backend.company.rows import Rows
from backend.live.models import Absence
from backend.organisations.models import Region
from backend.technicians.hours import hours_of
from backend.technicians.models import FreedDay, Shift, Technician

Days = set[tuple[uuid.UUID, dt.date]]


def write_shifts(
    rows: Rows,
    told: CompanyFile,
    technicians: Mapping[str, tuple[Technician, Region]],
    now: dt.datetime,
    days: int,
) -> None:
    """Make the shifts of the next days that are not there yet.

    A shift that is there stays as it is, and a day somebody was told absent for, or made free by hand, stays
    free; the report names the latter.
    """
    ids = [who.id for who, _region in technicians.values()]
    taken, freed = _taken(rows.session, ids), _freed(rows.session, ids)
    for row in told.technicians:
        who, region = technicians[row.login]
        if who.is_active and row.week:
            _write_week(rows, told, row, (who, region), now, days, taken, freed)


def _write_week(
    rows: Rows,
    told: CompanyFile,
    row: TechnicianTold,
    whose: tuple[Technician, Region],
    now: dt.datetime,
    days: int,
    taken: Days,
    freed: Days,
) -> None:
    (who, region), made = whose, 0
    left = []
    for values in _wanted(told, row, ZoneInfo(region.zone), now, days):
        if (who.id, values["day"]) in freed - taken:
            left.append(values["day"].isoformat())
        is_new = (who.id, values["day"]) not in freed | taken
        rows.report.count("shift", row.login, is_new=is_new)
        if is_new:
            rows.session.add(Shift(technician_id=who.id, **values))
            made += 1
    if left:
        rows.report.left.append(f"{row.login} {', '.join(left)}: made free by hand")
    if made:
        audit.record(rows.session, rows.actor, "shifts.created", "technician", who.id, shifts=made)


def _wanted(
    told: CompanyFile, row: TechnicianTold, zone: ZoneInfo, now: dt.datetime, days: int
) -> Iterable[dict[str, Any]]:
    """What somebody's week makes of the days from today on, as the region's zone counts them."""
    first = now.astimezone(zone).date()
    for offset in range(days):
        day = first + dt.timedelta(days=offset)
        key = row.week.get(WEEKDAYS[day.weekday()])
        if key is None or day in told.days_off:
            continue
        said = told.shifts[key]
        values = hours_of(day, said.begins, said.until, said.pause, said.break_minutes, zone)
        if values["starts_at"] < values["ends_at"]:  # hours that the clocks leave out that day are none
            yield values


def _freed(session: Session, ids: list[uuid.UUID]) -> Days:
    """Days that somebody made free by hand."""
    query = sa.select(col(FreedDay.technician_id), col(FreedDay.day))
    return {(who, day) for who, day in session.execute(query.where(col(FreedDay.technician_id).in_(ids)))}


def _taken(session: Session, ids: list[uuid.UUID]) -> Days:
    """Days on which a technician has a shift, or is known not to come."""
    shifts = sa.select(col(Shift.technician_id), col(Shift.day)).where(col(Shift.technician_id).in_(ids))
    absent = sa.select(col(Absence.technician_id), col(Absence.day)).where(
        col(Absence.technician_id).in_(ids), col(Absence.taken_back_at).is_(None)
    )
    return {(who, day) for query in (shifts, absent) for who, day in session.execute(query)}
