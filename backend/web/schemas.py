"""Types of the wire: bounded, strict, the same in every feature."""

import datetime as dt
from typing import Annotated, Generic, TypeVar

import msgspec

T = TypeVar("T")

_NO_NUL = r"^[^\x00]*$"
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=_NO_NUL)]
Line = Annotated[str, msgspec.Meta(max_length=300, pattern=_NO_NUL)]
Text = Annotated[str, msgspec.Meta(max_length=2000, pattern=_NO_NUL)]
Instant = Annotated[dt.datetime, msgspec.Meta(tz=True, description="UTC instant, ISO 8601 with an offset")]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Fen = Annotated[int, msgspec.Meta(ge=0, le=100_000_000, description="money in fen, 1/100 yuan")]
Version = Annotated[int, msgspec.Meta(ge=1, le=2_000_000_000)]


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """What a client sends; unknown fields are refused."""


class Reply(msgspec.Struct):
    """What a client gets."""


class Point(Reply):
    """WGS-84 degrees."""

    lat: float
    lng: float


class Page(Reply, Generic[T]):
    """Part of a list; `next` is the cursor of the following part, or null at the end."""

    items: list[T]
    next: str | None = None


class Problem(Reply):
    """RFC 9457 problem document with a machine-readable `code`."""

    status: int
    title: str
    detail: str
    code: str
    type: str = "about:blank"
