"""Files somebody adds to a draft: checked, cleaned and kept one at a time, or refused with the reason."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from litestar.datastructures import UploadFile

from backend.db.session import Database
from backend.errors import TooManyAttemptsError
from backend.evidence import blobs
from backend.evidence.blobs import Kept
from backend.evidence.images import NotAnImageError
from backend.evidence.store import LocalBlobStore
from backend.evidence.uploads import MAX_BLOB_BYTES
from backend.report import drafts, limits, videos
from backend.report.models import AttachmentKind
from backend.report.videos import NotAVideoError, VideoTooLongError

# Decoding takes CPU and memory: one report's file at a time, beside the phones' own uploads.
_decoder = ThreadPoolExecutor(1, "report-file")
FIELDS = (
    ("photos", AttachmentKind.PHOTO),
    ("proofs", AttachmentKind.PROOF),
    ("video", AttachmentKind.VIDEO),
)


@dataclass(frozen=True)
class Desk:
    """Where files go, and whose draft they belong to; `client` is the address they come from."""

    db: Database
    store: LocalBlobStore
    secret: bytes
    token: str
    client: str

    async def keep(self, kind: AttachmentKind, upload: object) -> str:
        """Keep one file; the key of what to say when it is not kept, "" when it is or there is none."""
        if not isinstance(upload, UploadFile):
            return ""
        is_video = kind is AttachmentKind.VIDEO
        most = videos.MOST_BYTES if is_video else MAX_BLOB_BYTES
        size = await asyncio.to_thread(upload.file.seek, 0, 2)
        await upload.seek(0)
        if size == 0:
            return ""
        if size > most:
            return "rep_large_video" if is_video else "rep_bad_photo"
        if is_video and (refused := await self.refused_video()):
            return refused
        return await self.kept(kind, upload.file.read, kept_video if is_video else kept_picture)

    async def refused_video(self) -> str:
        """Why no video is taken, before anything of it is read; "" where one is."""
        opened = await self.db.read(drafts.open_draft, self.secret, self.token)
        if not drafts.has_room(opened, AttachmentKind.VIDEO):
            return "rep_one_video"
        try:
            await self.db.write(limits.count_video, self.client)
        except TooManyAttemptsError as error:
            return limits.told(error)
        return ""

    async def kept(self, kind: AttachmentKind, read: Callable[[], bytes], check: "Check") -> str:
        """Check and keep what `read` gives; the key of what to say when it is not kept, else ""."""
        loop = asyncio.get_running_loop()
        try:
            sha256, kept, shown = await loop.run_in_executor(_decoder, _read, self.store, read, check)
        except NotAnImageError:
            return "rep_bad_photo"
        except NotAVideoError:
            return "rep_bad_video"
        except VideoTooLongError:
            return "rep_long_video"
        is_kept = await self.db.write(drafts.add_file, self.secret, self.token, kind, sha256, kept, shown)
        return "" if is_kept else "rep_too_many"


Check = Callable[[LocalBlobStore, bytes], tuple[Kept, dict[str, str]]]


def _read(store: LocalBlobStore, read: Callable[[], bytes], check: Check) -> tuple[str, Kept, dict[str, str]]:
    data = read()
    kept, shown = check(store, data)
    return hashlib.sha256(data).hexdigest(), kept, shown


def kept_picture(store: LocalBlobStore, data: bytes) -> tuple[Kept, dict[str, str]]:
    """A picture and its thumbnail; raises NotAnImageError."""
    image = blobs.keep(store, data)
    return image, {"small": drafts.thumbnail(image.data)}


def kept_video(store: LocalBlobStore, data: bytes) -> tuple[Kept, dict[str, str]]:
    """A video and its length and size; raises NotAVideoError or VideoTooLongError."""
    video = videos.clean(data)
    store.put(video.sha256, video.data)
    megabytes = f"{max(len(data) / 1e6, 0.1):.1f}"
    return video, {"seconds": str(max(1, round(video.duration_s))), "megabytes": megabytes}
