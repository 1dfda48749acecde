"""Hours of a working day as the clocks of its region show them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.errors import BadInputError
from backend.technicians.models import Shift, Technician

MINUTE_S = 60
Clock = Annotated[
    str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="what the clocks show, 08:30")
]


class Hours(msgspec.Struct, forbid_unknown_fields=True, frozen=True, gc=False):
    """From when until when somebody works; a break of `break_minutes` lies anywhere in its stretch."""

    begins: Clock
    until: Clock
    break_from: Clock | None = None
    break_until: Clock | None = None
    break_minutes: Annotated[int, msgspec.Meta(ge=0, le=480)] = 0


def rely_on(session: Session, technician_ids: Iterable[uuid.UUID]) -> None:
    """Until the transaction ends nobody gives these technicians other hours; many may rely on them at once.

    Whoever also holds jobs takes those first.
    """
    query = sa.select(col(Technician.id)).where(col(Technician.id).in_(list(technician_ids)))
    session.execute(query.order_by(col(Technician.id)).with_for_update(read=True, key_share=True))


def hold(session: Session, technician_ids: Iterable[uuid.UUID]) -> None:
    """Wait for whoever relies on these technicians' hours, and keep others from doing so, to change them."""
    query = sa.select(col(Technician.id)).where(col(Technician.id).in_(list(technician_ids)))
    session.execute(query.order_by(col(Technician.id)).with_for_update())


def hours_of(
    day: dt.date, begins: str, until: str, pause: Sequence[str] | None, break_minutes: int, zone: ZoneInfo
) -> dict[str, Any]:
    """A shift's columns: a day's local hours as instants (UTC), whatever the clocks do that day."""

    def at(clock: str) -> dt.datetime:
        return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone).astimezone(dt.UTC)

    return {
        "day": day,
        "starts_at": at(begins),
        "ends_at": at(until),
        "break_from": at(pause[0]) if pause else None,
        "break_until": at(pause[1]) if pause else None,
        "break_s": break_minutes * MINUTE_S if pause else 0,
    }


def shown(shift: Shift, zone: ZoneInfo) -> Hours:
    """A shift as its region's clocks show it."""

    def clock(at: dt.datetime) -> str:
        return at.astimezone(zone).strftime("%H:%M")

    if shift.break_from is None or shift.break_until is None:
        return Hours(clock(shift.starts_at), clock(shift.ends_at))
    pause = clock(shift.break_from), clock(shift.break_until)
    return Hours(clock(shift.starts_at), clock(shift.ends_at), *pause, shift.break_s // MINUTE_S)


def columns(day: dt.date, hours: Hours, zone: ZoneInfo) -> dict[str, Any]:
    """A shift's columns of these hours. Raises BadInputError where they do not follow each other."""
    pause = (hours.break_from, hours.break_until)
    if (pause[0] is None) != (pause[1] is None) or (pause[0] is None) != (hours.break_minutes == 0):
        raise BadInputError("A break has a stretch and minutes.", code="bad_break")
    both = (pause[0], pause[1]) if pause[0] is not None and pause[1] is not None else None
    made = hours_of(day, hours.begins, hours.until, both, hours.break_minutes, zone)
    if made["starts_at"] >= made["ends_at"]:
        raise BadInputError("The day has to begin before it ends.", code="bad_hours")
    if both:
        is_inside = made["starts_at"] <= made["break_from"] < made["break_until"] <= made["ends_at"]
        if not is_inside or made["break_until"] - made["break_from"] < dt.timedelta(seconds=made["break_s"]):
            raise BadInputError("The break has to fit into its stretch of the day.", code="bad_break")
    return made
