"""Where the fields live that both the office and the technician write."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from backend.assets.models import Asset
from backend.errors import RejectedError
from backend.jobs import repository
from backend.jobs.field_versions import Side, write
from backend.jobs.models import Job, Visit


def write_all(
    session: Session, job: Job, values: Mapping[str, str], side: Side, base_version: int
) -> list[str]:
    """Write them as decided on `base_version`; returns which have changed.

    Raises EditedByBothError, and RejectedError `serial_taken` or `no_visit`.
    """
    changed = []
    for field, value in values.items():
        holder = _holder(session, job, field, value)
        if write(job, field, value, side, base_version, holder):
            changed.append(field)
    return changed


def _holder(session: Session, job: Job, field: str, value: str) -> Asset | Visit | None:
    if field == "serial":
        return _appliance(session, job, value)
    if field == "fault_code":
        visit = repository.last_visit(session, job.id)
        if visit is None:
            raise RejectedError("Nobody has been there yet.", code="no_visit")
        return visit
    return None


def _appliance(session: Session, job: Job, serial: str) -> Asset:
    """The job's appliance; one of the same customer with this very number is the one that was meant."""
    twin = session.exec(
        select(Asset).where(
            Asset.org_id == job.org_id, Asset.product_id == job.product_id, col(Asset.serial) == serial
        )
    ).first()
    if twin is not None and twin.id != job.asset_id:
        if twin.customer_id != job.customer_id:
            raise RejectedError("This number is another customer's appliance.", code="serial_taken")
        job.asset_id = twin.id
    if job.asset_id is not None:
        return session.get_one(Asset, job.asset_id)
    made = Asset(org_id=job.org_id, customer_id=job.customer_id, product_id=job.product_id)
    session.add(made)
    session.flush()
    job.asset_id = made.id
    return made
