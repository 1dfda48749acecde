"""A technician's day as it was known at some moment of it: what lies before a visit, and how near it is.

The customer's page asks about now, learning asks about every moment of days that are over: both go this way.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backend.tracking.arrival import Approach, Sighting
from backend.tracking.experience import Experience, Phase

ASKED_EVERY = dt.timedelta(minutes=10)
ASKED_ON_THE_WAY_EVERY = dt.timedelta(minutes=3)
ASKED_AHEAD = dt.timedelta(hours=6)
# Work that takes longer than it usually does goes on for at least this share of it.
OVERRUN_SHARE = 0.15


@dataclass(frozen=True)
class Leg:
    """One visit: as planned, and as far as it is known what became of it. `track` is in order of time."""

    skill: str
    arrive_at: dt.datetime
    work: dt.timedelta
    travel: dt.timedelta
    travel_m: float = 0.0
    window_start: dt.datetime | None = None
    departed_at: dt.datetime | None = None
    arrived_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    track: tuple[Sighting, ...] = ()

    @property
    def met_at(self) -> dt.datetime | None:
        """When the customer has them: who comes before the promised window waits."""
        if self.arrived_at is None or self.window_start is None:
            return self.arrived_at
        return max(self.arrived_at, self.window_start)


def waits(ahead: Iterable[Leg], now: dt.datetime, experience: Experience) -> dt.timedelta:
    """How long until the technician is through with the visits ahead, in driving order."""
    free_at = now
    for leg in ahead:
        work = experience.work_time(leg.work, leg.skill)
        met_at = leg.met_at
        if met_at is not None and _is_past(leg.arrived_at, now):
            left = max(work - (now - met_at), work * OVERRUN_SHARE)
            free_at = now + left
            continue
        travel = experience.travel_time(leg.travel)
        if leg.departed_at is not None and _is_past(leg.departed_at, now):
            reached_at = max(now, leg.departed_at + travel)
        else:
            reached_at = max(free_at + travel, leg.arrive_at)
        free_at = max(reached_at, leg.window_start or reached_at) + work
    return free_at - now


def approach_at(legs: Sequence[Leg], index: int, now: dt.datetime, experience: Experience) -> Approach | None:
    """What was known about a visit's arrival at `now`; None once they were there."""
    leg = legs[index]
    if _is_past(leg.arrived_at, now):
        return None
    has_left = _is_past(leg.departed_at, now)
    ahead = [] if has_left else [each for each in legs[:index] if not _is_past(each.completed_at, now)]
    seen = [each for each in leg.track if each.at <= now] if has_left else []
    return Approach(
        planned=leg.arrive_at,
        travel=leg.travel,
        travel_m=leg.travel_m,
        stops_ahead=len(ahead),
        ahead=waits(ahead, now, experience),
        departed_at=leg.departed_at if has_left else None,
        sighting=seen[-1] if seen else None,
        window_start=leg.window_start,
    )


def came_at(leg: Leg, phase: Phase) -> dt.datetime | None:
    """What a promise is held against: before departure nobody is promised earlier than the window."""
    return leg.met_at if phase is Phase.PLAN else leg.arrived_at


def questions(leg: Leg) -> Iterator[dt.datetime]:
    """The moments at which a customer may have looked, by the clock and not by when they came.

    Before departure now and then, on the way more often.
    """
    if leg.departed_at is None or leg.arrived_at is None:
        return
    moment = leg.arrive_at - ASKED_AHEAD
    while moment < leg.departed_at:
        yield moment
        moment += ASKED_EVERY
    moment = leg.departed_at
    while moment < leg.arrived_at:
        yield moment
        moment += ASKED_ON_THE_WAY_EVERY


def _is_past(instant: dt.datetime | None, now: dt.datetime) -> bool:
    return instant is not None and instant <= now
