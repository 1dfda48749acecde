"""Region-days as plain values, for tests that need no database."""

import datetime as dt
import uuid
from typing import Any

from backend.scheduling.day import (
    CurrentVisit,
    DayJob,
    DayShift,
    DayTechnician,
    DayVendor,
    FixedVisit,
    LatLng,
    RegionDay,
    local_midnight,
)
from tests.factories.scheduling import DAY, SKILL, around

SHANGHAI = "Asia/Shanghai"
VENDOR = DayVendor(uuid.UUID(int=99), "安心上门", 5, {("heater", "install"): 9_000})


def clock(hour: float, day: dt.date = DAY, zone: str = SHANGHAI) -> dt.datetime:
    """So many hours after a zone's midnight, as an instant."""
    return local_midnight(day, zone) + dt.timedelta(hours=hour)


def point(number: int) -> LatLng:
    return LatLng(*around(number))


def shift(start: float = 8.5, end: float = 18, *, rest: bool = True) -> DayShift:
    if not rest:
        return DayShift(clock(start), clock(end), None, None, 0)
    return DayShift(clock(start), clock(end), clock(11.5), clock(13.5), 2_700)


def technician(number: int = 1, **fields: Any) -> DayTechnician:
    values: dict[str, Any] = {
        "id": uuid.UUID(int=number),
        "name": f"T{number}",
        "vendor_id": None,
        "home": point(number * 5),
        "hourly_fen": 6_000,
        "per_km_fen": 80,
        "day_fee_fen": 0,
        "overtime_hourly_fen": 9_000,
        "overtime_limit_s": 3_600,
        "skills": {SKILL: 3},
        "certificates": {},
        "shift": shift(),
        "van": {},
    }
    return DayTechnician(**{**values, **fields})


def job(number: int = 1, hour: float | None = 10, **fields: Any) -> DayJob:
    values: dict[str, Any] = {
        "id": uuid.UUID(int=1_000 + number),
        "number": f"J{number}",
        "version": 1,
        "place_version": 1,
        "status": "booked",
        "job_type": "install",
        "category": "heater",
        "at": point(number),
        "duration_s": 3_000,
        "skill": SKILL,
        "level": 1,
        "certificate": None,
        "parts": {},
        "unserved_fen": 30_000,
        "priority": 0,
        "window_start": clock(hour) if hour is not None else None,
        "window_end": clock(hour + 2) if hour is not None else None,
        "is_technician_locked": False,
        "is_time_locked": False,
        "current": None,
    }
    return DayJob(**{**values, **fields})


def offered(who: DayTechnician, hour: float, duration_s: int = 3_000) -> CurrentVisit:
    return CurrentVisit(who.id, clock(hour), clock(hour) + dt.timedelta(seconds=duration_s))


def fixed(number: int, who: DayTechnician, start: float, end: float, **fields: Any) -> FixedVisit:
    values: dict[str, Any] = {
        "visit_id": uuid.UUID(int=2_000 + number),
        "number": f"F{number}",
        "job_type": "install",
        "category": "heater",
        "job_id": uuid.UUID(int=3_000 + number),
        "technician_id": who.id,
        "arrive_at": clock(start),
        "start_at": clock(start),
        "end_at": clock(end),
        "travel_s": 600,
        "travel_m": 3_000,
        "at": point(number),
        "is_begun": False,
        "is_open": True,
        "parts_due": {},
    }
    return FixedVisit(**{**values, **fields})


def region_day(
    *technicians: DayTechnician,
    jobs: tuple[DayJob, ...] = (),
    visits: tuple[FixedVisit, ...] = (),
    now: dt.datetime | None = None,
    **fields: Any,
) -> RegionDay:
    """A day seen from the day before, unless `now` says otherwise."""
    values: dict[str, Any] = {
        "org_id": uuid.UUID(int=1),
        "region_id": uuid.UUID(int=2),
        "zone": SHANGHAI,
        "day": DAY,
        "now": now or clock(-6),
        "depot": point(3),
        "technicians": technicians,
        "vendors": (VENDOR,),
        "jobs": jobs,
        "fixed": visits,
    }
    return RegionDay(**{**values, **fields})


def busy_day(jobs: int = 30) -> RegionDay:
    """More work than two technicians can do: a search has something to look for all the time."""
    return region_day(technician(1), technician(2), jobs=tuple(job(n, 9 + n % 8) for n in range(1, jobs + 1)))
