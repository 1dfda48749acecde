"""Wire types of booking's rules and waiting list."""

from typing import Annotated

import msgspec

from backend.web.schemas import Body, Reply

Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
Hours = Annotated[int, msgspec.Meta(ge=0, le=168)]


class RulesRead(Reply):
    """What an organisation lets its customers do; see `RulesWrite`."""

    windows: list[list[int]]
    days: int
    notice_h: int
    change_until_h: int
    reserve_percent: int
    hotline: str


class RulesWrite(Body):
    """`windows` are [start, end] in local hours; `reserve_percent` is of a day's working time."""

    windows: Annotated[list[tuple[Hour, Hour]], msgspec.Meta(min_length=1, max_length=24)]
    days: Annotated[int, msgspec.Meta(ge=1, le=28)]
    notice_h: Hours
    change_until_h: Hours
    reserve_percent: Annotated[int, msgspec.Meta(ge=0, le=90)]
    hotline: Annotated[str, msgspec.Meta(max_length=30, pattern=r"^[0-9+() -]*$")]
