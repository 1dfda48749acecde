"""Messages, their words and rules over HTTP, for the office: a message holds its customer's link."""

import uuid
from typing import Annotated

from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.messages import office
from backend.messages.models import MessageEvent, MessageState
from backend.messages.office import Wanted
from backend.messages.schemas import (
    InvitedRead,
    MessageAgain,
    MessageRead,
    MessageRulesRead,
    MessageRulesWrite,
    OrderMoved,
    PreviewRead,
    TemplateRead,
    TemplatesRead,
    TemplateWrite,
)
from backend.tracking.words import Language
from backend.web.if_match import IfMatch, replace, tagged
from backend.web.schemas import Page

Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200)]
JobId = Annotated[uuid.UUID | None, QueryParameter(name="job_id")]
Event = Annotated[MessageEvent | None, QueryParameter(name="event")]
State = Annotated[MessageState | None, QueryParameter(name="state")]
Sought = Annotated[str, QueryParameter(name="q", max_length=80, pattern=r"^[^\x00]*$")]
After = Annotated[uuid.UUID | None, QueryParameter(name="after")]


@get("/message-rules", operation_id="readMessageRules")
async def get_rules(
    db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[MessageRulesRead]:
    """By which channel, when and how often customers are written to."""
    return tagged(await db.read(office.read_rules, actor))


@put("/message-rules", operation_id="setMessageRules")
async def put_rules(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    data: JSONBody[MessageRulesWrite],
    if_match: IfMatch = "",
) -> Response[MessageRulesRead]:
    """Set the organisation's rules for messages."""
    return tagged(await db.write(replace, actor, if_match, data, office.read_rules, office.write_rules))


@get("/messages", operation_id="listMessages")
async def list_messages(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: JobId = None,
    event: Event = None,
    in_state: State = None,
    q: Sought = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[MessageRead]:
    """What customers were and will be told, newest first; the sandbox's messages are seen here alone."""
    rows = await db.read(office.listed, actor, Wanted(job_id, event, in_state, q.strip(), after, limit))
    return Page(rows, str(rows[-1].id) if len(rows) == limit else None)


@post("/messages/{message_id:uuid}/again", operation_id="sendMessageAgain", status_code=201)
async def send_again(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    message_id: FromPath[uuid.UUID],
    data: JSONBody[MessageAgain],
) -> MessageRead:
    """Send a message once more, as a new one; caps don't hold, quiet hours and refusals do."""
    return await db.write(office.send_again, actor, message_id, data.id)


@post("/orders/moved", operation_id="orderMoved", status_code=200)
async def order_moved(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[OrderMoved]
) -> InvitedRead:
    """An order was shipped or has arrived; its customer is invited if the rules wait for that."""
    return InvitedRead(await db.write(office.order_moved, actor, data))


@get("/message-templates", operation_id="listMessageTemplates")
async def list_templates(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> TemplatesRead:
    """The words of every message, with a preview."""
    return await db.read(office.templates, actor)


@put("/message-templates/{event:str}/{language:str}", operation_id="setMessageTemplate")
async def set_template(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    event: FromPath[MessageEvent],
    language: FromPath[Language],
    data: JSONBody[TemplateWrite],
) -> TemplateRead:
    """Set an organisation's own words; refused with the place of a mistake (`line`, `column`, `excerpt`)."""
    return await db.write(office.write_template, actor, event, language, data)


@post("/message-templates/{language:str}/preview", operation_id="previewMessageTemplate", status_code=200)
async def preview_template(
    actor: NamedDependency[Actor], language: FromPath[Language], data: JSONBody[TemplateWrite]
) -> PreviewRead:
    """How words would read with sample values, and what they would cost as SMS; nothing is kept."""
    actor.require(Permission.LINK_SHARE)
    return office.preview(data.subject, data.text, language)


router = Router(
    "/api",
    route_handlers=[
        list_messages,
        send_again,
        order_moved,
        list_templates,
        set_template,
        preview_template,
        get_rules,
        put_rules,
    ],
    tags=["messages"],
)
