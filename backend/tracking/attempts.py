"""The visit a customer waits for, and how long what its technician has before it still takes."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.jobs.lifecycle import AT_WORK, OFFERED, JobStatus
from backend.jobs.models import Job, Visit
from backend.tracking.course import Leg, waits
from backend.tracking.experience import Experience

AHEAD = OFFERED | AT_WORK | {JobStatus.EN_ROUTE, JobStatus.REWORK}
SAME_DAY = dt.timedelta(hours=16)


@dataclass(frozen=True)
class Attempt:
    """The visit's plan and what has become of it. `stops_ahead` and `ahead` cover the work before it."""

    arrive_at: dt.datetime
    travel: dt.timedelta
    travel_m: int
    departed_at: dt.datetime | None
    arrived_at: dt.datetime | None
    stops_ahead: int = 0
    ahead: dt.timedelta = dt.timedelta(0)


def attempt_of(session: Session, job: Job, visit: Visit, now: dt.datetime, experience: Experience) -> Attempt:
    """The visit as of `now`; what comes before it matters until the technician has left for it."""
    ahead = _ahead(session, visit) if job.status in OFFERED else []
    return Attempt(
        arrive_at=visit.arrive_at,
        travel=dt.timedelta(seconds=visit.travel_s),
        travel_m=visit.travel_m,
        departed_at=visit.departed_at,
        arrived_at=visit.arrived_at,
        stops_ahead=len(ahead),
        ahead=waits(ahead, now, experience),
    )


def _ahead(session: Session, visit: Visit) -> list[Leg]:
    """The visits the technician has before this one today, in driving order."""
    query = (
        sa.select(
            col(Job.skill),
            col(Visit.arrive_at),
            col(Visit.busy_from),
            col(Visit.busy_until),
            col(Visit.travel_s),
            col(Job.window_start),
            col(Visit.departed_at),
            col(Visit.arrived_at),
        )
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(
            col(Visit.technician_id) == visit.technician_id,
            col(Visit.outcome).is_(None),
            col(Visit.busy_from) < visit.busy_from,
            col(Visit.busy_from) > visit.busy_from - SAME_DAY,
            col(Job.status).in_(AHEAD),
        )
        .order_by(col(Visit.busy_from))
    )
    return [
        Leg(
            skill=row.skill,
            arrive_at=row.arrive_at,
            work=row.busy_until - row.busy_from,
            travel=dt.timedelta(seconds=row.travel_s),
            window_start=row.window_start,
            departed_at=row.departed_at,
            arrived_at=row.arrived_at,
        )
        for row in session.execute(query)
    ]
