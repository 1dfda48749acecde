"""Whether a report tells of something we are already working on."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.geocoding.address_text import canonical
from backend.jobs.lifecycle import JobType
from backend.jobs.models import Job
from backend.report import repository


@dataclass(frozen=True)
class Duplicate:
    """The open job a report belongs to, and by what it was recognised: `serial`, `phone` or `address`."""

    job: Job
    by: str


def find(
    session: Session, actor: Actor, product: Product, kind: JobType, phone: str, serial: str, address: str
) -> Duplicate | None:
    """The newest open job of the same appliance, or of the same caller at the same address.

    Two serial numbers that differ are two appliances, whatever else is the same.
    """
    rows = repository.open_jobs(
        session, actor.org_id, product.category, kind, phone=phone, serial=serial, sku=product.sku
    )
    by_phone: Duplicate | None = None
    for job, customer, place, _, asset in rows:
        known = (asset.serial or "") if asset else ""
        if serial and known.upper() == serial.upper():
            return Duplicate(job, "serial")
        if customer.phone != phone or (serial and known) or by_phone is not None:
            continue
        is_there = not address or canonical(place.address) == canonical(address)
        if is_there or job.product_id == product.id:
            by_phone = Duplicate(job, "address" if address and is_there else "phone")
    return by_phone
