"""When a technician is expected at a door: one answer for the page, for messages and for whoever asks."""

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

from backend.jobs.lifecycle import OFFERED, JobStatus
from backend.tracking import arrival
from backend.tracking.arrival import Forecast
from backend.tracking.attempts import Attempt
from backend.tracking.experience import Experience
from backend.tracking.facts import Seen
from backend.tracking.whereabouts import distance_to_door_m

TO_COME = OFFERED | {JobStatus.EN_ROUTE}


class Awaited(Protocol):
    """What an arrival is reckoned from; `Facts` has all of it and more."""

    @property
    def now(self) -> dt.datetime: ...
    @property
    def zone(self) -> str: ...
    @property
    def status(self) -> JobStatus: ...
    @property
    def window(self) -> tuple[dt.datetime, dt.datetime] | None: ...
    @property
    def home(self) -> tuple[float, float] | None: ...
    @property
    def attempt(self) -> Attempt | None: ...
    @property
    def seen(self) -> Seen | None: ...
    @property
    def experience(self) -> Experience: ...


def forecast_of(awaited: Awaited) -> Forecast | None:
    """The arrival as far as it can be told; None where nobody is to come today, or is there."""
    attempt, zone = awaited.attempt, ZoneInfo(awaited.zone)
    if attempt is None or awaited.status not in TO_COME:
        return None
    is_today = attempt.arrive_at.astimezone(zone).date() == awaited.now.astimezone(zone).date()
    if awaited.status in OFFERED and not is_today:
        return None
    sighting, distance = None, distance_to_door_m(awaited.seen, awaited.home)
    if awaited.seen is not None and distance is not None:
        sighting = arrival.Sighting(awaited.seen.at, distance)
    approach = arrival.Approach(
        planned=attempt.arrive_at,
        travel=attempt.travel,
        travel_m=attempt.travel_m,
        stops_ahead=attempt.stops_ahead,
        ahead=attempt.ahead,
        departed_at=attempt.departed_at if awaited.status is JobStatus.EN_ROUTE else None,
        sighting=sighting,
        window_start=awaited.window[0] if awaited.window else None,
    )
    return arrival.forecast(approach, awaited.now, awaited.experience)
