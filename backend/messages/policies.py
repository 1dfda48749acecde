"""When a message may leave: pure rules over instants."""

import datetime as dt
from zoneinfo import ZoneInfo

from backend.messages.models import MessageEvent

# What has to be known now, at whatever hour: somebody stands before the door.
URGENT = frozenset({MessageEvent.ON_THE_WAY})
# What a customer may refuse without missing an appointment.
OPTIONAL = frozenset({MessageEvent.RATE})
# News that nobody needs any more after so long.
STALE_AFTER = {MessageEvent.ON_THE_WAY: dt.timedelta(hours=1), MessageEvent.RATE: dt.timedelta(days=7)}
MAX_ATTEMPTS = 6
FIRST_BACK_OFF = dt.timedelta(seconds=30)
ASKED_AT_H = 10


def quiet_until(
    now: dt.datetime, zone: str, event: MessageEvent, quiet_from_h: int, quiet_until_h: int
) -> dt.datetime | None:
    """When a message may leave that may not leave now; None when it may. Equal hours are never quiet."""
    if event in URGENT or quiet_from_h == quiet_until_h:
        return None
    local = now.astimezone(ZoneInfo(zone))
    is_over_midnight = quiet_from_h > quiet_until_h
    is_late, is_early = local.hour >= quiet_from_h, local.hour < quiet_until_h
    is_quiet = (is_late or is_early) if is_over_midnight else (is_late and is_early)
    if not is_quiet:
        return None
    ends_tomorrow = is_over_midnight and is_late
    day = local.date() + dt.timedelta(days=1 if ends_tomorrow or quiet_until_h == 24 else 0)
    return dt.datetime.combine(day, dt.time(quiet_until_h % 24), ZoneInfo(zone)).astimezone(dt.UTC)


def is_stale(event: MessageEvent, not_before: dt.datetime, now: dt.datetime) -> bool:
    """Whether the news is too old to tell."""
    limit = STALE_AFTER.get(event)
    return limit is not None and now - not_before > limit


def back_off(attempts: int) -> dt.timedelta:
    """How long to wait after so many failures: half a minute, doubled each time."""
    return FIRST_BACK_OFF * (1 << max(0, attempts - 1))


def asked_at(signed_at: dt.datetime, zone: str) -> dt.datetime:
    """When to ask how it went: ten o'clock on the first working day after the visit."""
    day = signed_at.astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=1)
    while day.weekday() >= 5:
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(ASKED_AT_H), ZoneInfo(zone)).astimezone(dt.UTC)
