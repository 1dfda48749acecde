"""Messages between a process and its solver: pickled values, each behind its length.

Both ends are this program, started by itself; nothing from outside is ever unpickled.
"""

import os
import pickle
import select
import struct
from dataclasses import dataclass

from backend.scheduling.result import PlanningError, PlanRequest, PlanResult, SearchProgress

HEADER = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Ready:
    """The solver is loaded and compiled."""

    warm_up_s: float


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the current search and keep its best plan."""


Message = Ready | Cancel | PlanRequest | SearchProgress | PlanResult | PlanningError


def encode(message: Message) -> bytes:
    """The bytes of one message."""
    body = pickle.dumps(message)
    return HEADER.pack(len(body)) + body


def decode(body: bytes) -> Message:
    """The message behind a header."""
    message: Message = pickle.loads(body)  # noqa: S301 - written by the process that started us
    return message


class Pipe:
    """The solver's end: two file descriptors, read without a buffer so that waiting input can be seen."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd, self._write_fd = read_fd, write_fd

    def send(self, message: Message) -> None:
        """Write one message whole."""
        view = memoryview(encode(message))
        while view:
            view = view[os.write(self._write_fd, view) :]

    def receive(self) -> Message:
        """Wait for one message; EOFError when the other side is gone."""
        (length,) = HEADER.unpack(self._exactly(HEADER.size))
        return decode(self._exactly(length))

    def has_message(self) -> bool:
        """Whether `receive` would find something, the end included."""
        return bool(select.select([self._read_fd], [], [], 0)[0])

    def _exactly(self, size: int) -> bytes:
        chunks: list[bytes] = []
        while size:
            chunk = os.read(self._read_fd, min(size, 1 << 20))
            if not chunk:
                raise EOFError
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)
