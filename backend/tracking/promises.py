"""When a customer is told that a promise will probably not be kept, and when that is taken back. Pure.

The rule, all of it about the learned range and the end of the promised window:

- *late* is told once three in five such arrivals come after the window;
- told again while that holds, when the likely time has moved by `moved`, either way, out of the told range;
- *on time* takes it back once at most one in five such arrivals comes after the window;
- after any news nothing more is told for `gap`, taking back excepted;
- the fifth news of one promise takes twice that gap and that move, every further one four times: whoever
  waits hears less, and is never left with a time that is far off;
- in quiet hours nobody is told whose window has not begun: later on they may be waiting up.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from backend.tracking.arrival import Forecast

AT_RISK = 0.3
PROBABLY = 0.6
HARDLY = 0.2
OFTEN_NEWS, MOST_PATIENCE = 4, 4
EARLIEST_MISSED_BY, LATEST_MISSED_BY = 0.9, 0.1


class News(StrEnum):
    """What a customer is told about their promise."""

    LATE = "late"
    ON_TIME = "on_time"


@dataclass(frozen=True)
class Told:
    """The last that a customer heard about this promise: when, what, which arrival; `count` so far."""

    at: dt.datetime
    news: News
    earliest: dt.datetime
    likely: dt.datetime
    latest: dt.datetime
    count: int = 1


@dataclass(frozen=True)
class Limits:
    """How far an arrival moves before that is news, and how long nothing is told after news."""

    moved: dt.timedelta
    gap: dt.timedelta


def chance_after(found: Forecast, instant: dt.datetime) -> float:
    """The chance (0 to 1) of an arrival after `instant`.

    Even between the three quantiles a range is made of, and on at the same pace beyond both ends.
    """
    is_late_half = instant > found.likely
    span = found.latest - found.likely if is_late_half else found.likely - found.earliest
    if not span:
        # A half without length: everybody in it comes at the likely time.
        return 0.0 if is_late_half else 0.5 if instant == found.likely else 1.0
    slope = 0.5 - LATEST_MISSED_BY if is_late_half else EARLIEST_MISSED_BY - 0.5
    return min(1.0, max(0.0, 0.5 - slope * ((instant - found.likely) / span)))


def is_at_risk(found: Forecast, window_end: dt.datetime) -> bool:
    """Whether the page says "may be late": a late end that only just leaves the window is no alarm."""
    return chance_after(found, window_end) > AT_RISK


def news(
    found: Forecast, window_end: dt.datetime, told: Told | None, now: dt.datetime, limits: Limits
) -> News | None:
    """What there is to tell now, if anything; `told` is the last that was told of the same window."""
    missed = chance_after(found, window_end)
    if told is None:
        return News.LATE if missed >= PROBABLY else None
    if told.news is News.LATE and missed <= HARDLY:
        return News.ON_TIME
    patience = min(MOST_PATIENCE, 2 ** max(0, told.count + 1 - OFTEN_NEWS))
    if missed < PROBABLY or now - told.at < limits.gap * patience:
        return None
    return News.LATE if told.news is News.ON_TIME or _is_moved(found, told, limits.moved * patience) else None


def _is_moved(found: Forecast, told: Told, by: dt.timedelta) -> bool:
    """Whether what was told is wrong by now; a wide range stays right for longer."""
    is_outside = not told.earliest <= found.likely <= told.latest
    return is_outside and abs(found.likely - told.likely) >= by
