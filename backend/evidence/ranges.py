"""Parts of a file as browsers ask for them when they play a video (RFC 9110, 14.2)."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


@dataclass(frozen=True)
class Part:
    """Bytes from `start` up to, and without, `stop`."""

    start: int
    stop: int


class NoSuchPartError(ValueError):
    """What is asked for begins after the end of the file."""


def part_of(header: str, size: int) -> Part | None:
    """The part a `Range` header asks for; None for the whole file. Several parts at once are not served.

    Raises NoSuchPartError.
    """
    found = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    if start >= size:
        raise NoSuchPartError
    return Part(start, stop) if start < stop else None
