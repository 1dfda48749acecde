"""The windows an organisation offers on a day, as instants: pure, no clock, no database."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from backend.booking.asked import Slot

NOON_H = 12
QUARTER_S = 900
SOON = dt.timedelta(hours=2)
PARTS = ("any", "morning", "afternoon")


def slots_of(
    day: dt.date, zone: str, windows: Iterable[Sequence[int]], not_before: dt.datetime
) -> tuple[Slot, ...]:
    """A day's windows (local hours) that begin at or after `not_before`, in order."""
    found = (_slot(day, ZoneInfo(zone), start_h, end_h) for start_h, end_h in windows)
    return tuple(
        sorted(slot for slot in found if slot.start_at >= not_before and slot.end_at > slot.start_at)
    )


def soonest(day: dt.date, zone: str, windows: Sequence[Sequence[int]], now: dt.datetime) -> tuple[Slot, ...]:
    """Two hours from the next quarter on, or from the day's first window; none when its last is over."""
    (today,) = days_ahead(now, zone, 1)
    served = slots_of(day, zone, windows, dt.datetime.min.replace(tzinfo=dt.UTC))
    if day != today or not served:
        return ()
    quarter = dt.datetime.fromtimestamp(-(-now.timestamp() // QUARTER_S) * QUARTER_S, dt.UTC)
    start = max(quarter, served[0].start_at)
    return (Slot(start, start + SOON),) if start < served[-1].end_at else ()


def last_end(day: dt.date, zone: str, windows: Iterable[Sequence[int]]) -> dt.datetime:
    """When the last of a day's windows is over."""
    return max(_slot(day, ZoneInfo(zone), *window).end_at for window in windows)


def days_ahead(now: dt.datetime, zone: str, count: int) -> tuple[dt.date, ...]:
    """Today in the zone and the days after it, `count` in all."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return tuple(today + dt.timedelta(days=offset) for offset in range(count))


def suits(slot: Slot, part: str, zone: str) -> bool:
    """Whether a slot lies in the part of the day somebody waits for."""
    starts_h = slot.start_at.astimezone(ZoneInfo(zone)).hour
    return part == "any" or (starts_h < NOON_H) == (part == "morning")


def slot_key(slot: Slot) -> str:
    """A slot as a form's value: seconds of its start and end."""
    return f"{int(slot.start_at.timestamp())}-{int(slot.end_at.timestamp())}"


def slot_of_key(key: str) -> Slot | None:
    """The slot of a form's value; None for anything else."""
    start, dash, end = key.partition("-")
    if not dash or not (start.isdecimal() and end.isdecimal()) or max(len(start), len(end)) > 11:
        return None
    slot = Slot(*(dt.datetime.fromtimestamp(int(text), dt.UTC) for text in (start, end)))
    return slot if slot.end_at > slot.start_at else None


def _slot(day: dt.date, zone: ZoneInfo, start_h: int, end_h: int) -> Slot:
    def at(hour: int) -> dt.datetime:
        whole_day, rest = divmod(hour, 24)
        return dt.datetime.combine(day + dt.timedelta(days=whole_day), dt.time(rest), zone).astimezone(dt.UTC)

    return Slot(at(start_h), at(end_h))
