"""The visit a customer waits for, and how long what its technician has before it still takes."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
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


@dataclass(frozen=True)
class Course:
    """What a technician still has before them, as (planned start, leg) in driving order."""

    legs: Sequence[tuple[dt.datetime, Leg]] = ()

    def before(self, visit: Visit) -> list[Leg]:
        """What comes before a visit on the same day."""
        return [leg for start, leg in self.legs if visit.busy_from - SAME_DAY < start < visit.busy_from]


def attempt_of(
    session: Session, status: JobStatus, visit: Visit, now: dt.datetime, experience: Experience
) -> Attempt:
    """The visit as of `now`, its job in `status`."""
    who, until = visit.technician_id, visit.busy_from
    found = courses(session, [who], until - SAME_DAY, until) if status in OFFERED else {}
    return attempt_in(found.get(who, Course()), status, visit, now, experience)


def attempt_in(
    course: Course, status: JobStatus, visit: Visit, now: dt.datetime, experience: Experience
) -> Attempt:
    """The same, of a course at hand. What comes before matters until the technician has left for the door."""
    ahead = course.before(visit) if status in OFFERED else []
    return Attempt(
        arrive_at=visit.arrive_at,
        travel=dt.timedelta(seconds=visit.travel_s),
        travel_m=visit.travel_m,
        departed_at=visit.departed_at,
        arrived_at=visit.arrived_at,
        stops_ahead=len(ahead),
        ahead=waits(ahead, now, experience),
    )


def courses(
    session: Session, technician_ids: Collection[uuid.UUID], after: dt.datetime, before: dt.datetime
) -> dict[uuid.UUID, Course]:
    """By technician, the visits still ahead of them that are planned to begin between two instants."""
    query = (
        sa.select(
            col(Visit.technician_id),
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
            col(Visit.technician_id).in_(technician_ids),
            col(Visit.outcome).is_(None),
            col(Visit.busy_from) < before,
            col(Visit.busy_from) > after,
            col(Job.status).in_(AHEAD),
        )
        .order_by(col(Visit.busy_from))
    )
    legs: defaultdict[uuid.UUID, list[tuple[dt.datetime, Leg]]] = defaultdict(list)
    for row in session.execute(query):
        leg = Leg(
            skill=row.skill,
            arrive_at=row.arrive_at,
            work=row.busy_until - row.busy_from,
            travel=dt.timedelta(seconds=row.travel_s),
            window_start=row.window_start,
            departed_at=row.departed_at,
            arrived_at=row.arrived_at,
        )
        legs[row.technician_id].append((row.busy_from, leg))
    return {who: Course(found) for who, found in legs.items()}
