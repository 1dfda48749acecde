"""Where files live. Content-addressed: the same name is always the same bytes, so a file is never changed."""

import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobStore(Protocol):
    """A folder here, an S3-compatible bucket elsewhere."""

    def put(self, sha256: str, data: bytes) -> None:
        """Keep `data` durably under its hash; the same again changes nothing."""
        ...

    def get(self, sha256: str) -> bytes | None:
        """The bytes, or None when there are none."""
        ...

    def part(self, sha256: str, start: int, stop: int) -> bytes | None:
        """The bytes from `start` up to `stop`, or None when there is no such file."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        ...


class LocalBlobStore:
    """Files in a local folder, 256 sub-folders wide."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, sha256: str, data: bytes) -> None:
        """A reader sees the whole file or none, and after a power cut too."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, path)
        finally:
            Path(scratch).unlink(missing_ok=True)  # still there only when something went wrong
        _sync_folder(path.parent)

    def get(self, sha256: str) -> bytes | None:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def part(self, sha256: str, start: int, stop: int) -> bytes | None:
        try:
            with self._path(sha256).open("rb") as file:
                file.seek(start)
                return file.read(stop - start)
        except FileNotFoundError:
            return None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def drop(self, sha256: str) -> None:
        """Forget the bytes; that there are none is no error."""
        self._path(sha256).unlink(missing_ok=True)

    def drop_all(self, names: Iterable[str]) -> None:
        """Forget files that nothing refers to any more, once that is committed."""
        for sha256 in names:
            self.drop(sha256)

    def _path(self, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._root / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    """A new name is durable once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
