"""The board's queries: columns only, a fixed number of them for any number of visits."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.customers.models import Customer, Place
from backend.jobs.models import REFUSED, Job, Visit
from backend.jobs.repository import day_filter, visible_to
from backend.offers.refusals import of_day
from backend.organisations.models import Region
from backend.scheduling.models import Plan, PlanState
from backend.sync.models import FieldConflict
from backend.technicians.models import LastPosition, Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Vendor

Row = sa.Row[Any]


def visit_rows(
    session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date, *only: sa.ColumnElement[bool]
) -> Sequence[Row]:
    """Every visible job of the day, or `only` some, with its newest visit, customer, place and product."""
    earlier = aliased(Visit)
    # Asked per job of the day through the index: grouping all visits would read every year there has been.
    newest = (
        sa.select(sa.func.max(col(earlier.attempt)))
        .where(col(earlier.job_id) == col(Job.id))
        .scalar_subquery()
    )
    columns = (
        *(getattr(Job, name) for name in JOB_COLUMNS),
        *(getattr(Visit, name).label(f"visit_{name}") for name in VISIT_COLUMNS),
        col(Customer.name).label("customer_name"),
        col(Place.address), col(Place.community), col(Place.lat), col(Place.lng),
        col(Product.name).label("product_name"), col(Product.name_en).label("product_name_en"),
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .select_from(Job)
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .outerjoin(Visit, sa.and_(col(Visit.job_id) == col(Job.id), col(Visit.attempt) == newest))
        .where(visible_to(actor), *day_filter(region_id, day), *only)
        .order_by(col(Job.window_start), col(Job.id))
    )
    return session.execute(query).all()


JOB_COLUMNS = (
    "id", "number", "technician_id", "status", "type", "window_start", "window_end", "skill", "level",
    "duration_s", "priority", "lock_technician", "lock_time", "version", "unserved_reason",
)  # fmt: skip
VISIT_COLUMNS = (
    "id", "arrive_at", "busy_from", "busy_until", "travel_s", "travel_m", "departed_at", "arrived_at",
    "completed_at", "technician_id",
)  # fmt: skip


def rows_of(
    day: dt.date, job_ids: Sequence[uuid.UUID], technician_ids: Sequence[uuid.UUID]
) -> sa.ColumnElement[bool]:
    """Condition: these jobs, and the whole day of whoever has one of them or is named."""
    theirs = sa.select(col(Job.technician_id)).where(
        col(Job.id).in_(job_ids), col(Job.technician_id).is_not(None)
    )
    having = sa.or_(col(Job.technician_id).in_(technician_ids), col(Job.technician_id).in_(theirs))
    return sa.or_(col(Job.id).in_(job_ids), sa.and_(col(Job.day) == day, having))


def refusals(
    session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who declined which visible job of the day or was a no-show on it, in that order."""
    query = (
        sa.select(col(Visit.job_id), col(Visit.technician_id))
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(visible_to(actor), *day_filter(region_id, day), col(Visit.outcome).in_(REFUSED))
        .order_by(col(Visit.job_id), col(Visit.attempt))
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    if actor.vendor_id is not None:
        own = select(Technician.id).where(Technician.vendor_id == actor.vendor_id)
        query = query.where(col(Visit.technician_id).in_(own))
    for job_id, technician_id in session.execute(query):
        found[job_id].append(technician_id)
    if actor.vendor_id is None:
        for job_id, technician_id in of_day(session, region_id, day):
            found[job_id].append(technician_id)
    return found


def technicians(
    session: Session, actor: Actor, region_id: uuid.UUID
) -> Sequence[tuple[Technician, str | None]]:
    """Active technicians the actor may see, with their vendor's name; own ones first."""
    query = (
        select(Technician, col(Vendor.name))
        .outerjoin(Vendor, col(Vendor.id) == col(Technician.vendor_id))
        .where(
            Technician.org_id == actor.org_id, Technician.region_id == region_id, col(Technician.is_active)
        )
        .order_by(sa.func.coalesce(col(Vendor.name), ""), col(Technician.name), col(Technician.id))
    )
    if actor.vendor_id is not None:
        query = query.where(Technician.vendor_id == actor.vendor_id)
    return [(row[0], row[1]) for row in session.exec(query)]


def visible_technicians(
    session: Session, actor: Actor, region_id: uuid.UUID, ids: Iterable[uuid.UUID]
) -> list[uuid.UUID]:
    """Which of these technicians are the region's and the actor's to see."""
    query = select(Technician.id).where(
        Technician.org_id == actor.org_id,
        Technician.region_id == region_id,
        col(Technician.id).in_(list(ids)),
    )
    if actor.vendor_id is not None:
        query = query.where(Technician.vendor_id == actor.vendor_id)
    return list(session.exec(query))


def skills(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[TechnicianSkill]]:
    found: dict[uuid.UUID, list[TechnicianSkill]] = defaultdict(list)
    query = select(TechnicianSkill).where(col(TechnicianSkill.technician_id).in_(list(ids)))
    for skill in session.exec(query.order_by(col(TechnicianSkill.skill))):
        found[skill.technician_id].append(skill)
    return found


def certificates(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[TechnicianCertificate]]:
    found: dict[uuid.UUID, list[TechnicianCertificate]] = defaultdict(list)
    query = select(TechnicianCertificate).where(col(TechnicianCertificate.technician_id).in_(list(ids)))
    for certificate in session.exec(query.order_by(col(TechnicianCertificate.code))):
        found[certificate.technician_id].append(certificate)
    return found


def shifts(session: Session, ids: Iterable[uuid.UUID], day: dt.date) -> dict[uuid.UUID, Shift]:
    query = select(Shift).where(col(Shift.technician_id).in_(list(ids)), Shift.day == day)
    return {shift.technician_id: shift for shift in session.exec(query)}


def positions(
    session: Session, ids: Iterable[uuid.UUID], since: dt.datetime
) -> dict[uuid.UUID, LastPosition]:
    """Last positions not older than `since`."""
    query = select(LastPosition).where(
        col(LastPosition.technician_id).in_(list(ids)), LastPosition.at >= since
    )
    return {position.technician_id: position for position in session.exec(query)}


def published_plan(session: Session, region_id: uuid.UUID, day: dt.date) -> Plan | None:
    query = select(Plan).where(
        Plan.region_id == region_id, Plan.day == day, Plan.state == PlanState.PUBLISHED
    )
    return session.exec(query).first()


def waiting_elsewhere(session: Session, actor: Actor, region: Region, day: dt.date) -> tuple[int, int]:
    """Jobs of the day without coordinates, and fields of any day on which a phone and the office differ.

    Both of visible jobs only, counted with one statement.
    """
    unlocated = (
        sa.select(sa.func.count())
        .select_from(Job)
        .join(Place, col(Place.id) == col(Job.place_id))
        .where(
            visible_to(actor), col(Job.region_id) == region.id, col(Job.day) == day, col(Place.lat).is_(None)
        )
    )
    undecided = (
        sa.select(sa.func.count())
        .select_from(FieldConflict)
        .join(Job, col(Job.id) == col(FieldConflict.job_id))
        .where(visible_to(actor), col(FieldConflict.settled_at).is_(None))
    )
    found = session.execute(sa.select(unlocated.scalar_subquery(), undecided.scalar_subquery())).one()
    return int(found[0]), int(found[1])
