"""The outbox in the database: claiming what is due one by one, and recording what became of it.

Each message is claimed in a transaction of its own, so that one nobody foresaw holds up none of the others.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.booking.policies import has_appointment
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job
from backend.messages import alerts, outbox, policies, tasks, wording
from backend.messages.channels import Outgoing
from backend.messages.models import Message, MessageEvent, MessageRules, MessageState, TaskKind
from backend.messages.service import address_of, is_refused, rules_of, words_of
from backend.messages.values import Sealing, language_of, values_of
from backend.organisations.models import Region
from backend.ratings.models import Rating
from backend.tracking.coming import TO_COME

AT_ONCE = 20
CLAIMED_FOR = dt.timedelta(seconds=60)
REFUSE_PATH = "/messages"


@dataclass(frozen=True)
class Claimed:
    """A message this sender may send now, and the attempt that fences it."""

    outgoing: Outgoing
    org_id: uuid.UUID
    channel: str
    attempt: int


def _due(now: dt.datetime) -> sa.ColumnElement[bool]:
    waits = sa.and_(col(Message.state) == MessageState.QUEUED, col(Message.not_before) <= now)
    lost = sa.and_(col(Message.state) == MessageState.SENDING, col(Message.claimed_until) <= now)
    return sa.or_(waits, lost)


def due(session: Session, now: dt.datetime | None = None, limit: int = AT_ONCE) -> Sequence[uuid.UUID]:
    """What is to be sent now, oldest first."""
    query = sa.select(col(Message.id)).where(_due(now or utc_now())).order_by(col(Message.id)).limit(limit)
    return session.scalars(query).all()


def claim(
    session: Session, message_id: uuid.UUID, sealing: Sealing, now: dt.datetime | None = None
) -> Claimed | None:
    """Take one message that is due; None when another sender has it, or it may not leave now."""
    now = now or utc_now()
    query = sa.select(Message).where(col(Message.id) == message_id, _due(now))
    message = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if message is None:
        return None
    taken = _take(session, message, sealing, now)
    session.flush()
    return taken


def put_aside(session: Session, message_id: uuid.UUID, detail: str, now: dt.datetime | None = None) -> None:
    """A message that could not even be prepared waits longer each time, and is given up in the end."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.state not in (MessageState.QUEUED, MessageState.SENDING):
        return
    message.attempts, message.why = message.attempts + 1, detail[:300]
    message.claimed_until = None
    message.not_before = (now or utc_now()) + policies.back_off(message.attempts)
    is_over = message.attempts >= policies.MAX_ATTEMPTS
    message.state = MessageState.FAILED if is_over else MessageState.QUEUED
    session.flush()


def _take(session: Session, message: Message, sealing: Sealing, now: dt.datetime) -> Claimed | None:
    rules = rules_of(session, message.org_id)
    job = session.get_one(Job, message.job_id)
    region, customer = session.get_one(Region, job.region_id), session.get_one(Customer, job.customer_id)
    if why := _obstacle(session, message, job, customer, rules, now):
        message.state, message.why = MessageState.DROPPED, why
        return None
    if _is_put_off(session, message, region, customer, rules, now):
        return None
    if not _find_way(session, message, customer, rules, now):
        return None
    language = language_of(session, job, message.event, customer)
    values = values_of(session, message, job, region, language, sealing)
    subject, text = words_of(session, message.org_id, message.event, message.channel, language)
    message.subject, message.text = wording.fill(subject, values)[:200], wording.fill(text, values)
    message.language, message.state, message.why = language.value, MessageState.SENDING, ""
    message.attempts, message.claimed_until = message.attempts + 1, now + CLAIMED_FOR
    if message.attempts == 1:
        alerts.tell(session, message, sealing.secret, now)
    is_optional = message.event in policies.OPTIONAL
    outgoing = Outgoing(
        message.id, message.event.value, message.address, language.value, message.text, values,
        message.subject, values["link"] + REFUSE_PATH if is_optional else "",
    )  # fmt: skip
    return Claimed(outgoing, message.org_id, message.channel, message.attempts)


def _find_way(
    session: Session, message: Message, customer: Customer, rules: MessageRules, now: dt.datetime
) -> bool:
    """Set channel and address: the rules' channel, or the fallback for who has no address on it."""
    message.channel = message.channel or rules.channel
    if message.event is MessageEvent.ALERT:
        message.address = message.channel
        return True
    message.address = address_of(session, customer, message.channel)
    if not message.address and _fall_back(message, rules, "no_address", now):
        message.address = address_of(session, customer, message.channel)
    if not message.address:
        message.state, message.why = MessageState.DROPPED, "no_address"
    return bool(message.address)


def _obstacle(
    session: Session, message: Message, job: Job, customer: Customer, rules: MessageRules, now: dt.datetime
) -> str:
    """Why a message is not sent at all; "" when it may be. Who sends it again by hand means it."""
    is_by_hand = bool(message.data.get("is_by_hand"))
    if customer.erased_at is not None and message.event is not MessageEvent.ALERT:
        return "erased"
    if message.event in policies.OPTIONAL and is_refused(session, customer.id):
        return "refused"
    if is_by_hand:
        return ""
    if message.event.value in rules.silent:
        return "silent"
    if policies.is_stale(message.event, message.not_before, now) and message.attempts == 0:
        return "stale"
    if _is_overtaken(session, message, job, now):
        return "overtaken"
    return ""


def _is_put_off(
    session: Session, message: Message, region: Region, customer: Customer, rules: MessageRules,
    now: dt.datetime,
) -> bool:  # fmt: skip
    """Whether it may not leave yet: it waits for the morning, or until the customer was told less of late."""
    later = policies.quiet_until(now, region.zone, message.event, rules.quiet_from_h, rules.quiet_until_h)
    if later is not None:
        message.state, message.not_before, message.why = MessageState.QUEUED, later, "quiet_hours"
        return True
    if message.data.get("is_by_hand") or message.attempts or message.event in policies.UNCAPPED:
        return False
    later = _room_at(session, message, customer, rules, now)
    if later is None:
        return False
    is_in_vain = policies.is_stale(message.event, message.not_before, later)
    message.state = MessageState.DROPPED if is_in_vain else MessageState.QUEUED
    message.not_before, message.why = later, "too_many"
    return True


def _room_at(
    session: Session, message: Message, customer: Customer, rules: MessageRules, now: dt.datetime
) -> dt.datetime | None:
    """When one more may be told to this address; None when that is now."""
    told_at = sa.func.coalesce(col(Message.sent_at), col(Message.claimed_until))
    query = sa.select(told_at).where(
        col(Message.org_id) == message.org_id,
        col(Message.address) == address_of(session, customer, message.channel or rules.channel),
        col(Message.state).in_((MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED)),
        told_at > now - policies.CAP_LOOKS_BACK,
    )
    nth_newest = session.scalars(
        query.order_by(told_at.desc()).offset(rules.most_per_day - 1).limit(1)
    ).first()
    return None if nth_newest is None else nth_newest + policies.CAP_LOOKS_BACK


def _is_overtaken(session: Session, message: Message, job: Job, now: dt.datetime) -> bool:
    """Whether something has happened since that makes the message wrong."""
    event = message.event
    if _has_successor(session, message):
        return True
    if event in policies.ASKING:
        return job.status in FINISHED or has_appointment(job, now)
    if event in policies.OF_A_WINDOW:
        start = message.data.get("window_start")
        is_same = job.window_start is not None and start == job.window_start.isoformat()
        if event in policies.OF_A_PROMISE:
            return not is_same or job.status not in TO_COME
        return not is_same or not has_appointment(job, now) or job.status in FINISHED
    if event is MessageEvent.RATE:
        is_rated = sa.exists().where(
            col(Rating.job_id) == job.id, col(Rating.created_at) > message.created_at
        )
        return bool(session.scalar(sa.select(is_rated)))
    return False


def _has_successor(session: Session, message: Message) -> bool:
    """Whether a later deed is to tell the same thing: a time changed there and back is told once."""
    same_news = next((events for events in policies.LAST_COUNTS if message.event in events), None)
    if same_news is None:
        return False
    later = sa.exists().where(
        col(Message.job_id) == message.job_id,
        col(Message.event).in_(same_news),
        col(Message.id) > message.id,
        col(Message.key).not_like(f"{outbox.AGAIN}%"),
    )
    return bool(session.scalar(sa.select(later)))


def record_sent(session: Session, claimed: Claimed, receipt: str) -> bool:
    """Note the receipt; False when another sender has taken the message over."""
    message = _owned(session, claimed)
    if message is None:
        return False
    message.state, message.receipt, message.sent_at = MessageState.SENT, receipt[:120], utc_now()
    message.claimed_until = None
    session.flush()
    return True


def record_failed(session: Session, claimed: Claimed, detail: str, *, is_final: bool) -> None:
    """Put it off, hand it to the fallback channel, or give it up; it stays to be seen in each case."""
    message = _owned(session, claimed)
    if message is None:
        return
    rules, now = rules_of(session, message.org_id), utc_now()
    message.why, message.claimed_until = detail[:300], None
    if not is_final and message.attempts < policies.MAX_ATTEMPTS:
        message.state, message.not_before = MessageState.QUEUED, now + policies.back_off(message.attempts)
    else:
        give_up(session, message, rules, detail, now)
    session.flush()


def give_up(session: Session, message: Message, rules: MessageRules, why: str, now: dt.datetime) -> None:
    """A channel did not do it: the fallback's turn, or else somebody should call."""
    if _fall_back(message, rules, why, now):
        return
    message.state, message.why, message.claimed_until = MessageState.FAILED, why[:300], None
    if message.event is not MessageEvent.ALERT and message.event not in policies.OPTIONAL:
        job = session.get_one(Job, message.job_id)
        key = f"undelivered:{message.id}"
        tasks.open_task(session, job, TaskKind.UNDELIVERED, key, now, message.event)
        outbox.alert(session, job, "undelivered", key, why)


def _fall_back(message: Message, rules: MessageRules, why: str, now: dt.datetime) -> bool:
    tried = {one["channel"] for one in message.tries} | {message.channel}
    if message.event is MessageEvent.ALERT or not rules.fallback or rules.fallback in tried:
        return False
    message.tries = [*message.tries, {"channel": message.channel, "at": now.isoformat(), "why": why[:300]}]
    message.state, message.channel, message.attempts = MessageState.QUEUED, rules.fallback, 0
    message.not_before, message.receipt, message.sent_at, message.claimed_until = now, "", None, None
    return True


def _owned(session: Session, claimed: Claimed) -> Message | None:
    query = sa.select(Message).where(
        col(Message.id) == claimed.outgoing.id,
        col(Message.attempts) == claimed.attempt,
        col(Message.channel) == claimed.channel,
        col(Message.state) == MessageState.SENDING,
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
