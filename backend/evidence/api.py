"""Pictures over HTTP."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from litestar import Response, Router, get, head, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import RawBody

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.session import Database
from backend.errors import NotFoundError
from backend.evidence import blobs
from backend.evidence.images import MEDIA_TYPES
from backend.evidence.models import Blob
from backend.evidence.schemas import BlobRead
from backend.evidence.serving import PARTS, BlobAddress, Wanted, served
from backend.evidence.store import LocalBlobStore
from backend.evidence.uploads import MAX_BLOB_BYTES
from backend.settings import Settings
from backend.web.problems import MEDIA_TYPE
from backend.web.schemas import Problem

PICTURE = {
    media_type: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
    for media_type in MEDIA_TYPES.values()
}
# Decoding takes CPU and up to 120 MB a picture: two at a time, and never on the event loop.
_decoders = ThreadPoolExecutor(2, "image")


@dataclass
class PictureUpload(Operation):
    """Documents a raw body, which Litestar reads from no annotation."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(content=PICTURE, required=True)


def _read(blob: Blob) -> BlobRead:
    return BlobRead(blob.sha256, blob.size, blob.media_type, blob.stored_sha256)


@put(
    "/{sha256:str}",
    operation_id="putBlob",
    status_code=201,
    request_max_body_size=MAX_BLOB_BYTES,
    operation_class=PictureUpload,
    responses={
        200: ResponseSpec(BlobRead, generate_examples=False, description="It was there already."),
        413: ResponseSpec(
            Problem, generate_examples=False, description="More than 8 MB.", media_type=MEDIA_TYPE
        ),
    },
)
async def put_blob(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    sha256: BlobAddress,
    body: RawBody,
) -> Response[BlobRead]:
    """Upload a JPEG, PNG or WebP picture of at most 8 MB under its SHA-256; the same again changes nothing.

    Metadata (EXIF, comments, colour profiles) is not kept. 422 `hash_mismatch` or `not_an_image`.
    """
    actor.require(Permission.PHONE_SYNC)
    return await take(db, actor, LocalBlobStore(settings.blob_dir), sha256, body)


async def take(
    db: Database, actor: Actor, store: LocalBlobStore, sha256: str, body: bytes
) -> Response[BlobRead]:
    """Check, clean, keep and record a picture that is here as a whole."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_decoders, blobs.check_hash, body, sha256)
    known = await db.read(blobs.find, actor, sha256)
    if known is not None and await asyncio.to_thread(store.has, known.stored_sha256):
        return Response(_read(known), status_code=200)
    image = await loop.run_in_executor(_decoders, blobs.keep, store, body)
    blob, is_new = await db.write(blobs.register, actor, sha256, image)
    return Response(_read(blob), status_code=201 if is_new else 200)


@get(
    "/{sha256:str}",
    operation_id="getBlob",
    media_type="image/*",
    responses=PARTS,
)
async def get_blob(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    sha256: BlobAddress,
    wanted: Wanted = "",
) -> Response[bytes]:
    """A picture or video of a job one may see, or one's own upload; a part of it for `Range: bytes=a-b`."""
    blob = await db.read(blobs.readable, actor, sha256)
    return await served(LocalBlobStore(settings.blob_dir), blob, wanted)


@head("/{sha256:str}", operation_id="hasBlob", status_code=200)
async def has_blob(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    sha256: BlobAddress,
) -> None:
    """Whether a picture is here, for a phone that never heard the answer to its upload."""
    blob = await db.read(blobs.readable, actor, sha256)
    if not await asyncio.to_thread(LocalBlobStore(settings.blob_dir).has, blob.stored_sha256):
        raise NotFoundError("The picture's file is missing.", code="blob_lost")


router = Router("/api/blobs", route_handlers=[put_blob, get_blob, has_blob], tags=["evidence"])
