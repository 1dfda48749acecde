"""Whether work that the software gives out lies in the hours of those who get it."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.errors import StaleError
from backend.jobs.assignment import Assignment
from backend.jobs.models import Job, Visit
from backend.technicians.hours import rely_on
from backend.technicians.models import Shift, Technician


def refuse_off_duty(session: Session, assignments: Sequence[Assignment]) -> None:
    """Rely on hours; raise StaleError naming the jobs that lie outside those that somebody has now.

    Overtime is no trouble, nor is a time until which, or from which, people have given work out already.
    """
    who, jobs = {each.technician_id for each in assignments}, [each.job_id for each in assignments]
    rely_on(session, who)
    rows = session.execute(sa.select(col(Job.id), col(Job.day)).where(col(Job.id).in_(jobs)))
    days = {row[0]: row[1] for row in rows}
    there = _there(session, who, set(days.values()))
    outside = []
    for each in assignments:
        begins, ends = there.get((each.technician_id, days[each.job_id]), (each.end_at, each.start_at))
        if each.start_at < begins or each.end_at > ends:
            outside.append(each.job_id)
    if outside:
        names = select(Job.number).where(col(Job.id).in_(outside))
        raise StaleError(
            "Somebody's hours have changed since this was worked out.", numbers=sorted(session.exec(names))
        )


def _there(
    session: Session, technician_ids: set[uuid.UUID], days: set[dt.date | None]
) -> dict[tuple[uuid.UUID, dt.date | None], tuple[dt.datetime, dt.datetime]]:
    """From when until when each technician may have visits on each day they work."""
    given = (
        sa.select(
            col(Visit.technician_id),
            col(Job.day),
            sa.func.min(col(Visit.busy_from)).label("first"),
            sa.func.max(col(Visit.busy_until)).label("last"),
        )
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(
            col(Visit.technician_id).in_(technician_ids), col(Job.day).in_(days), col(Visit.outcome).is_(None)
        )
        .group_by(col(Visit.technician_id), col(Job.day))
        .subquery()
    )
    query = (
        sa.select(
            col(Shift.technician_id), col(Shift.day), col(Shift.starts_at), col(Shift.ends_at),
            col(Technician.overtime_limit_s), given.c.first, given.c.last,
        )
        .join(Technician, col(Technician.id) == col(Shift.technician_id))
        .outerjoin(
            given, sa.and_(given.c.technician_id == col(Shift.technician_id), given.c.day == col(Shift.day))
        )
        .where(col(Shift.technician_id).in_(technician_ids), col(Shift.day).in_(days))
    )  # fmt: skip
    found = {}
    for who, day, begins, ends, overtime_s, first, last in session.execute(query):
        until = ends + dt.timedelta(seconds=overtime_s)
        found[who, day] = min(begins, first or begins), max(until, last or until)
    return found
