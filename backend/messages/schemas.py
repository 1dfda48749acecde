"""Wire types of messages."""

import datetime as dt
import uuid
from typing import Annotated, Literal

import msgspec

from backend.messages.models import MessageEvent, MessageState
from backend.web.schemas import Body, Reply


class MessageRead(Reply):
    """One message as it was or will be sent; `why` says what it waits for, or why it never left."""

    id: uuid.UUID
    job_id: uuid.UUID
    event: MessageEvent
    state: MessageState
    channel: str
    address: str
    language: str
    text: str
    attempts: int
    why: str
    receipt: str
    not_before: dt.datetime
    sent_at: dt.datetime | None
    created_at: dt.datetime


class TemplateRead(Reply):
    """An event's words in a language, whose they are, and how they read with sample values."""

    event: MessageEvent
    language: str
    text: str
    preview: str
    is_own: bool


class MessageRulesRead(Reply):
    """How an organisation writes to its customers; hours are local, quiet from one until the other."""

    channel: str
    fallback: str
    quiet_from_h: int
    quiet_until_h: int
    most_per_day: int


class MessageRulesWrite(Body):
    """`fallback` is "" for none; equal hours are never quiet."""

    channel: Literal["sandbox", "sms"]
    fallback: Literal["", "sandbox", "sms"]
    quiet_from_h: Annotated[int, msgspec.Meta(ge=0, le=23)]
    quiet_until_h: Annotated[int, msgspec.Meta(ge=0, le=23)]
    most_per_day: Annotated[int, msgspec.Meta(ge=1, le=100)]


class TemplateWrite(Body):
    """New words; empty ones bring the standard ones back."""

    text: Annotated[str, msgspec.Meta(max_length=600, pattern=r"^[^\x00]*$")]
