"""Handing a kept picture or video to a browser, whole or the part it asks for."""

import asyncio
from typing import Annotated

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, PathParameter

from backend.errors import NotFoundError
from backend.evidence.models import Blob
from backend.evidence.ranges import NoSuchPartError, part_of
from backend.evidence.store import BlobStore

Wanted = Annotated[str, HeaderParameter(name="Range", max_length=200)]
BlobAddress = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$", description="SHA-256 of the bytes sent")]
PARTS = {
    206: ResponseSpec(
        bytes, generate_examples=False, description="The part asked for.", media_type="video/mp4"
    )
}


async def served(store: BlobStore, blob: Blob, wanted: str) -> Response[bytes]:
    """A file as a reply; a part of it for `Range: bytes=a-b`. Raises NotFoundError `blob_lost`."""
    headers = {
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": "inline",
        "Accept-Ranges": "bytes",
    }
    try:
        part = part_of(wanted, blob.size)
    except NoSuchPartError:
        return Response(b"", status_code=416, headers={"Content-Range": f"bytes */{blob.size}"})
    if part is None:
        data = await asyncio.to_thread(store.get, blob.stored_sha256)
    else:
        data = await asyncio.to_thread(store.part, blob.stored_sha256, part.start, part.stop)
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{blob.size}"
    if data is None:
        raise NotFoundError("The file is missing.", code="blob_lost")
    status = 200 if part is None else 206
    return Response(data, status_code=status, media_type=blob.media_type, headers=headers)
