"""What time it is for a region's day: the wall's clock, or how far a replayed day has come.

A replay (the demo company) plays a day faster than real time or at another time of day, so there the phones'
own times are the truth.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation, Region
from backend.technicians.models import LastPosition, Shift, Technician

# Outside them a day has no neighbours in every zone.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
TIME_TO_ACT = dt.timedelta(hours=2)


def require_in_calendar(day: dt.date) -> None:
    """Raise BadInputError for a day without neighbours in every zone."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInputError("The day is out of range.", code="bad_day")


def is_replay(session: Session, region: Region) -> bool:
    """Whether the region's organisation is a replay."""
    return session.get_one(Organisation, region.org_id).is_replay


def now_in(session: Session, region: Region, day: dt.date) -> dt.datetime:
    """The present instant of a region's day (UTC)."""
    if not is_replay(session, region) or not FIRST_DAY <= day <= LAST_DAY:
        return utc_now()
    zone = ZoneInfo(region.zone)
    begins = dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, zone).astimezone(dt.UTC)
    moments = [*_visit_moments(session, region, day), *_positions(session, region)]
    happened = [at for at in moments if at is not None and begins <= at < ends]
    return max(happened) if happened else _first_shift(session, region, day) or begins


def present(session: Session, region: Region) -> dt.datetime:
    """The present instant (UTC) of a region: of the day a replay is in the middle of, or begins with."""
    if not is_replay(session, region):
        return utc_now()
    return now_in(session, region, open_day(session, region))


def open_day(session: Session, region: Region) -> dt.date:
    """The earliest day, as the region's zone counts days, with open work that there is still time for."""
    return open_days(session, [region])[region.id]


def open_days(session: Session, regions: Collection[Region]) -> dict[uuid.UUID, dt.date]:
    """The `open_day` of each region of one organisation, by its id."""
    if not regions:
        return {}
    now = utc_now()
    todays = {region.id: now.astimezone(ZoneInfo(region.zone)).date() for region in regions}
    query = sa.select(col(Job.region_id), sa.func.min(col(Job.day))).where(col(Job.status).not_in(FINISHED))
    if is_replay(session, next(iter(regions))):
        query = query.where(col(Job.region_id).in_(todays))
    else:
        query = query.where(sa.or_(*_from_today(todays)), col(Job.window_end) > now + TIME_TO_ACT)
    found = session.execute(query.group_by(col(Job.region_id)))
    return todays | {region_id: day for region_id, day in found if day is not None}


def _from_today(todays: dict[uuid.UUID, dt.date]) -> list[sa.ColumnElement[bool]]:
    """A job's day is not over where it is; all zones together have no more than three dates at a time."""
    return [
        sa.and_(
            col(Job.region_id).in_([one for one, today in todays.items() if today == date]),
            col(Job.day) >= date,
        )
        for date in set(todays.values())
    ]


def _first_shift(session: Session, region: Region, day: dt.date) -> dt.datetime | None:
    """When the region's day of work begins; a replay that nobody has begun waits there."""
    query = (
        sa.select(sa.func.min(col(Shift.starts_at)))
        .join(Technician, col(Technician.id) == col(Shift.technician_id))
        .where(col(Technician.region_id) == region.id, col(Shift.day) == day)
    )
    found: dt.datetime | None = session.execute(query).scalar_one()
    return found


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
