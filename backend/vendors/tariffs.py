"""What vendors are paid, as of now. What was given to somebody keeps the price it was given for."""

import uuid
from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from backend.jobs.lifecycle import JobType
from backend.vendors.models import Tariff

# By vendor, category and type of job: fen for one finished job.
Tariffs = Mapping[tuple[uuid.UUID | None, str, JobType], int]


def in_force(session: Session, vendor_ids: Collection[uuid.UUID]) -> Tariffs:
    """The prices of some vendors; who is paid by the hour has none."""
    if not vendor_ids:
        return {}
    rows = session.exec(select(Tariff).where(col(Tariff.vendor_id).in_(vendor_ids)))
    return {(row.vendor_id, row.category, row.job_type): row.price_fen for row in rows}
