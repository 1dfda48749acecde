"""Tables of push subscriptions and of what is on its way to them."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column, json_object, utc_now

# What a transaction that queues something leaves in its `session.info`.
QUEUED = "push_queued"


class PersonKind(enum.StrEnum):
    """Whose browser it is: someone who signs in, or a customer with a link."""

    ACCOUNT = "account"
    CUSTOMER = "customer"


class PushSubscription(OrgRow, table=True):
    """A browser that asked to be told. `endpoint` is its push service's address and belongs to one person."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        sa.UniqueConstraint("endpoint"),
        sa.Index(None, "person_kind", "person_id"),
    )

    person_kind: PersonKind = Field(sa_type=enum_column(PersonKind))
    person_id: uuid.UUID
    endpoint: str = Field(max_length=1000)
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=60)
    language: str = Field(default="zh-CN", max_length=10)


class PushState(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class PushMessage(OrgRow, table=True):
    """Something a browser is to be told; written with what it tells of, sent afterwards."""

    __tablename__ = "push_message"
    __table_args__ = (sa.Index(None, "state", "not_before"),)

    subscription_id: uuid.UUID = Field(foreign_key="push_subscription.id", index=True, ondelete="CASCADE")
    topic: str = Field(max_length=32)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    state: PushState = Field(default=PushState.QUEUED, sa_type=enum_column(PushState))
    not_before: dt.datetime = Field(default_factory=utc_now)
    attempts: int = 0
    claimed_until: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    why: str = Field(default="", max_length=300)
