"""When the technician will be there, as an honest range: pure arithmetic, no clock, no database.

Two sources: the plan (shifted by how late the day runs) and, on the way, the last position. A position that
has grown old is not used at all: the range falls back to the plan, widens, and says that the signal is lost.
"""

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

STALE_AFTER = dt.timedelta(minutes=5)
QUANTUM = dt.timedelta(minutes=5)
LEAST_WIDTH = dt.timedelta(minutes=10)
LONGEST_AHEAD = dt.timedelta(hours=18)
# City streets are longer than the straight line by about a third (4/π for a grid, less for avenues).
DETOUR = 1.35
DEFAULT_SPEED_MPS = 6.0
SLOWEST_MPS, FASTEST_MPS = 2.5, 14.0
# Parking, the gate, the lift.
TO_THE_DOOR = dt.timedelta(minutes=3)
PLAN_ERROR = dt.timedelta(minutes=10)
PER_STOP_ERROR = dt.timedelta(minutes=8)
LOST_ERROR = dt.timedelta(minutes=10)
EARTH_RADIUS_M = 6_371_008.8


class Basis(StrEnum):
    """What a range rests on."""

    PLAN = "plan"
    POSITION = "position"
    SIGNAL_LOST = "signal_lost"


@dataclass(frozen=True)
class Sighting:
    """Where the technician was last seen: the instant and the straight distance to the door in metres."""

    at: dt.datetime
    distance_m: float


@dataclass(frozen=True)
class Approach:
    """What is known about one arrival.

    `planned` is the planned arrival; `travel` the planned way there (time and metres, zero where unknown).
    `ahead` is the work still to do before this visit: stops, and the time they and the ways between take.
    `departed_at` is when the technician set out for this door, None before that.
    """

    planned: dt.datetime
    travel: dt.timedelta = dt.timedelta(0)
    travel_m: float = 0.0
    stops_ahead: int = 0
    ahead: dt.timedelta = dt.timedelta(0)
    departed_at: dt.datetime | None = None
    sighting: Sighting | None = None
    window_start: dt.datetime | None = None


@dataclass(frozen=True)
class ArrivalRange:
    """The technician is expected between two instants; both lie at or after the moment of asking."""

    earliest: dt.datetime
    latest: dt.datetime
    basis: Basis


def estimate(approach: Approach, now: dt.datetime) -> ArrivalRange:
    """The arrival range as of `now`; all instants are aware, none of the result lies in the past."""
    if approach.departed_at is None:
        return _from_plan(approach, now)
    sighting = approach.sighting
    if sighting is not None and is_fresh(sighting.at, now):
        return _from_position(approach, sighting, now)
    return _blind(approach, approach.departed_at, now)


def is_fresh(seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a position is young enough to be shown and reckoned with."""
    return now - seen_at <= STALE_AFTER


def distance_m(from_lat: float, from_lng: float, to_lat: float, to_lng: float) -> float:
    """Great-circle distance in metres."""
    phi_1, phi_2 = math.radians(from_lat), math.radians(to_lat)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = math.radians(to_lng - from_lng) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def _from_plan(approach: Approach, now: dt.datetime) -> ArrivalRange:
    """Before departure: the plan, pushed back by what is still ahead, never before the promised window."""
    expected = max(approach.planned, now + approach.ahead + approach.travel)
    error = PLAN_ERROR + approach.stops_ahead * PER_STOP_ERROR + _share(expected - now, 0.06)
    earliest = expected - error / 2
    if approach.window_start is not None:
        earliest = max(earliest, approach.window_start)
    return _rounded(earliest, max(expected, earliest) + error, now, Basis.PLAN)


def _from_position(approach: Approach, sighting: Sighting, now: dt.datetime) -> ArrivalRange:
    """On the way and seen: the rest of the way at the planned pace, less what was driven since."""
    age = max(now - sighting.at, dt.timedelta(0))
    seconds = sighting.distance_m * DETOUR / _pace_mps(approach)
    left = _bounded(dt.timedelta(seconds=min(seconds, LONGEST_AHEAD.total_seconds())) - age)
    soonest = now + left * 0.75
    latest = now + left * 1.35 + TO_THE_DOOR + age
    return _rounded(soonest, latest, now, Basis.POSITION)


def _blind(approach: Approach, departed_at: dt.datetime, now: dt.datetime) -> ArrivalRange:
    """On the way and unseen: the planned way from the departure, widened the longer nothing is heard."""
    expected = max(departed_at + approach.travel, now)
    last_seen = max(departed_at, approach.sighting.at if approach.sighting else departed_at)
    silence = _bounded(now - last_seen)
    error = LOST_ERROR + approach.travel * 0.5 + silence * 0.5
    basis = Basis.PLAN if is_fresh(last_seen, now) else Basis.SIGNAL_LOST
    return _rounded(expected - error / 4, expected + error, now, basis)


def _pace_mps(approach: Approach) -> float:
    """The planned metres per second, where the plan is believable."""
    seconds = approach.travel.total_seconds()
    if seconds < 60 or approach.travel_m <= 0:
        return DEFAULT_SPEED_MPS
    return min(max(approach.travel_m / seconds, SLOWEST_MPS), FASTEST_MPS)


def _share(span: dt.timedelta, share: float) -> dt.timedelta:
    return _bounded(span) * share


def _bounded(span: dt.timedelta) -> dt.timedelta:
    return min(max(span, dt.timedelta(0)), LONGEST_AHEAD)


def _rounded(earliest: dt.datetime, latest: dt.datetime, now: dt.datetime, basis: Basis) -> ArrivalRange:
    """Outwards to whole five minutes: a range that says 10:23 promises what nobody knows."""
    start = max(_floor(earliest), now)
    end = max(_ceil(latest), _ceil(start + LEAST_WIDTH))
    return ArrivalRange(start, end, basis)


def _floor(instant: dt.datetime) -> dt.datetime:
    return instant - _past_quantum(instant)


def _ceil(instant: dt.datetime) -> dt.datetime:
    rest = _past_quantum(instant)
    return instant if not rest else instant + (QUANTUM - rest)


def _past_quantum(instant: dt.datetime) -> dt.timedelta:
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (instant - epoch) % QUANTUM
