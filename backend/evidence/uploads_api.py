"""Pictures in pieces over HTTP: what a cut line brought stays, and the phone goes on where it stopped."""

import asyncio
import uuid
from typing import Annotated, Any

from litestar import Request, Response, Router, head, patch
from litestar.di import NamedDependency
from litestar.exceptions import InternalServerException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.errors import BadInputError, DomainError, ForbiddenError, RejectedError
from backend.evidence import blobs
from backend.evidence.api import PictureUpload, take
from backend.evidence.schemas import UploadRead
from backend.evidence.serving import BlobAddress
from backend.evidence.store import LocalBlobStore
from backend.evidence.uploads import MAX_BLOB_BYTES, HalfUploads
from backend.settings import Settings

OFFSET, LENGTH, COMPLETE = "Upload-Offset", "Upload-Length", "Upload-Complete"
Offset = Annotated[int, HeaderParameter(name=OFFSET, ge=0, le=MAX_BLOB_BYTES)]
Length = Annotated[int, HeaderParameter(name=LENGTH, ge=1, le=MAX_BLOB_BYTES)]


def _owner(actor: Actor) -> uuid.UUID:
    actor.require(Permission.PHONE_SYNC)
    if actor.account_id is None:
        raise ForbiddenError("Only somebody who signed in uploads.")
    return actor.account_id


@head("/{sha256:str}/upload", operation_id="askUpload", status_code=200)
async def ask_upload(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    sha256: BlobAddress,
) -> Response[None]:
    """How much of one's own upload is here: `Upload-Offset` bytes; `Upload-Complete` 1 when it is whole."""
    owner = _owner(actor)
    known = await db.read(blobs.find, actor, sha256)
    is_whole = known is not None and known.uploaded_by == owner
    halves = HalfUploads(settings.upload_dir)
    offset = 0 if is_whole else await asyncio.to_thread(halves.offset, owner, sha256)
    headers = {OFFSET: str(offset), COMPLETE: "1" if is_whole else "0", "Cache-Control": "no-store"}
    return Response(None, headers=headers)


@patch(
    "/{sha256:str}/upload",
    operation_id="continueUpload",
    status_code=200,
    request_max_body_size=MAX_BLOB_BYTES,
    operation_class=PictureUpload,
    responses={201: ResponseSpec(UploadRead, generate_examples=False, description="The picture is whole.")},
)
async def continue_upload(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    sha256: BlobAddress,
    offset: Offset,
    length: Length,
) -> Response[UploadRead]:
    """Add what follows `Upload-Offset` of a file of `Upload-Length` bytes; whole, it is taken like a PUT.

    409 `offset_differs` {offset}; 422 `too_long`, `too_much_begun`, `hash_mismatch` or `not_an_image`, of
    which the last two start the file over.
    """
    owner, halves = _owner(actor), HalfUploads(settings.upload_dir)
    await asyncio.to_thread(halves.begin, owner, sha256)
    here = await receive(request, halves, owner, sha256, offset, length)
    if here < length:
        return Response(UploadRead(here))
    body = await asyncio.to_thread(halves.read, owner, sha256)
    try:
        taken = await take(db, actor, LocalBlobStore(settings.blob_dir), sha256, body)
    except DomainError:
        await asyncio.to_thread(halves.drop, owner, sha256)
        raise
    await asyncio.to_thread(halves.drop, owner, sha256)
    return Response(UploadRead(here, taken.content), status_code=201)


async def receive(
    request: Request[Any, Any, Any],
    halves: HalfUploads,
    owner: uuid.UUID,
    sha256: str,
    offset: int,
    length: int,
) -> int:
    """Write each piece as it comes, so that a cut line loses none of them; returns the new offset."""
    try:
        async for piece in request.stream():
            if offset + len(piece) > length:
                raise RejectedError("More came than the file is long.", code="too_long")
            offset = await asyncio.to_thread(halves.append, owner, sha256, offset, piece)
    except InternalServerException as error:
        raise BadInputError("The line was cut; what came is kept.", code="cut_short") from error
    return offset


router = Router("/api/blobs", route_handlers=[ask_upload, continue_upload], tags=["evidence"])
