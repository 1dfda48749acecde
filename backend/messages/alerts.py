"""News on a customer's lock screen, asked for on their page: what happened in a word, and nobody's data."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.db.types import utc_now
from backend.messages.models import Message, MessageEvent
from backend.push import service as push
from backend.push.models import PersonKind, PushSubscription
from backend.push.service import Notice, Person
from backend.tracking import links
from backend.tracking.models import CustomerLink

TOPIC = "visit"
_TITLE = {"zh-CN": "上门服务有新消息", "en": "News about your visit"}
_OPEN = {"zh-CN": "点开查看", "en": "Tap to see it"}
_BODIES = {
    MessageEvent.BOOKED: {"zh-CN": "上门时间已约好", "en": "The time is booked"},
    MessageEvent.CHANGED: {"zh-CN": "上门时间改了", "en": "The time has changed"},
    MessageEvent.REMINDER: {"zh-CN": "明天上门", "en": "Your visit is tomorrow"},
    MessageEvent.ON_THE_WAY: {"zh-CN": "师傅出发了", "en": "The technician is on the way"},
    MessageEvent.DELAYED: {"zh-CN": "师傅会晚到", "en": "The technician will be late"},
    MessageEvent.ON_TIME: {"zh-CN": "师傅能按时到了", "en": "The technician will be on time after all"},
    MessageEvent.CANCELLED: {"zh-CN": "预约已取消", "en": "The visit is cancelled"},
}


def person_of(link: CustomerLink) -> Person:
    """Whoever asked on a link's page: what they asked for ends with the link."""
    return Person(PersonKind.CUSTOMER, link.id)


def tell(session: Session, message: Message, secret: bytes, now: dt.datetime) -> int:
    """Queue the news of a message for the phones that asked on the job's open links; returns for how many."""
    if message.event is MessageEvent.ALERT:
        return 0
    asked = sa.exists().where(
        col(PushSubscription.person_kind) == PersonKind.CUSTOMER,
        col(PushSubscription.person_id) == col(CustomerLink.id),
    )
    query = select(CustomerLink).where(CustomerLink.job_id == message.job_id, _is_open(now), asked)
    body = _BODIES.get(message.event, _OPEN)
    return sum(
        push.send(session, person_of(one), TOPIC, Notice(_TITLE, body, f"/c/{links.seal(secret, one.id)}"))
        for one in session.exec(query).all()
    )


def forget_closed(session: Session, now: dt.datetime | None = None) -> int:
    """Drop the phones that asked on links which open nothing any more; returns how many."""
    still = sa.exists().where(
        col(CustomerLink.id) == col(PushSubscription.person_id), _is_open(now or utc_now())
    )
    query = sa.select(col(PushSubscription.id)).where(
        col(PushSubscription.person_kind) == PersonKind.CUSTOMER, ~still
    )
    closed = session.scalars(query.limit(500)).all()
    for one in closed:
        push.forget(session, one)
    return len(closed)


def _is_open(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(col(CustomerLink.revoked_at).is_(None), col(CustomerLink.expires_at) > now)
