"""Wire types of booking's rules and waiting list."""

from typing import Annotated

import msgspec

from backend.web.schemas import Body, Reply

Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
Charge = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Hours = Annotated[int, msgspec.Meta(ge=0, le=168)]


class RulesRead(Reply):
    """What an organisation lets its customers do; see `RulesWrite`."""

    windows: list[list[int]]
    days: int
    notice_h: int
    change_until_h: int
    reserve_percent: int
    hotline: str
    late_change_fen: int | None
    late_cancel_fen: int | None


class RulesWrite(Body):
    """`windows` are [start, end] in local hours; `reserve_percent` is of a day's working time.

    After `change_until_h` a change or a cancellation costs so many fen, or (null) is refused.
    """

    windows: Annotated[list[tuple[Hour, Hour]], msgspec.Meta(min_length=1, max_length=24)]
    days: Annotated[int, msgspec.Meta(ge=1, le=28)]
    notice_h: Hours
    change_until_h: Hours
    reserve_percent: Annotated[int, msgspec.Meta(ge=0, le=90)]
    hotline: Annotated[str, msgspec.Meta(max_length=30, pattern=r"^[0-9+() -]*$")]
    late_change_fen: Charge | None = None
    late_cancel_fen: Charge | None = None
