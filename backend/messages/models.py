"""Tables of messages: the outbox, an organisation's rules and words, and who wants none."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import enum_column, json_list, json_object


class MessageEvent(enum.StrEnum):
    """What a customer is told of; `alert` is what the office itself is told of."""

    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    BOOKED = "booked"
    CHANGED = "changed"
    REMINDER = "reminder"
    ON_THE_WAY = "on_the_way"
    DELAYED = "delayed"
    ON_TIME = "on_time"
    NO_SHOW = "no_show"
    ABSENT = "absent"
    DONE = "done"
    RATE = "rate"
    CANCELLED = "cancelled"
    COMPLAINT = "complaint"
    ALERT = "alert"


class MessageState(enum.StrEnum):
    """Where a message is. `sending` is claimed by a sender until `claimed_until`.

    `sent` was taken by its channel; `delivered` is what the channel says afterwards.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class Message(OrgRow, table=True):
    """One message to one customer. `key` tells a repeat of the same deed; `attempts` fences a lost sender.

    `tries` are the channels that were given up: {channel, at, why}.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("org_id", "key"),
        sa.Index(None, "state", "not_before"),
        sa.Index(None, "org_id", "address", "sent_at"),
        sa.Index(None, "channel", "receipt"),
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
    address: str = Field(default="", max_length=254)
    language: str = Field(default="", max_length=10)
    subject: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=2000)
    receipt: str = Field(default="", max_length=120)
    why: str = Field(default="", max_length=300)
    sent_at: dt.datetime | None = None
    delivered_at: dt.datetime | None = None
    tries: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())


class MessageRules(Table, table=True):
    """How an organisation writes to its customers. Hours are local; quiet from one until the other.

    `invite_on` says what an order's customer is invited by: "order" when it comes in, "shipped" or "arrived".
    Without an answer they are reminded after `remind_after_h`, and `task_after_h` later an agent is to call.
    A promise that will not be kept is told again when the arrival moved by `delay_min`, and not before
    `delay_gap_min`. `silent` events are not told at all; `alerts` are the robots that tell the office of
    what needs it.
    """

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
    invite_on: str = Field(default="order", max_length=12)
    remind_after_h: int = 24
    task_after_h: int = 24
    delay_min: int = 15
    delay_gap_min: int = 30
    silent: list[str] = Field(default_factory=list, sa_type=json_list())
    alerts: list[str] = Field(default_factory=list, sa_type=json_list())


class MessageWords(Table, table=True):
    """An organisation's own words for an event in a language: of one channel, or ("") of all the others."""

    __tablename__ = "message_words"

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    event: MessageEvent = Field(sa_type=enum_column(MessageEvent), primary_key=True)
    channel: str = Field(default="", max_length=20, primary_key=True)
    language: str = Field(max_length=10, primary_key=True)
    subject: str = Field(default="", max_length=200)
    text: str = Field(max_length=2000)


class MessageChannel(OrgRow, table=True):
    """How an organisation reaches people by one channel. Only this server opens the secrets in `sealed`."""

    __tablename__ = "message_channel"
    __table_args__ = (sa.UniqueConstraint("org_id", "name"),)

    name: str = Field(max_length=20)
    kind: str = Field(max_length=20)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    sealed: str = Field(default="", max_length=8000)
    changed_at: dt.datetime


class ContactAddress(Table, table=True):
    """Where a customer is reached other than by their phone: an e-mail address, a WeChat openid.

    `consented_at` is when they gave it themselves, on their own page.
    """

    __tablename__ = "contact_address"

    customer_id: uuid.UUID = Field(foreign_key="customer.id", primary_key=True)
    channel: str = Field(max_length=20, primary_key=True)
    address: str = Field(max_length=254)
    consented_at: dt.datetime | None = None


class AddressRequest(Table, table=True):
    """A customer on their way to WeChat and back: one per link, gone once they are back.

    What brings them back is kept as a hash alone.
    """

    __tablename__ = "address_request"

    link_id: uuid.UUID = Field(foreign_key="customer_link.id", primary_key=True)
    state_sha256: str = Field(max_length=64, unique=True)
    language: str = Field(max_length=10)
    expires_at: dt.datetime = Field(index=True)


class ContactRefusal(Table, table=True):
    """A customer who wants no message that is not about an appointment of theirs."""

    __tablename__ = "contact_refusal"

    customer_id: uuid.UUID = Field(foreign_key="customer.id", primary_key=True)
    refused_at: dt.datetime


class ContactChoice(OrgRow, table=True):
    """What a customer decided about such messages, when and how: "link", "sms" or "office"."""

    __tablename__ = "contact_choice"

    customer_id: uuid.UUID = Field(foreign_key="customer.id", index=True)
    is_refused: bool
    how: str = Field(max_length=12)
    said: str = Field(default="", max_length=200)


class TaskKind(enum.StrEnum):
    """Why somebody of the office should call a customer."""

    UNANSWERED = "unanswered"
    UNDELIVERED = "undelivered"
    NO_SHOW = "no_show"
    PROMISE_MOVED = "promise_moved"
    PART_TO_VAN = "part_to_van"
    SERIAL_ELSEWHERE = "serial_elsewhere"


class AgentTask(OrgRow, table=True):
    """A customer to call because messages did not do it; one per `key`, open until `closed_at`."""

    __tablename__ = "agent_task"
    __table_args__ = (sa.UniqueConstraint("org_id", "key"), sa.Index(None, "org_id", "closed_at"))

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    kind: TaskKind = Field(sa_type=enum_column(TaskKind))
    key: str = Field(max_length=120)
    detail: str = Field(default="", max_length=300)
    due_at: dt.datetime
    closed_at: dt.datetime | None = None
    closed_by: str = Field(default="", max_length=120)
    outcome: str = Field(default="", max_length=1000)
