"""Moving a visit to another day, hours or technician: where it could go, and putting it there at once."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.booking import repository as bookings
from backend.booking import windows
from backend.booking.asked import Slot
from backend.errors import NotFoundError, RejectedError
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.assignment import MOVABLE, Assignment
from backend.jobs.lifecycle import OFFERED
from backend.jobs.models import Job
from backend.live import service as live
from backend.live.asked import AskOpenings
from backend.live.service import Chosen
from backend.organisations.clock import now_in, require_in_calendar
from backend.organisations.models import Region
from backend.organisations.service import get_region
from backend.scheduling import repository as scheduling

Named = dict[uuid.UUID, tuple[int, str]]


@dataclass(frozen=True)
class Asked:
    """A question about a day; `reason` says why there is none to ask.

    `version` is the visit's own, `named` has version and number of the day's jobs as they were read with it.
    """

    version: int
    question: AskOpenings | None
    named: Named
    reason: str = ""


@dataclass(frozen=True)
class Move:
    """A window for the job, the places of all that change with the versions they had, the job's own among
    them unless nobody is to have it."""

    version: int
    slot: Slot
    chosen: Chosen


@dataclass(frozen=True)
class Moved:
    """What changed (id, number, version) and the move that takes it back."""

    number: str
    changed: Sequence[tuple[uuid.UUID, str, int]]
    back: Move


def question(
    session: Session, actor: Actor, job_id: uuid.UUID, day: dt.date, technician_id: uuid.UUID | None
) -> Asked:
    """What is asked of a day about a visit; a region's day shows every vendor's, so vendors may not ask."""
    actor.require(Permission.PLAN_RUN)
    job = jobs.get(session, actor, job_id)
    require_in_calendar(day)
    refusal = _refusal(job)
    region = get_region(session, actor, job.region_id)
    now = now_in(session, region, day)
    slots = _slots(session, job, region, day, now) if not refusal else ()
    if refusal or not slots:
        return Asked(job.version, None, {}, refusal or "no_slot")
    if job.lock_technician and technician_id not in (None, job.technician_id):
        return Asked(job.version, None, {}, "technician_locked")
    only = job.technician_id if job.lock_technician else technician_id
    seen = scheduling.load_day(session, region, day, now)
    asked = AskOpenings(seen, scheduling.movable_job(session, job), slots, only)
    return Asked(job.version, asked, live.versions_of(session, [job.id, *(each.id for each in seen.jobs)]))


def _refusal(job: Job) -> str:
    """Why a visit cannot be moved at all; empty when it can."""
    if job.status not in MOVABLE:
        return "already_begun"
    if job.window_start is None or job.day is None:
        return "not_booked"
    if job.technician_id is None and job.vendor_id is not None:
        return "with_vendor"
    return "time_locked" if job.lock_time else ""


def _slots(session: Session, job: Job, region: Region, day: dt.date, now: dt.datetime) -> tuple[Slot, ...]:
    """Windows of a day that are not over: the hours promised now first, then those customers may choose."""
    if job.window_start is None or job.window_end is None or job.day is None:
        return ()
    later = dt.timedelta(days=(day - job.day).days)
    zone = ZoneInfo(region.zone)
    same = Slot(*(_on_the_wall(each, zone, later) for each in (job.window_start, job.window_end)))
    rules = bookings.rules_of(session, job.org_id)
    offered = windows.slots_of(day, region.zone, rules.windows, now)
    return tuple(slot for slot in dict.fromkeys((same, *offered)) if slot.end_at > now)


def _on_the_wall(instant: dt.datetime, zone: ZoneInfo, later: dt.timedelta) -> dt.datetime:
    """The same time of day, whatever the clocks do meanwhile."""
    return (instant.astimezone(zone) + later).astimezone(dt.UTC)


def move(session: Session, actor: Actor, job_id: uuid.UUID, wanted: Move) -> Moved:
    """Promise the window and put every visit in its place: all of it or nothing.

    Raises StaleError naming what has changed, RejectedError with the reason when a lock or the job's state
    forbids it, NotFoundError for what the actor may not see. The database refuses taken times.
    """
    actor.require(Permission.JOB_PLAN)
    assignments = wanted.chosen.assignments
    ids = {job_id, *(each.job_id for each in assignments)}
    if jobs.visible_ids(session, actor, list(ids)) != ids:
        raise NotFoundError("No such job.")
    live.refuse_stale(session, actor, {**wanted.chosen.versions, job_id: wanted.version})
    job = jobs.get_for_change(session, actor, job_id)
    mine = next((each for each in assignments if each.job_id == job.id), None)
    _refuse(job, mine)
    was, places = Slot(*_window(job)), _places(session, ids)
    is_rebooked = was != wanted.slot
    if job.status in OFFERED and (is_rebooked or mine is None):
        jobs.unassign(session, actor, job)
    if is_rebooked:
        jobs.book(session, actor, job, wanted.slot.start_at, wanted.slot.end_at)
    if assignments:
        live.apply(session, actor, Chosen(assignments, [], {}))
    audit.record(session, actor, "visit.moved", "job", job.id, window_start=wanted.slot.start_at.isoformat())
    session.flush()
    now = live.versions_of(session, list(ids))
    back = Move(
        now[job.id][0], was, Chosen(places, [], {each: version for each, (version, _) in now.items()})
    )
    return Moved(job.number, [(each, number, version) for each, (version, number) in now.items()], back)


def _refuse(job: Job, mine: Assignment | None) -> None:
    refusal = _refusal(job)
    if not refusal and job.lock_technician and (mine is None or mine.technician_id != job.technician_id):
        refusal = "technician_locked"
    if refusal:
        raise RejectedError("This visit stays where it is.", code=refusal)


def _window(job: Job) -> tuple[dt.datetime, dt.datetime]:
    if job.window_start is None or job.window_end is None:
        raise RejectedError("The job has no window yet.", code="not_booked")
    return job.window_start, job.window_end


def _places(session: Session, job_ids: set[uuid.UUID]) -> list[Assignment]:
    """Where those of the jobs are that somebody has."""
    return [
        Assignment(
            job_id=job_id,
            technician_id=visit.technician_id,
            arrive_at=visit.arrive_at,
            start_at=visit.busy_from,
            end_at=visit.busy_until,
            travel_s=visit.travel_s,
            travel_m=visit.travel_m,
        )
        for job_id, visit in job_rows.open_visits(session, job_ids).items()
    ]
