"""Tables of messages: the outbox, an organisation's rules and words, and who wants none."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from backend.db.base import OrgRow
from backend.db.types import enum_column, json_object


class MessageEvent(enum.StrEnum):
    """What a customer is told of."""

    INVITED = "invited"
    BOOKED = "booked"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    RATE = "rate"
    CANCELLED = "cancelled"


class MessageState(enum.StrEnum):
    """Where a message is. `sending` is claimed by a sender until `claimed_until`."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Message(OrgRow, table=True):
    """One message to one customer. `key` tells a repeat of the same deed; `attempts` fences a lost sender."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("org_id", "key"),
        sa.Index(None, "state", "not_before"),
        sa.Index(None, "org_id", "address", "sent_at"),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    event: MessageEvent = Field(sa_type=enum_column(MessageEvent))
    key: str = Field(max_length=120)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    state: MessageState = Field(default=MessageState.QUEUED, sa_type=enum_column(MessageState))
    not_before: dt.datetime
    attempts: int = 0
    claimed_until: dt.datetime | None = None
    channel: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=120)
    language: str = Field(default="", max_length=10)
    text: str = Field(default="", max_length=1000)
    receipt: str = Field(default="", max_length=120)
    why: str = Field(default="", max_length=300)
    sent_at: dt.datetime | None = None


class MessageRules(SQLModel, table=True):
    """How an organisation writes to its customers. Hours are local; quiet from one until the other."""

    __tablename__ = "message_rules"
    __table_args__ = (
        sa.CheckConstraint("quiet_from_h BETWEEN 0 AND 24", name="quiet_from"),
        sa.CheckConstraint("quiet_until_h BETWEEN 0 AND 24", name="quiet_until"),
        sa.CheckConstraint("most_per_day BETWEEN 1 AND 100", name="most_per_day"),
    )

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    channel: str = Field(default="sandbox", max_length=20)
    fallback: str = Field(default="", max_length=20)
    quiet_from_h: int = 21
    quiet_until_h: int = 8
    most_per_day: int = 6


class MessageTemplate(SQLModel, table=True):
    """An organisation's own words for an event in a language."""

    __tablename__ = "message_template"

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    event: MessageEvent = Field(sa_type=enum_column(MessageEvent), primary_key=True)
    language: str = Field(max_length=10, primary_key=True)
    text: str = Field(max_length=600)


class ContactRefusal(SQLModel, table=True):
    """A customer who wants no message that is not about an appointment of theirs."""

    __tablename__ = "contact_refusal"

    customer_id: uuid.UUID = Field(foreign_key="customer.id", primary_key=True)
    refused_at: dt.datetime
