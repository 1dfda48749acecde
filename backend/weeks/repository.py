"""The week's queries: as many for a thousand visits as for one."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.customers.models import Customer, Place
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.jobs.repository import visible_to
from backend.technicians.models import Shift

Key = tuple[dt.date, uuid.UUID | None]


def loads(
    session: Session, actor: Actor, region_id: uuid.UUID, days: Sequence[dt.date]
) -> dict[Key, tuple[int, int]]:
    """Jobs and seconds of work by day and technician; None is what nobody has."""
    query = (
        sa.select(col(Job.day), col(Job.technician_id), sa.func.count(), sa.func.sum(col(Job.duration_s)))
        .where(
            visible_to(actor),
            col(Job.region_id) == region_id,
            col(Job.day).in_(days),
            col(Job.status) != JobStatus.CANCELLED,
        )
        .group_by(col(Job.day), col(Job.technician_id))
    )
    return {
        (day, technician_id): (count, int(work_s))
        for day, technician_id, count, work_s in session.execute(query)
    }


def waiting(
    session: Session, actor: Actor, region_id: uuid.UUID, days: Sequence[dt.date], most: int
) -> Sequence[sa.Row[Any]]:
    """Booked jobs of these days that nobody has."""
    query = (
        sa.select(
            *(getattr(Job, name) for name in WAITING_COLUMNS),
            col(Customer.name).label("customer_name"),
            col(Place.community),
        )
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .where(
            visible_to(actor),
            col(Job.region_id) == region_id,
            col(Job.day).in_(days),
            col(Job.technician_id).is_(None),
            col(Job.window_start).is_not(None),
            col(Job.status) != JobStatus.CANCELLED,
        )
        .order_by(col(Job.day), col(Job.priority).desc(), col(Job.window_start), col(Job.id))
        .limit(most)
    )
    return session.execute(query).all()


WAITING_COLUMNS = (
    "id", "number", "day", "version", "status", "type", "window_start", "window_end", "skill", "level",
    "duration_s", "priority", "lock_technician", "lock_time", "unserved_reason",
)  # fmt: skip


def shifts(session: Session, ids: Iterable[uuid.UUID], days: Sequence[dt.date]) -> dict[Key, Shift]:
    """Shifts by day and technician."""
    query = select(Shift).where(col(Shift.technician_id).in_(list(ids)), col(Shift.day).in_(days))
    return {(shift.day, shift.technician_id): shift for shift in session.exec(query)}
