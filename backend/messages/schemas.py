"""Wire types of messages."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec

from backend.messages.models import MessageEvent, MessageState, TaskKind
from backend.web.schemas import Body, Reply

CustomerChannel = Literal["sandbox", "sms", "email", "wechat"]
OfficeChannel = Literal["sandbox", "wecom", "dingtalk", "feishu"]
Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]
Name = Annotated[str, msgspec.Meta(max_length=40)]
Option = Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^[^\x00]*$")]
Subject = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00\r\n]*$")]
Words = Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^[^\x00]*$")]


class MessageRead(Reply):
    """One message as it was or will be sent; `why` says what it waits for, or why it never left.

    `tries` are the channels that were given up: {channel, at, why}.
    """

    id: uuid.UUID
    job_id: uuid.UUID
    event: MessageEvent
    state: MessageState
    channel: str
    address: str
    language: str
    subject: str
    text: str
    attempts: int
    why: str
    receipt: str
    not_before: dt.datetime
    sent_at: dt.datetime | None
    delivered_at: dt.datetime | None
    created_at: dt.datetime
    tries: list[dict[str, Any]]
    job_number: str = ""
    customer_name: str = ""


class MessageAgain(Body):
    """`id` is the sender's own, so that sending twice by mistake sends once."""

    id: uuid.UUID


class SmsRead(Reply):
    """What the words cost as SMS with sample values: characters, parts, "gsm" or "ucs2"."""

    units: int
    parts: int
    encoding: str


class TemplateRead(Reply):
    """An event's words in a language, whose they are, and how they read with sample values.

    `channel` is "" for the words of every channel that has none of its own.
    """

    event: MessageEvent
    channel: str
    language: str
    subject: str
    text: str
    subject_preview: str
    preview: str
    sms: SmsRead
    is_own: bool


class TemplatesRead(Reply):
    """All words, and the names they may use with what each stands for in a preview, by language."""

    names: list[str]
    samples: dict[str, dict[str, str]]
    items: list[TemplateRead]


class MessageRulesRead(Reply):
    """How an organisation writes to its customers; see `MessageRulesWrite`."""

    channel: str
    fallback: str
    quiet_from_h: int
    quiet_until_h: int
    most_per_day: int
    invite_on: str
    remind_after_h: int
    task_after_h: int
    delay_min: int
    delay_gap_min: int
    silent: list[str]
    alerts: list[str]


class MessageRulesWrite(Body):
    """`fallback` is "" for none; hours are local, equal ones never quiet.

    `invite_on` is what an ordered job's invitation waits for; `silent` events are not told; `alerts` are the
    channels the office itself is told by.
    """

    channel: CustomerChannel
    fallback: Literal["", "sandbox", "sms", "email", "wechat"]
    quiet_from_h: Hour
    quiet_until_h: Hour
    most_per_day: Annotated[int, msgspec.Meta(ge=1, le=100)]
    invite_on: Literal["order", "shipped", "arrived"] = "order"
    remind_after_h: Annotated[int, msgspec.Meta(ge=1, le=336)] = 24
    task_after_h: Annotated[int, msgspec.Meta(ge=1, le=336)] = 24
    delay_min: Annotated[int, msgspec.Meta(ge=5, le=240)] = 15
    delay_gap_min: Annotated[int, msgspec.Meta(ge=5, le=240)] = 30
    silent: Annotated[list[MessageEvent], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)
    alerts: Annotated[list[OfficeChannel], msgspec.Meta(max_length=4)] = msgspec.field(default_factory=list)


class TemplateWrite(Body):
    """New words; empty ones bring the standard ones back."""

    text: Words
    subject: Subject = ""
    channel: Literal["", "sandbox", "sms", "email", "wechat", "wecom", "dingtalk", "feishu"] = ""


class PreviewRead(Reply):
    """Words with sample values."""

    subject: str
    text: str
    sms: SmsRead


class ChannelRead(Reply):
    """A channel as it is set up; `secrets` are the names of those that are set, never what they are.

    `hook_url` is where its service reports what became of messages, "" where it does not.
    """

    name: str
    kind: str
    options: dict[str, str]
    secrets: list[str]
    hook_url: str
    is_set: bool
    changed_at: dt.datetime | None


class KindRead(Reply):
    """A service a channel can be set up for, and the options it takes."""

    channel: str
    kind: str
    needs: list[str]
    may_have: list[str]
    secrets: list[str]
    optional_secrets: list[str]
    per_event: list[str]


class ChannelsRead(Reply):
    channels: list[ChannelRead]
    kinds: list[KindRead]


class ChannelWrite(Body):
    """Secrets that are not given stay as they were."""

    kind: Annotated[str, msgspec.Meta(max_length=20)]
    options: Annotated[dict[Annotated[str, msgspec.Meta(max_length=40)], Option], msgspec.Meta(max_length=60)]
    secrets: Annotated[
        dict[Annotated[str, msgspec.Meta(max_length=40)], Option], msgspec.Meta(max_length=10)
    ] = msgspec.field(default_factory=dict)


class ChannelTest(Body):
    """Where a test goes; a robot needs no address."""

    address: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^\x00\r\n]*$")] = ""


class TestRead(Reply):
    """Whether the channel took it; `detail` is its receipt, or what it said."""

    is_taken: bool
    detail: str


class TaskRead(Reply):
    """A customer to call, why, and until when."""

    id: uuid.UUID
    kind: TaskKind
    detail: str
    due_at: dt.datetime
    is_overdue: bool
    job_id: uuid.UUID
    job_number: str
    customer_name: str
    phone: str


class TaskClose(Body):
    outcome: Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class ChoiceRead(Reply):
    """What a customer decided, when, and how: "link", "sms" or "office"."""

    is_refused: bool
    how: str
    said: str
    at: dt.datetime


class ContactRead(Reply):
    """Where a job's customer is reached, and what they want to be told."""

    email: str
    wechat: str
    is_refused: bool
    choices: list[ChoiceRead]


class ContactWrite(Body):
    """ "" forgets an address."""

    email: Annotated[
        str, msgspec.Meta(max_length=254, pattern=r"^([^@\s\x00<>]+@[^@\s\x00<>]+\.[^@\s\x00<>]+)?$")
    ] = ""
    wechat: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    is_refused: bool = False


class OrderMoved(Body):
    """A shop's order is on its way, or at its customer's."""

    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^[^\x00]*$")]
    order_no: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    what: Literal["shipped", "arrived"]


class InvitedRead(Reply):
    """How many of the order's jobs wait for a time and were asked about now, or are for the event named."""

    invited: int
