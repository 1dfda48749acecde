"""When a technician is expected at a door: one answer for the page, for messages and for whoever asks."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.auth.actor import system_actor
from backend.jobs.lifecycle import OFFERED, JobStatus
from backend.jobs.models import Job
from backend.tracking import arrival
from backend.tracking.arrival import ArrivalRange, Forecast
from backend.tracking.facts import Facts, gather
from backend.tracking.whereabouts import distance_to_door_m


def forecast_of(facts: Facts) -> Forecast | None:
    """The arrival as far as the facts tell; None where nobody is to come today, or is there."""
    attempt, zone = facts.attempt, ZoneInfo(facts.zone)
    if attempt is None or facts.status not in OFFERED | {JobStatus.EN_ROUTE}:
        return None
    is_today = attempt.arrive_at.astimezone(zone).date() == facts.now.astimezone(zone).date()
    if facts.status in OFFERED and not is_today:
        return None
    sighting, distance = None, distance_to_door_m(facts)
    if facts.seen is not None and distance is not None:
        sighting = arrival.Sighting(facts.seen.at, distance)
    approach = arrival.Approach(
        planned=attempt.arrive_at,
        travel=attempt.travel,
        travel_m=attempt.travel_m,
        stops_ahead=attempt.stops_ahead,
        ahead=attempt.ahead,
        departed_at=attempt.departed_at if facts.status is JobStatus.EN_ROUTE else None,
        sighting=sighting,
        window_start=facts.window[0] if facts.window else None,
    )
    return arrival.forecast(approach, facts.now, facts.experience)


def expected(session: Session, job: Job, now: dt.datetime) -> ArrivalRange | None:
    """The range a job's customer is shown at an instant."""
    customer = dataclasses.replace(system_actor(job.org_id, "arrivals"), job_id=job.id)
    found = forecast_of(gather(session, customer, now))
    return arrival.shown(found, now) if found is not None else None
