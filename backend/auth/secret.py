"""The server's secret, from the settings or a file that only this user can read."""

import hashlib
import os
import secrets
from pathlib import Path

from backend.settings import Settings

FILE_NAME = "secret"


def load_secret(settings: Settings) -> bytes:
    """The secret that signs links; made and kept in `data_dir` the first time when none is configured."""
    configured = settings.secret.get_secret_value()
    if configured:
        return hashlib.sha256(configured.encode()).digest()
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        _create(path)
    return hashlib.sha256(path.read_bytes()).digest()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(scratch, path)  # fails when another process was first, and its secret stands
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
