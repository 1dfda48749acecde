"""Wire types of messages."""

import datetime as dt
import uuid
from typing import Annotated

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


class TemplateWrite(Body):
    """New words; empty ones bring the standard ones back."""

    text: Annotated[str, msgspec.Meta(max_length=600, pattern=r"^[^\x00]*$")]
