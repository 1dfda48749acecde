"""E-mails handed over by HTTP, for those whose mail service calls instead of keeping a mailbox."""

import asyncio
import tempfile
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.exceptions import InternalServerException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, HeaderParameter

from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import BadInputError, RejectedError
from backend.evidence.store import LocalBlobStore
from backend.report import letter_hooks, limits
from backend.report.letter import UnreadableLetterError
from backend.report.letter_desk import LetterDesk
from backend.report.letter_hooks import Opened
from backend.report.letter_seal import BadSealError, LetterSeal
from backend.report.mailbox import MOST_BYTES
from backend.report.showing import client_of
from backend.settings import Settings
from backend.web.problems import MEDIA_TYPE
from backend.web.schemas import Problem, Reply

IN_MEMORY_BYTES = 1_000_000
RAW = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
AnyRequest = Request[Any, Any, Any]
Signature = Annotated[str, HeaderParameter(name="Shangmen-Signature", max_length=500)]


class LetterTaken(Reply):
    """What became of an e-mail that was handed over: `known` was here before, and changed nothing."""

    state: Literal["taken", "known"]


@dataclass
class LetterUpload(Operation):
    """Documents a raw body, which Litestar reads from no annotation."""

    def __post_init__(self) -> None:
        content = {"message/rfc822": RAW, "application/octet-stream": RAW}
        self.request_body = RequestBody(content=content, required=True)


def _incoming(path: str, operation_id: str) -> Any:  # noqa: ANN401 - Litestar's decorator
    """The same door at two addresses."""
    too_large = ResponseSpec(
        Problem, generate_examples=False, description="More than 60 MB.", media_type=MEDIA_TYPE
    )
    return post(
        path,
        operation_id=operation_id,
        status_code=200,
        request_max_body_size=MOST_BYTES,
        operation_class=LetterUpload,
        responses={413: too_large},
    )


@_incoming("/api/letters/incoming", "takeLetter")
async def take_letter(
    request: AnyRequest,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    signature: Signature = "",
) -> LetterTaken:
    """An e-mail for the organisation the server's environment names; otherwise as `takeLetterOf`."""
    hook = await db.read(letter_hooks.opened_by_server, settings.letter_hook)
    return await _taken(request, db, settings, hook, signature)


@_incoming("/api/letters/incoming/{hook_id:uuid}", "takeLetterOf")
async def take_letter_of(
    request: AnyRequest,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    secret: NamedDependency[bytes],
    hook_id: FromPath[uuid.UUID],
    signature: Signature = "",
) -> LetterTaken:
    """An e-mail as it was sent (RFC 5322), signed with `t=<seconds>,v1=<hex of HMAC-SHA256>` of the secret.

    The same Message-ID is taken once. 401 `bad_signature`; 404 where nothing is handed over; 422
    `unreadable_letter` for what is no e-mail anybody could answer; 429 beyond 600 e-mails, or 30 bad
    signatures from one place, in an hour.
    """
    hook = await db.read(letter_hooks.opened, secret, hook_id)
    return await _taken(request, db, settings, hook, signature)


async def _taken(
    request: AnyRequest, db: Database, settings: Settings, hook: Opened, signature: str
) -> LetterTaken:
    of_sender = (str(hook.id), client_of(request))
    await db.read(limits.require_few_bad_seals, *of_sender)
    try:
        raw = await _verified(request, LetterSeal.of(signature, hook.secrets, utc_now()))
    except BadSealError:
        await db.write(limits.count_bad_seal, *of_sender)
        raise
    await db.write(letter_hooks.note_use, hook)
    desk = LetterDesk(db, LocalBlobStore(settings.blob_dir))
    try:
        is_new = await desk.take(hook.org, raw, [hook.address])
    except UnreadableLetterError as error:
        raise RejectedError("That is no e-mail anybody could answer.", code="unreadable_letter") from error
    return LetterTaken("taken" if is_new else "known")


async def _verified(request: AnyRequest, seal: LetterSeal) -> bytes:
    """The body, once its signature fits; until then it is on disk, so that strangers fill no memory."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, prefix="shangmen-letter-") as kept:
        try:
            async for piece in request.stream():
                seal.read(piece)
                await asyncio.to_thread(kept.write, piece)
        except InternalServerException as error:
            raise BadInputError("The line was cut; send it again.", code="cut_short") from error
        seal.require()
        kept.seek(0)
        return await asyncio.to_thread(kept.read)


router = Router("/", route_handlers=[take_letter, take_letter_of], tags=["reports"])
