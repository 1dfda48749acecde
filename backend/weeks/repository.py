"""The week's queries: sums only, as many for a thousand visits as for one."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
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


def shifts(session: Session, ids: Iterable[uuid.UUID], days: Sequence[dt.date]) -> dict[Key, Shift]:
    """Shifts by day and technician."""
    query = select(Shift).where(col(Shift.technician_id).in_(list(ids)), col(Shift.day).in_(days))
    return {(shift.day, shift.technician_id): shift for shift in session.exec(query)}
