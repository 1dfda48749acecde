"""Finding regions, and holding an organisation."""

import datetime as dt
import uuid

from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.errors import NotFoundError
from backend.organisations.clock import open_days
from backend.organisations.models import Organisation, Region


def held(session: Session, org_id: uuid.UUID) -> Organisation:
    """An organisation as it is now; whoever else asks for it so waits until the transaction is over.

    Others go on to write rows that refer to it, and nearly every row does: one who holds a job that we want
    would else wait for us.
    """
    query = select(Organisation).where(Organisation.id == org_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


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
    regions = session.exec(query).all()
    days = open_days(session, regions)
    return [(region, days[region.id]) for region in regions]
