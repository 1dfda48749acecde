"""The phone's endpoints and the live feed."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import HeaderParameter, JSONBody, QueryParameter
from litestar.response import Stream

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database, DatabaseAwayError
from backend.errors import BadInputError, DomainError
from backend.evidence import blobs
from backend.evidence.store import LocalBlobStore
from backend.settings import Settings
from backend.sync import commands, handover
from backend.sync import earnings as earning
from backend.sync import pull as pulling
from backend.sync import stream as streaming
from backend.sync.exported import HandedOver, NotTaken
from backend.sync.hub import FeedHub
from backend.sync.incoming import MAX_FILE_BYTES, Incoming, received
from backend.sync.schemas import (
    BatchedReply,
    BatchReply,
    Command,
    CommandBatch,
    CommandReply,
    Earnings,
    Pull,
)
from backend.web.dependencies import provide_actor

REPLIES = {
    status: ResponseSpec(CommandReply, generate_examples=False, description=meaning)
    for status, meaning in (
        (200, "accepted or duplicate"),
        (404, "rejected"),
        (409, "conflict"),
        (422, "rejected"),
    )
}
CursorText = Annotated[str | None, QueryParameter(max_length=40)]


@get("/sync/pull", operation_id="pullSync")
async def pull(
    db: NamedDependency[Database], actor: NamedDependency[Actor], cursor: CursorText = None
) -> Pull:
    """The technician's jobs, those changed since `cursor`, and what the van carries."""
    return await db.read(pulling.pull, actor, cursor)


@get("/sync/earnings", operation_id="readEarnings")
async def read_earnings(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> Earnings:
    """What the technician has earned by tariff, by day, up to yesterday."""
    return await db.read(earning.earnings, actor)


@post("/sync/commands", operation_id="sendCommand", status_code=200, responses=REPLIES)
async def send_command(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    data: JSONBody[Command],
    idempotency_key: Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=64)],
) -> Response[bytes]:
    """Do one thing a technician did, once. The reply is typed: accepted, duplicate, conflict or rejected."""
    if idempotency_key != str(data.id):
        raise BadInputError("The Idempotency-Key must be the command's id.", code="idempotency_key")
    status, reply, is_repeat = await db.write(commands.execute, actor, data)
    headers = {"Idempotent-Replay": "1"} if is_repeat else {}
    return Response(reply, status_code=status, headers=headers, media_type="application/json")


@post("/sync/commands/batch", operation_id="sendCommands", status_code=200)
async def send_commands(
    db: NamedDependency[Database], actor: NamedDependency[Actor], data: JSONBody[CommandBatch]
) -> BatchReply:
    """Do several things a technician did, in their order, each once and each in a transaction of its own.

    A phone that comes back from a day without signal needs one round trip for many commands.
    """
    actor.require(Permission.PHONE_SYNC)
    return BatchReply([await _reply_to(db, actor, command) for command in data.commands])


@dataclass
class ExportedFileUpload(Operation):
    """Documents a body that is read as it comes, which Litestar reads from no annotation."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.OBJECT, description="The file a phone has exported, as it is.")
        self.request_body = RequestBody(
            content={"application/json": OpenAPIMediaType(schema=schema)}, required=True
        )


@post(
    "/sync/unsent-work",
    operation_id="takeUnsentWork",
    status_code=200,
    request_max_body_size=MAX_FILE_BYTES,
    operation_class=ExportedFileUpload,
)
async def take_unsent_work(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
) -> HandedOver:
    """Take in the file a phone exported because it could not send; the phone may still send the same later.

    Each command counts once, whichever way it comes first. 413 or 422 `file_too_large` over 48 MB.
    """
    handover.require_taking(actor)
    async with received(request.stream()) as incoming:
        technician = await db.write(handover.begin, actor, incoming)
        done = HandedOver(0, 0, 0, [])
        await _keep_pictures(db, LocalBlobStore(settings.blob_dir), technician, incoming, done)
        for operation in incoming.work.operations:
            name, reply = await db.write(handover.take, technician, operation)
            if reply.status in ("accepted", "duplicate"):
                done.taken += reply.status == "accepted"
                done.known += reply.status == "duplicate"
            else:
                kind = str(operation.get("kind", ""))
                done.refused.append(NotTaken(name, kind, reply.code, reply.message))
    counts = {"taken": done.taken, "known": done.known, "files": done.files, "refused": len(done.refused)}
    await db.write(handover.record, actor, technician, counts)
    return done


async def _keep_pictures(
    db: Database, store: LocalBlobStore, technician: Actor, incoming: Incoming, done: HandedOver
) -> None:
    for file in incoming.files():
        try:
            image = await asyncio.to_thread(handover.picture, store, file)
        except DomainError as error:
            done.refused.append(NotTaken(file.sha256, "file", error.code, error.detail))
            continue
        await db.write(blobs.register, technician, file.sha256, image)
        done.files += 1


async def _reply_to(db: Database, actor: Actor, command: Command) -> BatchedReply:
    try:
        status, encoded, _ = await db.write(commands.execute, actor, command)
    except DomainError as error:
        return BatchedReply(command.id, *commands.refuse(error))
    return BatchedReply(command.id, status, msgspec.json.decode(encoded, type=CommandReply))


@get("/feed", operation_id="openFeed", media_type="text/event-stream", sync_to_thread=False)
def open_feed(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    hub: NamedDependency[FeedHub],
    actor: NamedDependency[Actor],
    after: CursorText = None,
    last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=40)] = None,
) -> Stream:
    """Live changes as server-sent events; resumes after `Last-Event-ID` without skipping any."""
    actor.require(Permission.FEED_READ)
    wants, since = streaming.audience(actor), last_event_id or after
    body = streaming.stream(db, hub, wants, since, partial(is_still, request, actor))
    return Stream(body, media_type="text/event-stream", headers=streaming.HEADERS)


async def is_still(request: Request[Any, Any, Any], actor: Actor) -> bool:
    """Whether a request made now would come from the same person with the same rights."""
    try:
        return await provide_actor(request) == actor
    except DatabaseAwayError:
        return True  # nobody knows; asked again soon
    except DomainError:
        return False


router = Router(
    "/api",
    route_handlers=[pull, read_earnings, send_command, send_commands, take_unsent_work, open_feed],
    tags=["phone"],
)
