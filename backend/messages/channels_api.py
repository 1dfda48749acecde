"""Channels, contacts and calls that are owed, over HTTP. No answer holds a secret."""

import uuid

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.db.types import utc_now, uuid7
from backend.messages import service, tasks, wording
from backend.messages import settings as channel_settings
from backend.messages.channels import ChannelError, Outgoing
from backend.messages.kinds import KINDS, ChannelName
from backend.messages.models import ContactAddress, MessageChannel, MessageEvent
from backend.messages.receipts import hook_key
from backend.messages.schemas import (
    ChannelRead,
    ChannelsRead,
    ChannelTest,
    ChannelWrite,
    ChoiceRead,
    ContactRead,
    ContactWrite,
    KindRead,
    TaskClose,
    TaskRead,
    TestRead,
)
from backend.messages.sender import Sender, hook_url
from backend.messages.words import SAMPLE, STANDARD, WHAT
from backend.privacy.disclosure import disclosure
from backend.settings import Settings
from backend.tracking.words import Language


def _kinds() -> list[KindRead]:
    return [
        KindRead(
            channel, kind, list(spec.needs), list(spec.may_have), list(spec.secrets),
            list(spec.optional_secrets), list(spec.per_event),
        )
        for channel, kinds in KINDS.items()
        for kind, spec in kinds.items()
    ]  # fmt: skip


def _channel(row: MessageChannel, secret: bytes, base_url: str) -> ChannelRead:
    options = {key: str(value) for key, value in row.options.items()}
    has_receipts = KINDS[row.name][row.kind].has_receipts
    return ChannelRead(
        row.name, row.kind, options, channel_settings.secrets_set(secret, row),
        _hook(row, secret, base_url) if has_receipts else "", True, row.changed_at,
    )  # fmt: skip


def _hook(row: MessageChannel, secret: bytes, base_url: str) -> str:
    """The address to give the service; one that signs nothing proves itself by a key in it."""
    url = hook_url(base_url, row.id)
    if row.kind != "aliyun":
        return url
    return f"{url}?key={hook_key(channel_settings.opened(secret, row).get('secret', ''), row.id)}"


def _channels(session: Session, actor: Actor, secret: bytes, settings: Settings) -> ChannelsRead:
    rows = {row.name: row for row in channel_settings.list_channels(session, actor)}
    read = []
    for name in KINDS:
        if name in rows:
            read.append(_channel(rows[name], secret, settings.base_url))
        else:
            kind = settings.sms if name == "sms" else ""
            read.append(ChannelRead(name, kind, {}, [], "", bool(kind), None))
    return ChannelsRead(read, _kinds())


@get("/message-channels", operation_id="listMessageChannels")
async def list_channels(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
) -> ChannelsRead:
    """What each channel is set up with, and what it could be; the sandbox needs nothing."""
    return await db.read(_channels, actor, secret, settings)


@put("/message-channels/{name:str}", operation_id="setMessageChannel")
async def set_channel(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    name: FromPath[ChannelName],
    data: JSONBody[ChannelWrite],
) -> ChannelRead:
    """Set a channel up. Secrets are kept sealed, and asked for again when the address they go to changes."""
    row = await db.write(channel_settings.write, actor, secret, name, data.kind, data.options, data.secrets)
    return _channel(row, secret, settings.base_url)


@delete("/message-channels/{name:str}", operation_id="removeMessageChannel", status_code=204)
async def remove_channel(
    db: NamedDependency[Database], actor: NamedDependency[Actor], name: FromPath[ChannelName]
) -> None:
    """Forget a channel and its secrets."""
    await db.write(channel_settings.remove, actor, name)


@post("/message-channels/{name:str}/test", operation_id="testMessageChannel", status_code=200)
async def test_channel(
    actor: NamedDependency[Actor],
    sender: NamedDependency[Sender],
    name: FromPath[ChannelName],
    data: JSONBody[ChannelTest],
) -> TestRead:
    """Send one message at once, to see that the channel works."""
    actor.require(Permission.RULES_MANAGE)
    try:
        receipt = await sender.hand_over(actor.org_id, name, _test_message(data.address))
    except ChannelError as error:
        return TestRead(False, error.detail)
    return TestRead(True, receipt)


def _test_message(address: str) -> Outgoing:
    language = Language.CHINESE
    values = {**SAMPLE[language], "what": WHAT[language]["test"], "detail": ""}
    subject, text = STANDARD[language][MessageEvent.BOOKED]
    if not address:
        subject, text = STANDARD[language][MessageEvent.ALERT]
    return Outgoing(
        uuid7(), "booked", address, language.value, wording.fill(text, values), values,
        wording.fill(subject, values),
    )  # fmt: skip


def _tasks(session: Session, actor: Actor) -> list[TaskRead]:
    now, shown = utc_now(), disclosure(session, actor.org_id)
    return [
        TaskRead(
            task.id, task.kind, task.detail, task.due_at, task.due_at < now, job.id, job.number,
            customer.name, shown.phone(job, customer.phone),
        )
        for task, job, customer in tasks.open_tasks(session, actor)
    ]  # fmt: skip


@get("/tasks", operation_id="listTasks")
async def list_tasks(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[TaskRead]:
    """Customers to call because messages did not do it, the most urgent first."""
    return await db.read(_tasks, actor)


@post("/tasks/{task_id:uuid}/close", operation_id="closeTask", status_code=204)
async def close_task(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    task_id: FromPath[uuid.UUID],
    data: JSONBody[TaskClose],
) -> None:
    """Note that the customer was called, and what came of it."""
    await db.write(tasks.close_task, actor, task_id, data.outcome)


def _contact(session: Session, actor: Actor, job_id: uuid.UUID) -> ContactRead:
    customer = service.customer_of_job(session, actor, job_id)
    found = {name: session.get(ContactAddress, (customer.id, name)) for name in ("email", "wechat")}
    choices = [
        ChoiceRead(one.is_refused, one.how, one.said, one.created_at)
        for one in service.choices_of(session, customer.id)
    ]
    addresses = {name: row.address if row is not None else "" for name, row in found.items()}
    return ContactRead(**addresses, is_refused=service.is_refused(session, customer.id), choices=choices)


def _set_contact(session: Session, actor: Actor, job_id: uuid.UUID, wanted: ContactWrite) -> ContactRead:
    addresses = {"email": wanted.email, "wechat": wanted.wechat}
    service.set_contact(session, actor, job_id, addresses, is_refused=wanted.is_refused)
    return _contact(session, actor, job_id)


@get("/jobs/{job_id:uuid}/contact", operation_id="readContact")
async def read_contact(
    db: NamedDependency[Database], actor: NamedDependency[Actor], job_id: FromPath[uuid.UUID]
) -> ContactRead:
    """Where a job's customer is reached beside their phone, and what they decided about messages."""
    return await db.read(_contact, actor, job_id)


@put("/jobs/{job_id:uuid}/contact", operation_id="setContact")
async def write_contact(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[ContactWrite],
) -> ContactRead:
    """Note how a customer is reached and what they decided, for this and every later job of theirs."""
    return await db.write(_set_contact, actor, job_id, data)


router = Router(
    "/api",
    route_handlers=[
        list_channels,
        set_channel,
        remove_channel,
        test_channel,
        list_tasks,
        close_task,
        read_contact,
        write_contact,
    ],
    tags=["messages"],
)
