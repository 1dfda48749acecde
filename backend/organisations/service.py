"""Finding regions."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job
from backend.organisations.clock import is_replay
from backend.organisations.models import Region

TIME_TO_ACT = dt.timedelta(hours=2)


def get_region(session: Session, actor: Actor, region_id: uuid.UUID) -> Region:
    """A region of the actor's organisation; NotFoundError otherwise."""
    region = session.exec(select(Region).where(Region.id == region_id, Region.org_id == actor.org_id)).first()
    if region is None:
        raise NotFoundError("No such region.")
    return region


def list_regions(session: Session, actor: Actor) -> list[tuple[Region, dt.date]]:
    """The organisation's regions by name, each with the day to look at first.

    That is the earliest day, as the region's zone counts days, with open work that there is still time for.
    """
    query = select(Region).where(Region.org_id == actor.org_id).order_by(col(Region.name))
    return [(region, _open_day(session, region)) for region in session.exec(query)]


def _open_day(session: Session, region: Region) -> dt.date:
    now = utc_now()
    today = now.astimezone(ZoneInfo(region.zone)).date()
    query = sa.select(sa.func.min(col(Job.day))).where(
        col(Job.region_id) == region.id, col(Job.status).not_in(FINISHED)
    )
    if not is_replay(session, region):
        query = query.where(col(Job.day) >= today, col(Job.window_end) > now + TIME_TO_ACT)
    found: dt.date | None = session.execute(query).scalar_one()
    return found or today
