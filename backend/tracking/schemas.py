"""Wire types of positions and links."""

import datetime as dt
from typing import Annotated

import msgspec

from backend.web.schemas import Body, Instant, Latitude, Longitude, Reply


class PositionIn(Body):
    """One reading of the phone: UTC instant, WGS-84 degrees, accuracy radius in metres."""

    at: Instant
    lat: Latitude
    lng: Longitude
    accuracy_m: Annotated[float, msgspec.Meta(ge=0, le=100_000)]


class Positions(Body):
    positions: Annotated[list[PositionIn], msgspec.Meta(max_length=100)]


class PositionsRead(Reply):
    """`ignored` counts repeats, and readings off shift or while not under way to a customer."""

    stored: int
    ignored: int


class LinkRead(Reply):
    url: str
    expires_at: dt.datetime
