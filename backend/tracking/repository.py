"""Queries over positions, links and what the customer's page shows."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.db.upsert import insert_into
from backend.jobs.lifecycle import AT_WORK, JobStatus
from backend.jobs.models import Job, Visit
from backend.technicians.models import LastPosition, Position, Shift, Technician
from backend.tracking.models import CustomerLink
from backend.tracking.tracks import Ping, VisitTrack

UNDER_WAY = AT_WORK | {JobStatus.EN_ROUTE, JobStatus.REWORK}


def shifts_between(
    session: Session, technician_id: uuid.UUID, first: dt.datetime, last: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Start and end (overtime included) of the shifts that touch a span of time."""
    longest_overtime = dt.timedelta(hours=12)
    query = (
        sa.select(col(Shift.starts_at), col(Shift.ends_at), col(Technician.overtime_limit_s))
        .join(Technician, col(Technician.id) == col(Shift.technician_id))
        .where(
            col(Shift.technician_id) == technician_id,
            col(Shift.starts_at) <= last,
            col(Shift.ends_at) >= first - longest_overtime,
        )
    )
    return [(start, end + dt.timedelta(seconds=extra)) for start, end, extra in session.execute(query)]


def tracks_between(
    session: Session, technician_id: uuid.UUID, first: dt.datetime, last: dt.datetime
) -> list[VisitTrack]:
    """The technician's visits under way at some moment of a span, newest departure first.

    A visit that ended without being completed (customer absent, part missing) is over at once.
    """
    query = (
        sa.select(
            col(Visit.technician_id),
            col(Visit.job_id),
            col(Job.region_id),
            col(Job.vendor_id),
            col(Visit.departed_at),
            col(Visit.completed_at),
        )
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(
            col(Visit.technician_id) == technician_id,
            col(Visit.departed_at) <= last,
            sa.or_(
                sa.and_(col(Visit.outcome).is_(None), col(Job.status).in_(UNDER_WAY)),
                col(Visit.completed_at) >= first,
            ),
        )
        .order_by(col(Visit.departed_at).desc())
    )
    return [VisitTrack(*row) for row in session.execute(query)]


def insert_positions(
    session: Session, technician_id: uuid.UUID, rows: Sequence[tuple[Ping, VisitTrack]]
) -> int:
    """Insert readings; returns how many were not there yet."""
    values = {
        ping.at: {
            "technician_id": technician_id,
            "at": ping.at,
            "lat": ping.lat,
            "lng": ping.lng,
            "accuracy_m": ping.accuracy_m,
            "job_id": track.job_id,
        }
        for ping, track in rows
    }
    statement = insert_into(session, Position).values(list(values.values())).on_conflict_do_nothing()
    return len(session.execute(statement.returning(col(Position.at))).all())


def upsert_last(session: Session, technician_id: uuid.UUID, ping: Ping) -> bool:
    """Remember the newest reading; False when a newer one is there."""
    values = {"at": ping.at, "lat": ping.lat, "lng": ping.lng, "accuracy_m": ping.accuracy_m}
    statement = (
        insert_into(session, LastPosition)
        .values(technician_id=technician_id, **values)
        .on_conflict_do_update(
            index_elements=["technician_id"], set_=values, where=col(LastPosition.at) < ping.at
        )
        .returning(col(LastPosition.technician_id))
    )
    return session.execute(statement).first() is not None


def claim_announcement(
    session: Session, technician_id: uuid.UUID, now: dt.datetime, before: dt.datetime
) -> bool:
    """Whether it is time to tell the feed again; of many askers one is told yes."""
    due = sa.or_(col(LastPosition.announced_at).is_(None), col(LastPosition.announced_at) <= before)
    statement = (
        sa.update(LastPosition)
        .where(col(LastPosition.technician_id) == technician_id, due)
        .values(announced_at=now)
        .returning(col(LastPosition.technician_id))
    )
    return session.execute(statement).first() is not None


def last_position(session: Session, technician_id: uuid.UUID) -> LastPosition | None:
    return session.exec(select(LastPosition).where(LastPosition.technician_id == technician_id)).first()


def link(session: Session, link_id: uuid.UUID) -> CustomerLink | None:
    return session.exec(select(CustomerLink).where(CustomerLink.id == link_id)).first()


def live_link(session: Session, job_id: uuid.UUID, now: dt.datetime) -> CustomerLink | None:
    """The job's newest link that still opens."""
    query = select(CustomerLink).where(
        CustomerLink.job_id == job_id, col(CustomerLink.revoked_at).is_(None), CustomerLink.expires_at > now
    )
    return session.exec(query.order_by(col(CustomerLink.id).desc())).first()


def prolong_links(session: Session, job_id: uuid.UUID, until: dt.datetime) -> None:
    """Let a job's open links live until an instant, those that live longer as long as they do."""
    session.execute(
        sa.update(CustomerLink)
        .where(
            col(CustomerLink.job_id) == job_id,
            col(CustomerLink.revoked_at).is_(None),
            col(CustomerLink.expires_at) < until,
        )
        .values(expires_at=until)
    )


def revoke_links(session: Session, job_id: uuid.UUID, now: dt.datetime) -> int:
    """Close every open link of a job; returns how many were open."""
    statement = (
        sa.update(CustomerLink)
        .where(col(CustomerLink.job_id) == job_id, col(CustomerLink.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(CustomerLink.id))
    )
    return len(session.execute(statement).all())
