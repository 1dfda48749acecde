"""Queries of booking: what a day looked like when it was asked about, holds, rules, who waits."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.booking.models import BookingCharge, BookingDay, BookingRules, SlotHold, WaitingEntry
from backend.booking.policies import CHOOSING
from backend.customers.models import Place
from backend.db.upsert import insert_into
from backend.jobs.lifecycle import Action
from backend.jobs.models import Job, JobEvent
from backend.organisations.models import Region


def rules_of(session: Session, org_id: uuid.UUID) -> BookingRules:
    """The organisation's rules; the standard ones where it has set none."""
    return session.get(BookingRules, org_id) or BookingRules(org_id=org_id)


def place_and_category(session: Session, job: Job) -> tuple[Place, str]:
    """Where a job is, and what category its product is of."""
    place = session.get_one(Place, job.place_id)
    category = session.scalars(
        sa.select(col(Product.category)).where(col(Product.id) == job.product_id)
    ).one()
    return place, category


def lock_day(session: Session, region_id: uuid.UUID, day: dt.date) -> None:
    """Until the transaction ends nobody else gives away a slot of this day."""
    first = insert_into(session, BookingDay).values(region_id=region_id, day=day, turns=0)
    session.execute(first.on_conflict_do_nothing())
    session.execute(
        sa.update(BookingDay)
        .where(col(BookingDay.region_id) == region_id, col(BookingDay.day) == day)
        .values(turns=col(BookingDay.turns) + 1)
    )


def hold_of(session: Session, job_id: uuid.UUID) -> SlotHold | None:
    return session.exec(select(SlotHold).where(SlotHold.job_id == job_id)).first()


def holds_of_day(
    session: Session, region_id: uuid.UUID, day: dt.date, now: dt.datetime, but_of: uuid.UUID | None
) -> list[tuple[SlotHold, Job, Place, str]]:
    """Holds of a day that last, with their jobs; one job's own is left out."""
    query = (
        sa.select(SlotHold, Job, Place, col(Product.category))
        .join(Job, col(Job.id) == col(SlotHold.job_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .where(col(SlotHold.region_id) == region_id, col(SlotHold.day) == day, col(SlotHold.expires_at) > now)
        .order_by(col(SlotHold.id))
    )
    return [
        (hold, job, place, category)
        for hold, job, place, category in session.execute(query)
        if hold.job_id != but_of
    ]


def drop_holds(
    session: Session, region_id: uuid.UUID, day: dt.date, now: dt.datetime, job_id: uuid.UUID
) -> None:
    """Delete what has expired on a day, and whatever the job itself holds anywhere."""
    expired = sa.and_(
        col(SlotHold.region_id) == region_id, col(SlotHold.day) == day, col(SlotHold.expires_at) <= now
    )
    session.execute(sa.delete(SlotHold).where(sa.or_(expired, col(SlotHold.job_id) == job_id)))


def charges_of(session: Session, job_id: uuid.UUID) -> Sequence[BookingCharge]:
    """What a job's customer agreed to pay for changing or cancelling late, oldest first."""
    query = select(BookingCharge).where(BookingCharge.job_id == job_id)
    return session.exec(query.order_by(col(BookingCharge.id))).all()


def waiting_entry(session: Session, job_id: uuid.UUID) -> WaitingEntry | None:
    """The job's open place on the waiting list."""
    query = select(WaitingEntry).where(WaitingEntry.job_id == job_id, col(WaitingEntry.outcome).is_(None))
    return session.exec(query).first()


def waiting(session: Session, after: uuid.UUID | None, limit: int) -> Sequence[WaitingEntry]:
    """Who waits, longest first; those behind `after`."""
    query = (
        select(WaitingEntry)
        .join(Job, col(Job.id) == col(WaitingEntry.job_id))
        .where(col(WaitingEntry.outcome).is_(None), ~_in_vain())
    )
    if after is not None:
        query = query.where(col(WaitingEntry.id) > after)
    return session.exec(query.order_by(col(WaitingEntry.id)).limit(limit)).all()


def waiting_in_vain(session: Session) -> Sequence[tuple[WaitingEntry, bool]]:
    """Who waits without need: booked since (true), or with nothing left to choose."""
    query = (
        select(WaitingEntry, _booked_since())
        .join(Job, col(Job.id) == col(WaitingEntry.job_id))
        .where(col(WaitingEntry.outcome).is_(None), _in_vain())
    )
    return [(entry, is_booked) for entry, is_booked in session.exec(query)]


def is_booked_since(session: Session, job_id: uuid.UUID, at: dt.datetime) -> bool:
    """Whether somebody promised a window for a job after an instant."""
    booked = select(JobEvent.id).where(
        JobEvent.job_id == job_id, JobEvent.action == Action.BOOK.value, col(JobEvent.at) > at
    )
    return session.exec(booked.limit(1)).first() is not None


def _in_vain() -> sa.ColumnElement[bool]:
    return sa.or_(col(Job.status).not_in(CHOOSING), _booked_since())


def _booked_since() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        col(JobEvent.job_id) == col(WaitingEntry.job_id),
        col(JobEvent.action) == Action.BOOK.value,
        col(JobEvent.at) > col(WaitingEntry.created_at),
    )


def zone_of(session: Session, region_id: uuid.UUID) -> str:
    """A region's zone."""
    return session.get_one(Region, region_id).zone
