"""Messages and their words over HTTP, for the office: a message holds its customer's link."""

import uuid
from typing import Annotated

import msgspec
import sqlalchemy as sa
from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.messages import service
from backend.messages.models import Message, MessageEvent, MessageRules, MessageWords
from backend.messages.schemas import (
    MessageRead,
    MessageRulesRead,
    MessageRulesWrite,
    TemplateRead,
    TemplateWrite,
)
from backend.messages.words import SAMPLE
from backend.tracking.words import Language
from backend.web.schemas import Page

Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200)]
JobId = Annotated[uuid.UUID | None, QueryParameter(name="job_id")]
After = Annotated[uuid.UUID | None, QueryParameter(name="after")]


def listed(
    session: Session, actor: Actor, job_id: uuid.UUID | None, after: uuid.UUID | None, limit: int
) -> list[MessageRead]:
    """The organisation's messages, newest first; only for those who may share a customer's link."""
    actor.require(Permission.LINK_SHARE)
    query = sa.select(Message).where(col(Message.org_id) == actor.org_id)
    if job_id is not None:
        query = query.where(col(Message.job_id) == job_id)
    if after is not None:
        query = query.where(col(Message.id) < after)
    return [_read(row) for row in session.scalars(query.order_by(col(Message.id).desc()).limit(limit))]


def _read(row: Message) -> MessageRead:
    names = MessageRead.__struct_fields__
    return MessageRead(**{name: getattr(row, name) for name in names})


def templates(session: Session, actor: Actor) -> list[TemplateRead]:
    """Every event's words in every language, as they read."""
    actor.require(Permission.LINK_SHARE)
    return [
        _template(session, actor.org_id, event, language) for event in MessageEvent for language in Language
    ]


def _template(session: Session, org_id: uuid.UUID, event: MessageEvent, language: Language) -> TemplateRead:
    text = service.template_of(session, org_id, event, language)
    is_own = session.get(MessageWords, (org_id, event, "", language.value)) is not None
    return TemplateRead(event, language.value, text, text.format_map(SAMPLE[language]), is_own)


def write_template(
    session: Session, actor: Actor, event: MessageEvent, language: Language, text: str
) -> TemplateRead:
    """Set an organisation's own words; the audit log keeps who did."""
    actor.require(Permission.JOB_SUPERVISE)
    service.set_template(session, actor.org_id, event, language, text)
    audit.record(session, actor, "message.template", "organisation", actor.org_id, event=event, text=text)
    session.flush()
    return _template(session, actor.org_id, event, language)


def read_rules(session: Session, actor: Actor) -> MessageRulesRead:
    """The rules in force; the standard ones where none were set."""
    actor.require(Permission.LINK_SHARE)
    return _rules(service.rules_of(session, actor.org_id))


def write_rules(session: Session, actor: Actor, wanted: MessageRulesWrite) -> MessageRulesRead:
    """Set all of them."""
    actor.require(Permission.JOB_SUPERVISE)
    rules = session.get(MessageRules, actor.org_id) or MessageRules(org_id=actor.org_id)
    values = msgspec.structs.asdict(wanted)
    for name, value in values.items():
        setattr(rules, name, value)
    session.add(rules)
    session.flush()
    audit.record(session, actor, "message.rules", "organisation", actor.org_id, **values)
    return _rules(rules)


def _rules(rules: MessageRules) -> MessageRulesRead:
    return MessageRulesRead(*(getattr(rules, name) for name in MessageRulesRead.__struct_fields__))


@get("/message-rules", operation_id="readMessageRules")
async def get_rules(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> MessageRulesRead:
    """By which channel, when and how often customers are written to."""
    return await db.read(read_rules, actor)


@put("/message-rules", operation_id="setMessageRules")
async def put_rules(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[MessageRulesWrite]
) -> MessageRulesRead:
    """Set the organisation's rules for messages."""
    return await db.write(write_rules, actor, data)


@get("/messages", operation_id="listMessages")
async def list_messages(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: JobId = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[MessageRead]:
    """What customers were and will be told, newest first; the sandbox's messages are seen here alone."""
    rows = await db.read(listed, actor, job_id, after, limit)
    return Page(rows, str(rows[-1].id) if len(rows) == limit else None)


@get("/message-templates", operation_id="listMessageTemplates")
async def list_templates(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[TemplateRead]:
    """The words of every message, with a preview."""
    return await db.read(templates, actor)


@put("/message-templates/{event:str}/{language:str}", operation_id="setMessageTemplate")
async def set_template(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    event: FromPath[MessageEvent],
    language: FromPath[Language],
    data: JSONBody[TemplateWrite],
) -> TemplateRead:
    """Set an organisation's own words, naming {org} {product} {service} {window} {technician} {link}."""
    return await db.write(write_template, actor, event, language, data.text)


router = Router(
    "/api",
    route_handlers=[list_messages, list_templates, set_template, get_rules, put_rules],
    tags=["messages"],
)
