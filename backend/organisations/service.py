"""Finding regions."""

import datetime as dt
import uuid

from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.errors import NotFoundError
from backend.organisations.clock import open_day
from backend.organisations.models import Region


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
    return [(region, open_day(session, region)) for region in session.exec(query)]
