"""An exported file on its way in: written to disk as it comes, read from there a picture at a time."""

import contextlib
import hashlib
import mmap
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import IO, TypeVar

import msgspec

from backend.errors import BadInputError, RejectedError
from backend.sync.exported import ExportedFile, ExportedWork

T = TypeVar("T")
# Two days' work with a hundred pictures as phones make them, in base64.
MAX_FILE_BYTES = 48 * 1024 * 1024


@dataclass(frozen=True)
class Incoming:
    """A file that is here as a whole, and its fingerprint."""

    work: ExportedWork
    size: int
    sha256: str

    def files(self) -> Iterator[ExportedFile]:
        """Its pictures one by one; BadInputError at one that is none."""
        for raw in self.work.files:
            yield _decoded(raw, ExportedFile)


@contextlib.asynccontextmanager
async def received(pieces: AsyncIterator[bytes]) -> AsyncIterator[Incoming]:
    """Take the file in; it is gone from here afterwards. Memory holds one piece, or one picture.

    Raises RejectedError `file_too_large` as soon as it is, BadInputError `bad_file`.
    """
    with tempfile.TemporaryFile(prefix="shangmen-unsent-") as kept:
        size, digest = await _spool(pieces, kept)
        if size == 0:
            raise BadInputError("The file is empty.", code="bad_file")
        # Its pictures are views into it: the last of them lets it go.
        text = mmap.mmap(kept.fileno(), 0, access=mmap.ACCESS_READ)
        yield Incoming(_decoded(text, ExportedWork), size, digest)


async def _spool(pieces: AsyncIterator[bytes], kept: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    async for piece in pieces:
        size += len(piece)
        if size > MAX_FILE_BYTES:
            raise RejectedError("An exported file has at most 48 MB.", code="file_too_large")
        digest.update(piece)
        kept.write(piece)
    kept.flush()
    return size, digest.hexdigest()


def _decoded(text: mmap.mmap | msgspec.Raw, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError(f"That is no exported file: {error}"[:300], code="bad_file") from error
