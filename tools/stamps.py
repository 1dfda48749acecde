"""Remember what a set-up step was made from, so that a warm start does only what changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def digest_of(files: Iterable[Path], root: Path) -> str:
    """One digest over names and contents: moving, adding or removing a file changes it as editing does."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def files_below(folder: Path, skip: frozenset[str]) -> list[Path]:
    """Every file under a folder, leaving out folders named in `skip` and hidden ones."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in skip and not name.startswith(".")]
        found.extend(Path(where, name) for name in names)
    return found


class Stamp:
    """A file that holds the digest of what a finished step was made from."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def matches(self, digest: str) -> bool:
        try:
            return self._path.read_text(encoding="ascii").strip() == digest
        except OSError:
            return False

    def write(self, digest: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(digest + "\n", encoding="ascii")

    def clear(self) -> None:
        """Before a step starts: one that is cut off half-way must run again."""
        self._path.unlink(missing_ok=True)
