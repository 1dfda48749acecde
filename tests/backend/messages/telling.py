"""A town whose customers are told of their bookings, and what is in its outbox."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.messages import claims
from backend.messages.claims import Claimed
from backend.messages.models import (
    Message,
    MessageEvent,
    MessageRules,
)
from backend.messages.values import Sealing
from tests.factories.bookable import Town, clock, town
from tests.factories.calls import Calls

SEALING = Sealing(b"s" * 32, "https://example.com", dt.timedelta(days=30))
ALWAYS = {"quiet_from_h": 0, "quiet_until_h": 0, "most_per_day": 100}
MINUTE = dt.timedelta(minutes=1)


def opened(db: Calls, jobs_count: int = 1, days: int = 2, **rules: Any) -> Town:
    made = town(1, jobs_count, days=days)
    db.write(made.save)
    db.write(lambda session: session.add(MessageRules(org_id=made.org.id, **{**ALWAYS, **rules})))
    return made


def messages(db: Calls, made: Town) -> list[Message]:
    """All but the reminders, which there are or are not by the time of the day."""
    query = sa.select(Message).where(
        col(Message.org_id) == made.org.id, col(Message.event) != MessageEvent.REMINDER
    )
    return db.read(lambda session: list(session.scalars(query.order_by(col(Message.id)))))


def claim(db: Calls, now: dt.datetime | None = None) -> list[Claimed]:
    """Everything that may leave, each in a transaction of its own."""
    found = [db.write(claims.claim, one, SEALING, now) for one in db.read(claims.due, now)]
    return [one for one in found if one is not None]


def book(session: Session, made: Town, job: Job, hour: float) -> None:
    row = jobs.get_for_change(session, made.dispatcher, job.id)
    jobs.book(session, made.dispatcher, row, clock(hour), clock(hour + 2))
