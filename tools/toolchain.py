"""What a machine must bring before anything is set up, each refused with one line that says what to do."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PYTHON_RANGE = ((3, 11), (3, 14))  # the versions every locked wheel exists for
NODE_MINIMUM = (20, 0)


class SetupError(Exception):
    """A reason to stop, worded for the person at the keyboard."""


def require_python(version: tuple[int, int]) -> None:
    oldest, newest = PYTHON_RANGE
    if not oldest <= version <= newest:
        found = ".".join(map(str, version))
        raise SetupError(
            f"Shangmen needs Python 3.11 to 3.14, and this is {found}. "
            "Install one, or name it: make run PYTHON=/path/to/python3.12"
        )


def require_node() -> None:
    """Node and npm are on PATH and new enough for the front-end build."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise SetupError(
                f"Shangmen needs Node 20 or newer to build its pages, and '{program}' is not on PATH. "
                "Install Node 20 (nodejs.org or your package manager) and run the same command again."
            )
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = node_version(answer)
    if found is None or found < NODE_MINIMUM:
        raise SetupError(
            f"Shangmen needs Node 20 or newer to build its pages, and this is {answer.strip() or 'unknown'}. "
            "Install a newer Node and run the same command again."
        )


def node_version(answer: str) -> tuple[int, int] | None:
    """`v20.20.2` as (20, 20)."""
    match = re.match(r"v(\d+)\.(\d+)\.", answer)
    return (int(match[1]), int(match[2])) if match else None


def require_writable(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetupError(
            f"Shangmen keeps its packages and data in {folder}, which cannot be written ({error.strerror}). "
            "Move the clone to a folder of yours, or make this one writable, and run the same command again."
        ) from error


def parse_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SetupError(f"PORT must be a number from 1 to 65535, not '{text}': make run PORT=9000")
    return int(text)


def require_free_port(port: int, host: str = "127.0.0.1") -> None:
    with socket.socket() as probe:
        # As the server does: a port in TIME_WAIT after the last run counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise SetupError(f"Port {port} needs more rights than you have: make run PORT=9000") from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise SetupError(
                f"Port {port} is in use by another program. Choose a free one: make run PORT={other}"
            ) from error


def current_python() -> tuple[int, int]:
    return sys.version_info[0], sys.version_info[1]
