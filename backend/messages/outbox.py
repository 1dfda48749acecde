"""Putting messages into the outbox, in the transaction of the deed they tell of."""

import datetime as dt
from typing import Any

from sqlmodel import Session

from backend.cases.models import Case, Channel
from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.jobs.lifecycle import Action, JobStatus
from backend.jobs.models import Job, JobEvent
from backend.messages import policies, tasks
from backend.messages.models import Message, MessageEvent, MessageRules, TaskKind
from backend.organisations.models import Region
from backend.ratings.rules import ask_on

TOLD = {
    Action.BOOK: MessageEvent.BOOKED,
    Action.DEPART: MessageEvent.ON_THE_WAY,
    Action.SIGN: MessageEvent.DONE,
    Action.CANCEL: MessageEvent.CANCELLED,
    Action.REPORT_NO_SHOW: MessageEvent.NO_SHOW,
    Action.REPORT_ABSENT: MessageEvent.ABSENT,
}
# What the office has to know of at once.
ALERTING = {
    Action.DECLINE: "declined",
    Action.REPORT_NO_SHOW: "no_show",
    Action.REJECT_WORK: "rejected",
}
# Booked again from here, an appointment was moved.
STOOD = frozenset({JobStatus.BOOKED, JobStatus.DECLINED})
ORDER, SHIPPED, ARRIVED = "order", "shipped", "arrived"
# What the key of a message begins with that somebody sends again by hand.
AGAIN = "again:"


def tell(session: Session, job: Job, event: JobEvent) -> None:
    """Tell the customer, and the office, of an event of a job's history they are told of; once per event."""
    action = next((known for known in Action if known == event.action), None)
    if action in ALERTING:
        reason = str(event.data.get("text") or event.data.get("reason") or "")
        alert(session, job, ALERTING[action], f"{job.id}:{event.seq}", reason)
    if action not in TOLD:
        return
    key, zone = f"{job.id}:{event.seq}", session.get_one(Region, job.region_id).zone
    data: dict[str, Any] = {
        name: event.data[name] for name in ("window_start", "window_end") if name in event.data
    }
    told = _event_of(action, event)
    put(session, job, told, key, policies.told_from(told, event.at), data)
    if action is Action.SIGN:
        day = ask_on(session, job.org_id, event.at, zone)
        put(session, job, MessageEvent.RATE, f"{key}:rate", policies.asked_at(day, zone))
    elif action is Action.REPORT_NO_SHOW:
        tasks.open_task(session, job, TaskKind.NO_SHOW, f"{key}:no_show", event.at)
    elif action is Action.BOOK:
        tasks.settle(session, job, event.actor_name)
        _remind(session, job, key, zone, data, event.at)


def _event_of(action: Action, event: JobEvent) -> MessageEvent:
    is_moved = action is Action.BOOK and event.from_status in STOOD
    return MessageEvent.CHANGED if is_moved else TOLD[action]


def _remind(session: Session, job: Job, key: str, zone: str, data: dict[str, Any], at: dt.datetime) -> None:
    """The evening before, unless that is over already."""
    if job.window_start is None:
        return
    remind_at = policies.reminded_at(job.window_start, zone)
    if remind_at > at:
        put(session, job, MessageEvent.REMINDER, f"{key}:reminder", remind_at, data)


def invite(session: Session, job: Job) -> None:
    """Ask the customer of a new job to choose a time; of an ordered one when the organisation says so."""
    rules = session.get(MessageRules, job.org_id)
    case = session.get_one(Case, job.case_id)
    if rules is not None and rules.invite_on != ORDER and case.channel is Channel.ORDER:
        return
    ask(session, job, "invited")


def ask(session: Session, job: Job, key: str, now: dt.datetime | None = None) -> None:
    """Ask the customer to choose a time, and once more when they have not."""
    now, rules = now or utc_now(), session.get(MessageRules, job.org_id) or MessageRules(org_id=job.org_id)
    again_at = now + dt.timedelta(hours=rules.remind_after_h)
    put(session, job, MessageEvent.INVITED, f"{job.id}:{key}", now)
    put(session, job, MessageEvent.INVITED_AGAIN, f"{job.id}:{key}:again", again_at)


def complaint(session: Session, job: Job, key: str, due_at: dt.datetime, detail: str = "") -> None:
    """Tell the customer that their complaint is here and until when they are called, and the office of it."""
    data = {"due_at": due_at.isoformat()}
    put(session, job, MessageEvent.COMPLAINT, f"complaint:{key}", utc_now(), data)
    alert(session, job, "complaint", f"complaint:{key}", detail)


def alert(session: Session, job: Job, what: str, key: str, detail: str = "") -> None:
    """Tell the office, by each robot its rules name."""
    rules = session.get(MessageRules, job.org_id)
    for channel in rules.alerts if rules is not None else ():
        data = {"what": what, "detail": detail[:300]}
        put(session, job, MessageEvent.ALERT, f"{key}:{channel}", utc_now(), data, channel)


def put(
    session: Session,
    job: Job,
    event: MessageEvent,
    key: str,
    not_before: dt.datetime,
    data: dict[str, Any] | None = None,
    channel: str = "",
) -> None:
    """Add a message to the outbox; one with the same key is there once."""
    row = Message(
        org_id=job.org_id, job_id=job.id, event=event, key=key, not_before=not_before, data=data or {},
        channel=channel,
    )  # fmt: skip
    statement = insert_into(session, Message).values(**row.model_dump())
    session.execute(statement.on_conflict_do_nothing(index_elements=["org_id", "key"]))
