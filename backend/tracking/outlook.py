"""Every arrival a region still waits for today, as its customers' pages have it, in a few queries."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.customers.models import Place
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.jobs.repository import day_filter
from backend.organisations.models import Region
from backend.technicians.models import LastPosition
from backend.tracking import lessons
from backend.tracking.arrival import Forecast
from backend.tracking.attempts import SAME_DAY, Attempt, Course, attempt_in, courses
from backend.tracking.coming import TO_COME, forecast_of
from backend.tracking.experience import Experience
from backend.tracking.facts import Seen, seen_on_the_way


@dataclass(frozen=True)
class Outlook:
    """A promised window of today, and when its technician is expected."""

    job_id: uuid.UUID
    window: tuple[dt.datetime, dt.datetime]
    forecast: Forecast


@dataclass(frozen=True)
class _Awaited:
    now: dt.datetime
    zone: str
    status: JobStatus
    window: tuple[dt.datetime, dt.datetime]
    home: tuple[float, float] | None
    attempt: Attempt
    seen: Seen | None
    experience: Experience


def outlook(session: Session, region: Region, day: dt.date, now: dt.datetime) -> list[Outlook]:
    """The promised arrivals still to come on a region's day, as of `now`."""
    rows = session.execute(_promised(region.id, day)).all()
    if not rows:
        return []
    experience = lessons.experience_of(session, region.org_id)
    starts = [visit.busy_from for _, visit, *_ in rows]
    who = {visit.technician_id for _, visit, *_ in rows}
    ahead = courses(session, who, min(starts) - SAME_DAY, max(starts))
    found = []
    for job, visit, lat, lng, last in rows:
        awaited = _Awaited(
            now=now,
            zone=region.zone,
            status=job.status,
            window=(job.window_start, job.window_end),
            home=(lat, lng) if lat is not None and lng is not None else None,
            attempt=attempt_in(ahead.get(visit.technician_id, Course()), job.status, visit, now, experience),
            seen=seen_on_the_way(visit, last) if job.status is JobStatus.EN_ROUTE else None,
            experience=experience,
        )
        forecast = forecast_of(awaited)
        if forecast is not None:
            found.append(Outlook(job.id, awaited.window, forecast))
    return found


def _promised(
    region_id: uuid.UUID, day: dt.date
) -> sa.Select[Job, Visit, float | None, float | None, LastPosition]:
    return (
        sa.select(Job, Visit, col(Place.lat), col(Place.lng), LastPosition)
        .join(Visit, sa.and_(col(Visit.job_id) == col(Job.id), col(Visit.outcome).is_(None)))
        .join(Place, col(Place.id) == col(Job.place_id))
        .outerjoin(LastPosition, col(LastPosition.technician_id) == col(Visit.technician_id))
        .where(
            *day_filter(region_id, day),
            col(Job.status).in_(TO_COME),
            col(Job.technician_id).is_not(None),
            col(Job.window_start).is_not(None),
            col(Job.window_end).is_not(None),
        )
    )
