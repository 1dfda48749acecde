"""When a message may leave: pure rules over instants."""

import datetime as dt
from zoneinfo import ZoneInfo

from backend.messages.models import MessageEvent

E = MessageEvent
# News of a promise: whether it is kept. When it may be told is decided before it is written (`delays`).
OF_A_PROMISE = frozenset({E.DELAYED, E.ON_TIME})
# What has to be known now, at whatever hour: somebody stands before the door, or the office has to act.
URGENT = frozenset({E.ON_THE_WAY, E.ALERT}) | OF_A_PROMISE
# What is sent however much was told that day: without it somebody waits in vain, or for the wrong hour.
UNCAPPED = URGENT | {E.BOOKED, E.CHANGED, E.CANCELLED, E.NO_SHOW, E.ABSENT, E.COMPLAINT}
CAP_LOOKS_BACK = dt.timedelta(days=1)
# What a customer may refuse without missing an appointment.
OPTIONAL = frozenset({E.RATE})
# Asks for a time; pointless once there is one.
ASKING = frozenset({E.INVITED, E.INVITED_AGAIN, E.NO_SHOW, E.ABSENT})
# Tells of a window; wrong once another one is promised.
OF_A_WINDOW = frozenset({E.BOOKED, E.CHANGED, E.REMINDER}) | OF_A_PROMISE
# Of each of these the last one of a job is told: what was said before is in it, or wrong by now.
LAST_COUNTS = (frozenset({E.BOOKED, E.CHANGED}), frozenset({E.REMINDER}))
# Who looks for a better time changes it several times in a row, and is told the last one.
CHANGE_SETTLES_IN = dt.timedelta(minutes=3)
# News that nobody needs any more after so long.
STALE_AFTER = {
    E.ON_THE_WAY: dt.timedelta(hours=1),
    E.DELAYED: dt.timedelta(minutes=30),
    E.ON_TIME: dt.timedelta(minutes=30),
    E.REMINDER: dt.timedelta(hours=14),
    E.ALERT: dt.timedelta(hours=12),
    E.RATE: dt.timedelta(days=7),
}
MAX_ATTEMPTS = 6
FIRST_BACK_OFF = dt.timedelta(seconds=30)
ASKED_AT_H = 10
REMINDED_AT_H = 18


def quiet_until(
    now: dt.datetime, zone: str, event: MessageEvent, quiet_from_h: int, quiet_until_h: int
) -> dt.datetime | None:
    """When a message may leave that may not leave now; None when it may."""
    return None if event in URGENT else quiet_end(now, zone, quiet_from_h, quiet_until_h)


def quiet_end(now: dt.datetime, zone: str, quiet_from_h: int, quiet_until_h: int) -> dt.datetime | None:
    """When the quiet hours end that an instant lies in; None outside of them. Equal hours are never quiet."""
    if quiet_from_h == quiet_until_h:
        return None
    local = now.astimezone(ZoneInfo(zone))
    is_over_midnight = quiet_from_h > quiet_until_h
    is_late, is_early = local.hour >= quiet_from_h, local.hour < quiet_until_h
    is_quiet = (is_late or is_early) if is_over_midnight else (is_late and is_early)
    if not is_quiet:
        return None
    ends_tomorrow = is_over_midnight and is_late
    day = local.date() + dt.timedelta(days=1 if ends_tomorrow else 0)
    return dt.datetime.combine(day, dt.time(quiet_until_h), ZoneInfo(zone)).astimezone(dt.UTC)


def is_stale(event: MessageEvent, not_before: dt.datetime, now: dt.datetime) -> bool:
    """Whether the news is too old to tell."""
    limit = STALE_AFTER.get(event)
    return limit is not None and now - not_before > limit


def back_off(attempts: int) -> dt.timedelta:
    """How long to wait after so many failures: half a minute, doubled each time."""
    return FIRST_BACK_OFF * (1 << max(0, attempts - 1))


def told_from(event: MessageEvent, at: dt.datetime) -> dt.datetime:
    """When a deed of `at` is told: a changed time once it has settled, everything else at once."""
    return at + CHANGE_SETTLES_IN if event is E.CHANGED else at


def asked_at(day: dt.date, zone: str) -> dt.datetime:
    """When to ask how it went: at ten o'clock of the day for it."""
    return dt.datetime.combine(day, dt.time(ASKED_AT_H), ZoneInfo(zone)).astimezone(dt.UTC)


def reminded_at(window_start: dt.datetime, zone: str) -> dt.datetime:
    """When to remind of an appointment: at six in the evening of the day before."""
    day = window_start.astimezone(ZoneInfo(zone)).date() - dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(REMINDED_AT_H), ZoneInfo(zone)).astimezone(dt.UTC)
