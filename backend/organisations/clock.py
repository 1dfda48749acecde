"""What time it is for a region's day: the wall's clock, or how far a replayed day has come.

A replay (the demo company) plays a day faster than real time or at another time of day, so there the phones'
own times are the truth.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation, Region
from backend.technicians.models import LastPosition, Technician


def is_replay(session: Session, region: Region) -> bool:
    """Whether the region's organisation is a replay."""
    return session.get_one(Organisation, region.org_id).is_replay


def now_in(session: Session, region: Region, day: dt.date) -> dt.datetime:
    """The present instant of a region's day (UTC)."""
    if not is_replay(session, region):
        return utc_now()
    zone = ZoneInfo(region.zone)
    begins = dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, zone).astimezone(dt.UTC)
    moments = [*_visit_moments(session, region, day), *_positions(session, region)]
    return max((at for at in moments if at is not None and begins <= at < ends), default=begins)


def _visit_moments(session: Session, region: Region, day: dt.date) -> list[dt.datetime | None]:
    columns = (Visit.departed_at, Visit.arrived_at, Visit.completed_at)
    query = (
        sa.select(*(sa.func.max(column) for column in columns))
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(col(Job.region_id) == region.id, col(Job.day) == day)
    )
    return list(session.execute(query).one())


def _positions(session: Session, region: Region) -> list[dt.datetime | None]:
    query = (
        sa.select(sa.func.max(col(LastPosition.at)))
        .join(Technician, col(Technician.id) == col(LastPosition.technician_id))
        .where(col(Technician.region_id) == region.id)
    )
    return list(session.execute(query).scalars())
