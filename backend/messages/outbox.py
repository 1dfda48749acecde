"""Putting a message into the outbox, in the transaction of the deed it tells of."""

import datetime as dt
from typing import Any

from sqlmodel import Session

from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.jobs.lifecycle import Action
from backend.jobs.models import Job, JobEvent
from backend.messages import policies
from backend.messages.models import Message, MessageEvent
from backend.organisations.models import Region

TOLD = {
    Action.BOOK: MessageEvent.BOOKED,
    Action.DEPART: MessageEvent.ON_THE_WAY,
    Action.SIGN: MessageEvent.DONE,
    Action.CANCEL: MessageEvent.CANCELLED,
    Action.REPORT_NO_SHOW: MessageEvent.INVITED,
    Action.REPORT_ABSENT: MessageEvent.INVITED,
}


def tell(session: Session, job: Job, event: JobEvent) -> None:
    """Tell the customer of an event of their job's history, if it is one they are told of; once per event."""
    action = next((known for known in TOLD if known == event.action), None)
    if action is None:
        return
    data: dict[str, Any] = {
        key: event.data[key] for key in ("window_start", "window_end") if key in event.data
    }
    put(session, job, TOLD[action], f"{job.id}:{event.seq}", event.at, data)
    if action is Action.SIGN:
        zone = session.get_one(Region, job.region_id).zone
        put(session, job, MessageEvent.RATE, f"{job.id}:{event.seq}:rate", policies.asked_at(event.at, zone))


def invite(session: Session, job: Job) -> None:
    """Ask the customer to choose a time for a job that has none."""
    put(session, job, MessageEvent.INVITED, f"{job.id}:invited", utc_now())


def put(
    session: Session,
    job: Job,
    event: MessageEvent,
    key: str,
    not_before: dt.datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Add a message to the outbox; one with the same key is there once."""
    row = Message(
        org_id=job.org_id, job_id=job.id, event=event, key=key, not_before=not_before, data=data or {}
    )
    statement = insert_into(session, Message).values(**row.model_dump())
    session.execute(statement.on_conflict_do_nothing(index_elements=["org_id", "key"]))
