"""What people do with jobs, as verbs. Phones come through `sync`, the office through `api`."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.cases import service as cases
from backend.db.types import utc_now
from backend.errors import BadInputError, RejectedError, StaleError
from backend.jobs import assignment, events, repository, shared_fields
from backend.jobs.assignment import Assignment
from backend.jobs.field_versions import Side
from backend.jobs.lifecycle import INTERRUPTED, Action, JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.organisations.models import Region
from backend.push.field import tell_note
from backend.sync import conflicts

MAX_WINDOW = dt.timedelta(days=2)
OUTCOMES: dict[Action, VisitOutcome] = {
    Action.SIGN: VisitOutcome.COMPLETED,
    Action.REPORT_ABSENT: VisitOutcome.CUSTOMER_ABSENT,
    Action.NEED_PART: VisitOutcome.NEEDS_PART,
    Action.TAKE_TO_WORKSHOP: VisitOutcome.TO_WORKSHOP,
}
MOMENTS = {
    Action.ACCEPT: "accepted_at",
    Action.DEPART: "departed_at",
    Action.ARRIVE: "arrived_at",
    Action.COMPLETE: "completed_at",
}


def get(session: Session, actor: Actor, job_id: uuid.UUID) -> Job:
    """One job the actor may see."""
    return repository.get_visible(session, actor, job_id)


def get_for_change(session: Session, actor: Actor, job_id: uuid.UUID, version: int | None = None) -> Job:
    """One visible job locked for a change; StaleError when `version` is no longer current."""
    job = repository.get_visible(session, actor, job_id, for_update=True)
    if version is not None and version != job.version:
        raise StaleError("The job has changed since you looked at it.", version=job.version)
    return job


def as_it_is(session: Session, job: Job) -> Job:
    """A job that was read before, locked for a change and read again."""
    session.refresh(job, with_for_update=True)
    return job


def book(session: Session, actor: Actor, job: Job, start: dt.datetime, end: dt.datetime) -> None:
    """Promise the customer a window. An interrupted job is released from its technician and booked again."""
    if not dt.timedelta(0) < end - start <= MAX_WINDOW:
        raise BadInputError("The window must end after it starts, within two days.", code="bad_window")
    region = session.get_one(Region, job.region_id)
    previous = (job.technician_id, job.vendor_id)
    if job.status in INTERRUPTED:
        job.technician_id = job.vendor_id = None
    job.window_start, job.window_end = start, end
    job.day = start.astimezone(ZoneInfo(region.zone)).date()
    window = {"window_start": start.isoformat(), "window_end": end.isoformat()}
    events.take(session, actor, job, Action.BOOK, None, **window)
    session.flush()
    events.announce(session, job, previous)


def assign(session: Session, actor: Actor, job: Job, technician_id: uuid.UUID, start: dt.datetime) -> Visit:
    """Give the job to a technician at a time, by hand."""
    actor.require(Permission.JOB_PLAN)
    end = start + dt.timedelta(seconds=job.duration_s)
    return assignment.assign(session, actor, job, Assignment(job.id, technician_id, start, start, end))


def unassign(session: Session, actor: Actor, job: Job) -> None:
    """Take the job back from its technician."""
    assignment.release(session, actor, job, Action.UNASSIGN, VisitOutcome.WITHDRAWN)


def report_no_show(session: Session, actor: Actor, job: Job, text: str) -> None:
    """The technician did not come: the job is free to be booked again."""
    assignment.release(session, actor, job, Action.REPORT_NO_SHOW, VisitOutcome.NO_SHOW, text=text)


def cancel(session: Session, actor: Actor, job: Job, reason: str) -> None:
    """The customer no longer needs it. Not possible once a technician is at work."""
    assignment.release(session, actor, job, Action.CANCEL, VisitOutcome.CANCELLED, reason=reason)
    _close_case_if_finished(session, actor, job)


def close(session: Session, actor: Actor, job: Job) -> None:
    """Nothing is left to do."""
    events.take(session, actor, job, Action.CLOSE, repository.last_visit(session, job.id))
    session.flush()
    events.announce(session, job)
    _close_case_if_finished(session, actor, job)


def qualify(session: Session, actor: Actor, job: Job) -> None:
    """The report is complete enough to be booked."""
    events.take(session, actor, job, Action.QUALIFY)
    session.flush()
    events.announce(session, job)


def lock(session: Session, actor: Actor, job: Job, *, technician: bool, time: bool) -> None:
    """Keep the optimiser from changing the job's technician, its time, or both."""
    actor.require(Permission.JOB_PLAN)
    if (technician or time) and job.technician_id is None:
        raise RejectedError("Only an assigned job can be locked.", code="not_assigned")
    job.lock_technician, job.lock_time = technician, time
    audit.record(session, actor, "lock", "job", job.id, technician=technician, time=time)
    session.flush()
    events.announce(session, job)


def decline(session: Session, actor: Actor, job: Job, reason: str, text: str) -> None:
    """A technician can't take the job; it goes back to the dispatcher with the reason."""
    assignment.release(session, actor, job, Action.DECLINE, VisitOutcome.DECLINED, reason=reason, text=text)


def advance(session: Session, actor: Actor, job: Job, visit: Visit, action: Action, **data: object) -> None:
    """A technician's step on the open visit: accept, depart, arrive, diagnose, complete, sign."""
    moment = MOMENTS.get(action)
    events.take(session, actor, job, action, visit, **data)
    if moment is not None:
        setattr(visit, moment, events.acted_at(session, actor))
    visit.outcome = OUTCOMES.get(action, visit.outcome)
    session.flush()
    events.announce(session, job)


def edit(
    session: Session, actor: Actor, job: Job, values: Mapping[str, str], side: Side, base_version: int
) -> None:
    """Write fields both sides share, decided on `base_version`: all of them or, with EditedByBothError, none.

    Whoever writes a field that was in conflict has settled it.
    """
    changed = shared_fields.write_all(session, job, values, side, base_version)
    for field in values:
        conflicts.settle(session, job.id, field)
    if changed:
        audit.record(session, actor, "edited", "job", job.id, fields=changed)
        if side is Side.OFFICE and "note" in changed:
            tell_note(session, job)
    session.flush()
    events.announce(session, job)


def touch(session: Session, job: Job) -> None:
    """Something of the job changed (an answer, a part): new version, and tell who may know."""
    job.touched_at = utc_now()
    session.flush()
    events.announce(session, job)


def _close_case_if_finished(session: Session, actor: Actor, job: Job) -> None:
    case = cases.held(session, job.case_id)  # of two jobs that end at once, the second sees the first's end
    query = select(Job.id).where(
        Job.case_id == job.case_id, col(Job.status).not_in([JobStatus.CLOSED, JobStatus.CANCELLED])
    )
    if session.exec(query.limit(1)).first() is None:
        cases.close(session, actor, case)


def visible_ids(session: Session, actor: Actor, job_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of the jobs the actor may see."""
    query = select(Job.id).where(col(Job.id).in_(job_ids), repository.visible_to(actor))
    return set(session.exec(query))
