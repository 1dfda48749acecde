"""A draft's video in parts: after a cut it goes on where it stopped. Without a script the form brings it."""

import asyncio
import hashlib
from typing import Annotated

from litestar import Response, Router, get, patch
from litestar.di import NamedDependency, Provide
from litestar.params import HeaderParameter, QueryParameter

from backend.db.session import Database
from backend.errors import DomainError
from backend.evidence.store import LocalBlobStore
from backend.evidence.uploads import HalfUploads
from backend.evidence.uploads_api import LENGTH, OFFSET, receive
from backend.report.models import AttachmentKind
from backend.report.page import Writing, provide_writing
from backend.report.showing import client_of
from backend.report.uploads import Desk, kept_video
from backend.report.videos import MOST_BYTES
from backend.settings import Settings
from backend.tracking.framed_page import ANSWERS, AnyRequest
from backend.tracking.render import PRIVATE
from backend.web.schemas import Reply

# A phone sends about a megabyte at a time; a little more is no reason to refuse it.
MOST_PART_BYTES = 4_000_000
Offset = Annotated[int, HeaderParameter(name=OFFSET, ge=0, le=MOST_BYTES)]
Length = Annotated[int, HeaderParameter(name=LENGTH, ge=1, le=MOST_BYTES)]
Key = Annotated[str, QueryParameter(name="key", max_length=400)]


class PartRead(Reply):
    """How many bytes of the file are here; when it is over, `said` is what became of it."""

    offset: int
    is_over: bool = False
    said: str = ""


def _name(key: str) -> str:
    """What a phone calls its file, as the name of ours."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


@get("/{token:str}/video")
async def ask_video(
    at: NamedDependency[Writing], settings: NamedDependency[Settings], key: Key = ""
) -> Response[PartRead]:
    """How much of a file has come."""
    halves = HalfUploads(settings.upload_dir)
    offset = await asyncio.to_thread(halves.offset, at.opened.draft.id, _name(key))
    return Response(PartRead(offset), headers=PRIVATE)


@patch("/{token:str}/video", request_max_body_size=MOST_PART_BYTES)
async def add_part(
    at: NamedDependency[Writing],
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    offset: Offset,
    length: Length,
    key: Key = "",
) -> Response[PartRead]:
    """Add what follows `Upload-Offset` of a file of `Upload-Length` bytes; whole, the draft keeps it."""
    halves, owner, name = HalfUploads(settings.upload_dir), at.opened.draft.id, _name(key)
    desk = Desk(db, LocalBlobStore(settings.blob_dir), secret, at.token, client_of(at.request))
    if offset == 0 and (refused := await desk.refused_video()):
        return _over(at, 0, refused)
    await asyncio.to_thread(halves.begin, owner, name)
    here = await receive(at.request, halves, owner, name, offset, length)
    if here < length:
        return Response(PartRead(here), headers=PRIVATE)
    refused = await desk.kept(AttachmentKind.VIDEO, lambda: halves.read(owner, name), kept_video)
    await asyncio.to_thread(halves.drop, owner, name)
    return _over(at, here, refused)


def _over(at: Writing, offset: int, refused: str) -> Response[PartRead]:
    words = at.page.words
    said = words[refused or "rep_video_here"]
    return Response(
        PartRead(offset, is_over=True, said=said), status_code=422 if refused else 200, headers=PRIVATE
    )


def in_code(_request: AnyRequest, error: DomainError) -> Response[dict[str, str]]:
    """Why a script's request was refused, for the script."""
    return Response({"code": error.code}, status_code=error.status, headers=PRIVATE)


router = Router(
    "/report/draft",
    dependencies={"at": Provide(provide_writing)},
    route_handlers=[ask_video, add_part],
    include_in_schema=False,
    exception_handlers={**ANSWERS, DomainError: in_code},
)
