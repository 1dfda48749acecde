"""Half uploads: what has arrived of a file stays until the rest comes, or a day is over.

Each account has a folder of its own: nobody learns of, or adds to, what another has begun.
"""

import contextlib
import fcntl
import os
import time
import uuid
from pathlib import Path

from backend.errors import ConflictError, RejectedError
from backend.evidence.store import SHA256

MAX_BLOB_BYTES = 8 * 1024 * 1024
# What one account may have begun and not finished: a day's pictures of a very bad line.
MAX_BEGUN_BYTES = 64 * 1024 * 1024
KEPT_S = 24 * 3600


class OffsetDiffersError(ConflictError):
    """The sender and we disagree on how much is here; `offset` says how much it is."""

    code = "offset_differs"


class HalfUploads:
    """Files that have begun to arrive."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def offset(self, account_id: uuid.UUID, sha256: str) -> int:
        """How many bytes of a file are here."""
        try:
            return self._path(account_id, sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def begin(self, account_id: uuid.UUID, sha256: str) -> None:
        """Make room: what nobody went on with is dropped; RejectedError `too_much_begun` over the quota."""
        self.sweep(time.time() - KEPT_S)
        folder = self._path(account_id, sha256).parent
        folder.mkdir(parents=True, exist_ok=True)
        if sum(_size(file) for file in folder.iterdir()) > MAX_BEGUN_BYTES:
            raise RejectedError("Too many uploads have begun and not ended.", code="too_much_begun")

    def append(self, account_id: uuid.UUID, sha256: str, offset: int, data: bytes) -> int:
        """Add what follows `offset` and return the new one; OffsetDiffersError when that is not the end.

        A request thought dead that still arrives finds its place taken and stops.
        """
        with self._path(account_id, sha256).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            here = file.seek(0, os.SEEK_END)
            if here != offset:
                raise OffsetDiffersError(f"{here} bytes are here.", offset=here)
            file.write(data)
        return offset + len(data)

    def read(self, account_id: uuid.UUID, sha256: str) -> bytes:
        return self._path(account_id, sha256).read_bytes()

    def drop(self, account_id: uuid.UUID, sha256: str) -> None:
        self._path(account_id, sha256).unlink(missing_ok=True)

    def sweep(self, before: float) -> int:
        """Drop what was last added to before a moment (seconds since 1970); returns how many files."""
        dropped = 0
        for file in self._root.glob("*/*"):
            # Another server, or the upload's own end, may have been first.
            with contextlib.suppress(FileNotFoundError):
                if file.stat().st_mtime < before:
                    file.unlink()
                    dropped += 1
        return dropped

    def _path(self, account_id: uuid.UUID, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._root / str(account_id) / sha256


def _size(file: Path) -> int:
    """Bytes of a file; none of one that another request has just ended."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
