"""The queue of push messages: claimed by one server at a time, tried again later, gone once told."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.db.types import utc_now
from backend.push.models import PushMessage, PushState, PushSubscription
from backend.push.service import forget

CLAIMED_FOR = dt.timedelta(minutes=1)
WAITS = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800))
AT_ONCE = 50


@dataclass(frozen=True)
class Claimed:
    """A message and the browser it goes to."""

    id: uuid.UUID
    subscription_id: uuid.UUID
    endpoint: str
    p256dh: str
    auth: str
    payload: dict[str, Any]


def claim_due(session: Session) -> list[Claimed]:
    """Take what is due; a claim that is not settled runs out and is taken again."""
    now = utc_now()
    is_free = sa.or_(col(PushMessage.claimed_until).is_(None), col(PushMessage.claimed_until) < now)
    query = (
        select(PushMessage, PushSubscription)
        .join(PushSubscription, col(PushSubscription.id) == col(PushMessage.subscription_id))
        .where(PushMessage.state == PushState.QUEUED, col(PushMessage.not_before) <= now, is_free)
        .order_by(col(PushMessage.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=PushMessage)
    )
    found = []
    for message, to in session.exec(query):
        message.claimed_until = now + CLAIMED_FOR
        message.attempts += 1
        found.append(Claimed(message.id, to.id, to.endpoint, to.p256dh, to.auth, dict(message.payload)))
    return found


def is_any_due(session: Session) -> bool:
    """Whether claiming is worth a write."""
    query = sa.select(col(PushMessage.id)).where(
        col(PushMessage.state) == PushState.QUEUED, col(PushMessage.not_before) <= utc_now()
    )
    return session.execute(query.limit(1)).first() is not None


def told(session: Session, claimed: Claimed) -> None:
    """The push service has it: nothing more to keep."""
    session.execute(sa.delete(PushMessage).where(col(PushMessage.id) == claimed.id))


def gone(session: Session, claimed: Claimed) -> None:
    """The browser no longer wants to be told."""
    forget(session, claimed.subscription_id)


def put_off(session: Session, claimed: Claimed, why: str, *, is_final: bool) -> None:
    """Try again later, or stay visible as failed."""
    message = session.get(PushMessage, claimed.id)
    if message is None:
        return
    message.why, message.claimed_until = why[:300], None
    if is_final or message.attempts > len(WAITS):
        message.state = PushState.FAILED
    else:
        message.not_before = utc_now() + WAITS[message.attempts - 1]
