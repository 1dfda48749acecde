"""Which appliance a job is about, and what is done where its serial number is somebody else's."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlmodel import Session, select

from backend.assets.models import Asset, Product
from backend.customers.models import Customer


@dataclass(frozen=True)
class Told:
    """What a report or an order says of an appliance."""

    product: Product
    serial: str | None
    purchased_on: dt.date | None
    order_no: str


@dataclass(frozen=True)
class Appliance:
    """The one on record, or None where nothing tells of one.

    `is_elsewhere`: the number that was given is another person's appliance, so that this one has none until
    somebody has asked. Nothing of theirs, such as when it was bought, comes to whoever gave the number.
    """

    asset_id: uuid.UUID | None = None
    is_elsewhere: bool = False


def of_job(session: Session, customer_id: uuid.UUID, told: Told) -> Appliance:
    """The customer's appliance, added when new."""
    if told.serial is None and not told.order_no:
        return Appliance()
    known = _numbered(session, told)
    if known is None:
        return Appliance(_add(session, customer_id, told, told.serial))
    owner, customer = session.get_one(Customer, known.customer_id), session.get_one(Customer, customer_id)
    if owner.erased_at is not None:
        # It stands in somebody else's home now; whose it was nobody may know any more.
        known.customer_id, known.purchased_on = customer_id, told.purchased_on
        known.order_no = told.order_no
        session.flush()
    elif owner.phone != customer.phone:
        return Appliance(_add(session, customer_id, told, None), is_elsewhere=True)
    return Appliance(known.id)


def _numbered(session: Session, told: Told) -> Asset | None:
    if told.serial is None:
        return None
    org_id, product_id = told.product.org_id, told.product.id
    query = select(Asset).where(
        Asset.org_id == org_id, Asset.product_id == product_id, Asset.serial == told.serial
    )
    return session.exec(query).first()


def _add(session: Session, customer_id: uuid.UUID, told: Told, serial: str | None) -> uuid.UUID:
    asset = Asset(
        org_id=told.product.org_id,
        customer_id=customer_id,
        product_id=told.product.id,
        serial=serial,
        purchased_on=told.purchased_on,
        order_no=told.order_no,
    )
    session.add(asset)
    session.flush()
    return asset.id
