"""When the technician will be there, as an honest range: pure arithmetic, no clock, no database.

What is expected comes from the plan (pushed back by the work still ahead) and, on the way, from the last
position; a departure counts as the first one. How far around it the range reaches comes from experience:
of ten such ranges eight are to hold. A position that has grown old widens the range, and is called lost.
"""

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

from backend.tracking.experience import Experience, Phase

STALE_AFTER = dt.timedelta(minutes=5)
QUANTUM = dt.timedelta(minutes=5)
STARTS_UP_FROM = dt.timedelta(minutes=3)
LEAST_WIDTH = dt.timedelta(minutes=5)
LONGEST_AHEAD = dt.timedelta(hours=18)
# City streets are longer than the straight line by about a third (4/π for a grid, less for avenues).
DETOUR = 1.35
DEFAULT_SPEED_MPS = 6.0
SLOWEST_MPS, FASTEST_MPS = 2.5, 14.0
# Beyond what history tells of, silence widens by this share of itself.
SILENT_AFTER = dt.timedelta(minutes=15)
SILENCE_SHARE = 0.25
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
    `ahead` is how long the work before this visit is expected to take yet: stops, and the ways between.
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
class Forecast:
    """Eight of ten arrivals lie between `earliest` and `latest`, half of them before `likely`."""

    earliest: dt.datetime
    likely: dt.datetime
    latest: dt.datetime
    basis: Basis

    @property
    def width(self) -> dt.timedelta:
        return self.latest - self.earliest


@dataclass(frozen=True)
class ArrivalRange:
    """The technician is expected between two instants; both lie at or after the moment of asking."""

    earliest: dt.datetime
    latest: dt.datetime
    basis: Basis


@dataclass(frozen=True)
class Expectation:
    """The plain expectation a range is laid around, and which past promises were like it."""

    at: dt.datetime
    phase: Phase
    horizon: dt.timedelta
    step: float
    basis: Basis
    age: dt.timedelta = dt.timedelta(0)


def estimate(approach: Approach, now: dt.datetime, experience: Experience | None = None) -> ArrivalRange:
    """The range shown to a customer as of `now`; all instants are aware, none of the result is past."""
    return shown(forecast(approach, now, experience), now)


def forecast(approach: Approach, now: dt.datetime, experience: Experience | None = None) -> Forecast:
    """The range as it is known, to the second: never in the past, never narrower for older news."""
    experience = experience or Experience()
    expected = expect(approach, now, experience)
    spread = experience.spread(expected.phase, expected.horizon, expected.step)
    silence = _bounded(expected.age - SILENT_AFTER) * SILENCE_SHARE
    early = dt.timedelta(seconds=spread.early_s) - silence
    late = dt.timedelta(seconds=spread.late_s) + silence
    earliest = max(expected.at + early, now)
    if approach.departed_at is None and approach.window_start is not None:
        earliest = max(earliest, approach.window_start)
        latest = max(expected.at + late, earliest + LEAST_WIDTH)
    else:
        # Whoever should have been there already is about to come: the range moves on as a whole.
        latest = max(expected.at + late, earliest + max(late - early, LEAST_WIDTH))
    likely = min(max(expected.at + dt.timedelta(seconds=spread.middle_s), earliest), latest)
    return Forecast(earliest, likely, latest, expected.basis)


def expect(approach: Approach, now: dt.datetime, experience: Experience) -> Expectation:
    """When they would come if everything went as it usually does."""
    if approach.departed_at is not None:
        return _on_the_way(approach, approach.departed_at, now, experience)
    travel = experience.travel_time(approach.travel)
    at = max(approach.planned, now + _bounded(approach.ahead) + travel)
    if approach.window_start is not None:
        at = max(at, approach.window_start)
    return Expectation(at, Phase.PLAN, at - now, approach.stops_ahead, Basis.PLAN)


def shown(found: Forecast, now: dt.datetime) -> ArrivalRange:
    """To whole five minutes: a range that says 10:23 promises what nobody knows.

    So that what is shown holds as often as what is known, the end goes to the nearest, and the start to the
    one before until three minutes past it: most of those who come early come just before the range.
    """
    start = max(_floor(found.earliest + QUANTUM - STARTS_UP_FROM), now)
    end = max(_floor(found.latest + QUANTUM / 2), _ceil(start + LEAST_WIDTH))
    return ArrivalRange(start, end, found.basis)


def is_fresh(seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a position is young enough to be shown."""
    return now - seen_at <= STALE_AFTER


def distance_m(from_lat: float, from_lng: float, to_lat: float, to_lng: float) -> float:
    """Great-circle distance in metres."""
    phi_1, phi_2 = math.radians(from_lat), math.radians(to_lat)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = math.radians(to_lng - from_lng) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def _on_the_way(
    approach: Approach, departed_at: dt.datetime, now: dt.datetime, experience: Experience
) -> Expectation:
    """The rest of the way from where they were last seen, at the usual pace."""
    sighting = approach.sighting
    at, left = departed_at, approach.travel
    if sighting is not None:
        seconds = sighting.distance_m * DETOUR / _pace_mps(approach)
        at, left = sighting.at, dt.timedelta(seconds=min(seconds, LONGEST_AHEAD.total_seconds()))
    left = _bounded(experience.travel_time(left))
    age = _bounded(now - at)
    if not is_fresh(at, now):
        basis = Basis.SIGNAL_LOST
    else:
        basis = Basis.POSITION if sighting is not None else Basis.PLAN
    return Expectation(at + left, Phase.WAY, left, age.total_seconds() / 60, basis, age)


def _pace_mps(approach: Approach) -> float:
    """The planned metres per second, where the plan is believable."""
    seconds = approach.travel.total_seconds()
    if seconds < 60 or approach.travel_m <= 0:
        return DEFAULT_SPEED_MPS
    return min(max(approach.travel_m / seconds, SLOWEST_MPS), FASTEST_MPS)


def _bounded(span: dt.timedelta) -> dt.timedelta:
    return min(max(span, dt.timedelta(0)), LONGEST_AHEAD)


def _floor(instant: dt.datetime) -> dt.datetime:
    return instant - _past_quantum(instant)


def _ceil(instant: dt.datetime) -> dt.datetime:
    rest = _past_quantum(instant)
    return instant if not rest else instant + (QUANTUM - rest)


def _past_quantum(instant: dt.datetime) -> dt.timedelta:
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (instant - epoch) % QUANTUM
