"""Every query over vendors and what they have earned. Lists and ids alike start from `visible_to`."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.evidence.models import Acceptance
from backend.jobs.models import Job, Visit
from backend.organisations.models import Region
from backend.technicians.models import Technician
from backend.vendors.models import Vendor

Condition = sa.ColumnElement[bool]


def visible_to(actor: Actor) -> Condition:
    """The row rule of vendors: own organisation; a vendor's dispatcher sees their own alone."""
    own = col(Vendor.org_id) == actor.org_id
    if actor.role is Role.VENDOR_DISPATCHER:
        return sa.and_(own, col(Vendor.id) == actor.vendor_id)
    return own


def visible(session: Session, actor: Actor) -> Sequence[Vendor]:
    """The vendors somebody may see, by name."""
    return session.exec(
        select(Vendor).where(visible_to(actor)).order_by(col(Vendor.name), col(Vendor.id))
    ).all()


def zones(session: Session, org_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The time zone of each region."""
    query = sa.select(col(Region.id), col(Region.zone)).where(col(Region.org_id) == org_id)
    return {row[0]: row[1] for row in session.execute(query)}


def signed_in(spans: dict[uuid.UUID, tuple[dt.datetime, dt.datetime]]) -> Condition:
    """Signed inside the span of the region in which the technician works."""
    inside = [
        sa.and_(
            col(Technician.region_id) == region_id,
            col(Acceptance.signed_at) >= begins,
            col(Acceptance.signed_at) < ends,
        )
        for region_id, (begins, ends) in spans.items()
    ]
    return sa.or_(sa.false(), *inside)


def totals(
    session: Session, vendor_ids: Sequence[uuid.UUID], when: Condition
) -> dict[uuid.UUID, tuple[int, int, int]]:
    """By vendor: signed visits, those among them without a price, and what the others pay together (fen)."""
    query = (
        sa.select(
            col(Visit.vendor_id),
            sa.func.count(),
            sa.func.count(col(Visit.pays_fen)),
            sa.func.sum(Visit.pays_fen),
        )
        .select_from(_joined())
        .where(col(Visit.vendor_id).in_(vendor_ids), when)
        .group_by(col(Visit.vendor_id))
    )
    return {
        vendor_id: (count, count - priced, int(fen or 0))
        for vendor_id, count, priced, fen in session.execute(query)
    }


def signed_visits(
    session: Session, vendor_id: uuid.UUID, when: Condition, after: uuid.UUID | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """A vendor's signed visits in the order of signing, those behind the signature `after`."""
    order = (col(Acceptance.signed_at), col(Acceptance.id))
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            col(Acceptance.id),
            col(Acceptance.signed_at),
            col(Acceptance.sha256),
            col(Technician.region_id),
            col(Technician.name).label("technician"),
            col(Job.id).label("job_id"),
            col(Job.number),
            col(Job.type),
            col(Product.category),
            col(Product.name).label("product"),
            col(Product.name_en).label("product_en"),
            col(Visit.attempt),
            col(Visit.pays_fen),
        )
        .select_from(_joined())
        .join(Product, col(Product.id) == col(Job.product_id))
        .where(col(Visit.vendor_id) == vendor_id, when)
    )
    if after is not None:
        seen = sa.select(col(Acceptance.signed_at)).where(col(Acceptance.id) == after).scalar_subquery()
        behind = sa.or_(order[0] > seen, sa.and_(order[0] == seen, order[1] > after))
        query = query.where(behind)
    return session.execute(query.order_by(*order).limit(limit)).all()


def _joined() -> sa.FromClause:
    """Signatures with their visit, its job and who came: job and technician may be another's by now."""
    return (
        sa.join(Acceptance, Visit, col(Visit.id) == col(Acceptance.visit_id))
        .join(Job, col(Job.id) == col(Visit.job_id))
        .join(Technician, col(Technician.id) == col(Visit.technician_id))
    )
