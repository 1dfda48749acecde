"""Complaints: opened by a low rating or by a call, answered and settled within the organisation's hours."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.background.chore import each
from backend.db.session import Database
from backend.db.types import utc_now, uuid7
from backend.errors import ConflictError, NotFoundError
from backend.jobs import repository as jobs
from backend.jobs.models import Job
from backend.messages import outbox
from backend.organisations.models import Organisation, Region
from backend.ratings.models import FollowUp, Rating
from backend.ratings.rules import rules_of, working_time

MOST = 200


@dataclass(frozen=True)
class Complaint:
    """A complaint that is open, what it is about, and the rating it came of."""

    row: FollowUp
    job: Job
    rating: Rating | None

    @property
    def due_at(self) -> dt.datetime:
        """The limit it waits for: to be answered, and then to be settled."""
        return self.row.due_at if self.row.answered_at is None else self.row.resolve_by


def open_complaint(
    session: Session,
    job: Job,
    key: str,
    text: str,
    rating: Rating | None = None,
    row_id: uuid.UUID | None = None,
) -> FollowUp:
    """Put a complaint on record with its limits, and tell the customer and the office once per `key`."""
    now, rules = utc_now(), rules_of(session, job.org_id)
    hours = working_time(rules, session.get_one(Region, job.region_id).zone)
    row = FollowUp(
        id=row_id or uuid7(),
        org_id=job.org_id,
        job_id=job.id,
        rating_id=rating.id if rating else None,
        text="" if rating else text,
        due_at=hours.after(now, rules.answer_h),
        resolve_by=hours.after(now, rules.resolve_h),
    )
    session.add(row)
    session.flush()
    outbox.complaint(session, job, key, row.due_at, text)
    return row


def take(session: Session, actor: Actor, job_id: uuid.UUID, key: uuid.UUID, text: str) -> Complaint:
    """A complaint somebody makes on the phone about a job; the same `key` again gives back the first."""
    actor.require(Permission.LINK_SHARE)
    job = jobs.get_visible(session, actor, job_id, for_update=True)
    row_id = uuid.uuid5(job.id, f"complaint:{key}")
    if (known := session.get(FollowUp, row_id)) is not None:
        return Complaint(known, job, None)
    row = open_complaint(session, job, f"call:{row_id}", text, row_id=row_id)
    audit.record(session, actor, "complaint.taken", "job", job.id)
    return Complaint(row, job, None)


def open_ones(session: Session, actor: Actor) -> Sequence[Complaint]:
    """Those that wait to be answered or settled, the most urgent first."""
    actor.require(Permission.LINK_SHARE)
    query = _open().where(col(FollowUp.org_id) == actor.org_id).order_by(_due(), col(FollowUp.id)).limit(MOST)
    return [Complaint(row, job, rating) for row, job, rating in session.execute(query)]


def answered_by(session: Session, rating_id: uuid.UUID) -> dt.datetime | None:
    """Until when the customer of a low rating was promised a call; None for any other rating."""
    query = sa.select(col(FollowUp.due_at)).where(col(FollowUp.rating_id) == rating_id)
    return session.execute(query).scalar_one_or_none()


def answer(session: Session, actor: Actor, follow_up_id: uuid.UUID) -> None:
    """The customer has been called and knows what is done about it; it is still to be settled."""
    row = _open_row(session, actor, follow_up_id)
    if row.answered_at is not None:
        raise ConflictError("It is answered already.", code="answered")
    row.answered_at, row.answered_by, row.escalated_at = utc_now(), actor.name, None
    audit.record(session, actor, "complaint.answered", "job", row.job_id)
    session.flush()


def settle(session: Session, actor: Actor, follow_up_id: uuid.UUID, outcome: str) -> None:
    """It is settled; `outcome` says how."""
    row, now = _open_row(session, actor, follow_up_id), utc_now()
    if row.answered_at is None:
        row.answered_at, row.answered_by = now, actor.name
    row.closed_at, row.closed_by, row.outcome = now, actor.name, outcome
    audit.record(session, actor, "follow_up.closed", "job", row.job_id)
    session.flush()


async def escalate_due(db: Database) -> None:
    """Look once at every organisation's limits; several servers may, as each is told of once."""
    organisations = await db.read(lambda session: session.scalars(sa.select(col(Organisation.id))).all())
    await each("complaints", organisations, lambda org_id: db.write(escalate, org_id))


def escalate(session: Session, org_id: uuid.UUID, now: dt.datetime | None = None) -> int:
    """Tell the office of limits about to be broken; returns how many there were."""
    now = now or utc_now()
    soon = now + dt.timedelta(minutes=rules_of(session, org_id).warn_minutes)
    query = _open().where(
        col(FollowUp.org_id) == org_id, col(FollowUp.escalated_at).is_(None), _due() <= soon
    )
    found = [Complaint(row, job, rating) for row, job, rating in session.execute(query.limit(MOST))]
    for one in found:
        one.row.escalated_at = now
        step = "answer" if one.row.answered_at is None else "settle"
        text = one.rating.text if one.rating else one.row.text
        outbox.alert(session, one.job, "complaint_due", f"complaint:{one.row.id}:{step}", text)
    session.flush()
    return len(found)


def _due() -> sa.ColumnElement[dt.datetime]:
    return sa.case(
        (col(FollowUp.answered_at).is_(None), col(FollowUp.due_at)), else_=col(FollowUp.resolve_by)
    )


def _open() -> sa.Select[FollowUp, Job, Rating]:
    return (
        sa.select(FollowUp, Job, Rating)
        .join(Job, col(Job.id) == col(FollowUp.job_id))
        .outerjoin(Rating, col(Rating.id) == col(FollowUp.rating_id))
        .where(col(FollowUp.closed_at).is_(None))
    )


def _open_row(session: Session, actor: Actor, follow_up_id: uuid.UUID) -> FollowUp:
    actor.require(Permission.LINK_SHARE)
    query = select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.org_id == actor.org_id)
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFoundError("No such complaint.")
    if row.closed_at is not None:
        raise ConflictError("It is closed already.", code="closed")
    return row
