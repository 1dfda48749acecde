"""Something gives way so that a job finds a place, in one transaction with the job's place, and is put back.

What gives way is changed where it lives: the day's shift, the promised window, what the job asks of people.
What no record holds (a part that has to get into a van, a customer who must be called) becomes a task.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError, RejectedError, StaleError
from backend.jobs import assignment, repository
from backend.jobs import service as jobs
from backend.jobs.assignment import Assignment
from backend.jobs.models import Job
from backend.live import absences, service
from backend.live.asked import AskWaysIn
from backend.live.duty import refuse_off_duty
from backend.live.models import Relaxation
from backend.live.service import Chosen
from backend.messages import tasks
from backend.messages.models import TaskKind
from backend.technicians.hours import hold
from backend.technicians.models import Shift

# What only somebody who supervises may let pass, and only with a reason.
EXCEPTIONS = frozenset({"lower_skill", "no_certificate", "other_technicians", "more_visits"})
Values = dict[str, Any]
Applied = list[tuple[uuid.UUID, str, int]]


@dataclass(frozen=True)
class Wanted:
    """A way in somebody decided for: what gives way, why, and the places as they were worked out."""

    bend: str
    subject: str
    part: str
    amount: int
    reason: str
    chosen: Chosen


def question(
    session: Session, actor: Actor, job_id: uuid.UUID
) -> tuple[AskWaysIn, dict[uuid.UUID, tuple[int, str]]]:
    """What ways in are worked out from, and version and number of the day's jobs."""
    actor.require(Permission.PLAN_RUN)
    job = jobs.get(session, actor, job_id)
    if job.day is None:
        raise RejectedError("The job has no day yet.", code="not_booked")
    asked, named = service.question(session, actor, job.region_id, job.day, [job.id])
    return AskWaysIn(asked.day, job.id), named


def apply(session: Session, actor: Actor, job_id: uuid.UUID, wanted: Wanted) -> tuple[Relaxation, Applied]:
    """Let it give way and put the job in: both or neither.

    Raises StaleError when a job has changed since, RejectedError `reason_missing` for an exception without a
    reason, BadInputError `bad_way_in` for what cannot give way like that.
    """
    actor.require(Permission.PLAN_RUN)
    if wanted.bend in EXCEPTIONS:
        actor.require(Permission.JOB_SUPERVISE)
        if not wanted.reason.strip():
            raise RejectedError("Say why this exception is made.", code="reason_missing")
    if job_id not in {each.job_id for each in wanted.chosen.assignments}:
        raise BadInputError("The job itself has no place in it.", code="bad_way_in")
    service.refuse_stale(session, actor, wanted.chosen.versions)
    job = jobs.get_for_change(session, actor, job_id)
    if job.day is None or job.technician_id is not None:
        raise RejectedError("Somebody has the job, or it has no day.", code="not_unassigned")
    places = _places(session, [each.job_id for each in wanted.chosen.assignments])
    _hold_hours(session, wanted.bend, wanted.subject, wanted.chosen.assignments)
    before, after = BENDS[wanted.bend](session, actor, job, wanted)
    if wanted.bend not in EXCEPTIONS:
        refuse_off_duty(session, wanted.chosen.assignments)
    applied = service.apply(session, actor, Chosen(wanted.chosen.assignments, [], {}))
    kept = _kept(actor, job, job.day, wanted)
    kept.before = {**before, "places": places}
    kept.after = {**after, "versions": {str(each): version for each, _, version in applied}}
    session.add(kept)
    session.flush()
    what = {"bend": kept.bend, "subject": kept.subject, "amount": kept.amount, "reason": kept.reason}
    audit.record(session, actor, "relaxation.made", "job", job.id, **what)
    return kept, applied


def undo(session: Session, actor: Actor, relaxation_id: uuid.UUID) -> tuple[Relaxation, Applied]:
    """Put back what gave way and take the job out again; others it shifted go back to their times.

    Raises StaleError when a job, or what gave way, was changed since.
    """
    actor.require(Permission.PLAN_RUN)
    query = select(Relaxation).where(Relaxation.id == relaxation_id, Relaxation.org_id == actor.org_id)
    kept = session.exec(query.with_for_update()).first()
    if kept is None:
        raise NotFoundError("No such relaxation.")
    if kept.undone_at is not None:
        raise StaleError("It has been taken back already.", code="relaxation_undone")
    versions = {uuid.UUID(each): version for each, version in kept.after["versions"].items()}
    service.refuse_stale(session, actor, versions)
    back = [_assignment(each) for each in kept.before["places"]]
    _hold_hours(session, kept.bend, kept.subject, back)
    applied = service.apply(session, actor, Chosen(back, [kept.job_id], {}))
    UNBENDS.get(kept.bend, _nothing)(session, actor, jobs.get_for_change(session, actor, kept.job_id), kept)
    kept.undone_at, kept.undone_by = utc_now(), actor.name
    session.flush()
    audit.record(session, actor, "relaxation.undone", "job", kept.job_id, bend=kept.bend)
    now = service.versions_of(session, [job_id for job_id, _, _ in applied])
    return kept, [(job_id, now[job_id][1], now[job_id][0]) for job_id, _, _ in applied]


def _kept(actor: Actor, job: Job, day: dt.date, wanted: Wanted) -> Relaxation:
    return Relaxation(
        org_id=job.org_id,
        job_id=job.id,
        region_id=job.region_id,
        day=day,
        bend=wanted.bend,
        subject=wanted.subject,
        part=wanted.part,
        amount=wanted.amount,
        reason=wanted.reason.strip(),
        made_by=actor.name,
    )


def _places(session: Session, job_ids: list[uuid.UUID]) -> list[Values]:
    """Where those of the jobs are that somebody has, as `_assignment` reads it."""
    return [
        {
            "job_id": str(job_id),
            "technician_id": str(visit.technician_id),
            "times": [each.isoformat() for each in (visit.arrive_at, visit.busy_from, visit.busy_until)],
            "way": [visit.travel_s, visit.travel_m],
        }
        for job_id, visit in repository.open_visits(session, job_ids).items()
    ]


def _assignment(place: Values) -> Assignment:
    arrive_at, start_at, end_at = (dt.datetime.fromisoformat(each) for each in place["times"])
    who, (travel_s, travel_m) = uuid.UUID(place["technician_id"]), place["way"]
    return Assignment(uuid.UUID(place["job_id"]), who, arrive_at, start_at, end_at, travel_s, travel_m)


def _bend_shift(session: Session, actor: Actor, job: Job, wanted: Wanted) -> tuple[Values, Values]:
    """The shift of that day ends later or starts earlier."""
    shift = _shift(session, actor, wanted.subject, job.day)
    edge, sign = SHIFT_EDGES[wanted.bend]
    before: dt.datetime = getattr(shift, edge)
    after = before + sign * dt.timedelta(minutes=wanted.amount)
    _set_edge(session, actor, shift, edge, after)
    return {"at": before.isoformat()}, {"at": after.isoformat()}


def _unbend_shift(session: Session, actor: Actor, job: Job, kept: Relaxation) -> None:
    shift = _shift(session, actor, kept.subject, kept.day)
    edge, _ = SHIFT_EDGES[kept.bend]
    if getattr(shift, edge) != dt.datetime.fromisoformat(kept.after["at"]):
        raise StaleError("The shift has been changed since.", code="shift_changed")
    _set_edge(session, actor, shift, edge, dt.datetime.fromisoformat(kept.before["at"]))


def _hold_hours(session: Session, bend: str, subject: str, assignments: Sequence[Assignment]) -> None:
    """Hold the hours that change, and at once with them all that are relied on: never one after the other."""
    if bend in SHIFT_EDGES:
        hold(session, {_whose(subject), *(each.technician_id for each in assignments)})


def _whose(subject: str) -> uuid.UUID:
    try:
        return uuid.UUID(subject)
    except ValueError as error:
        raise BadInputError("Whose shift?", code="bad_way_in") from error


def _shift(session: Session, actor: Actor, technician: str, day: dt.date | None) -> Shift:
    who = assignment.technician_for(session, actor, _whose(technician))
    query = select(Shift).where(Shift.technician_id == who.id, col(Shift.day) == day)
    shift = session.exec(query.with_for_update()).first()
    if shift is None:
        raise RejectedError("There is no shift that day.", code="no_shift")
    return shift


def _set_edge(session: Session, actor: Actor, shift: Shift, edge: str, at: dt.datetime) -> None:
    setattr(shift, edge, at)
    session.flush()
    absences.announce(session, actor, assignment.technician_for(session, actor, shift.technician_id))


def _bend_window(session: Session, actor: Actor, job: Job, wanted: Wanted) -> tuple[Values, Values]:
    """The promise is made longer: the customer is told as of any change, and the office is to call them."""
    if job.window_start is None or job.window_end is None:
        raise RejectedError("Nothing is promised yet.", code="not_booked")
    before = [job.window_start, job.window_end]
    by = dt.timedelta(minutes=wanted.amount)
    is_later = wanted.bend == "later_window"
    start, end = (before[0], before[1] + by) if is_later else (before[0] - by, before[1])
    jobs.book(session, actor, job, start, end)
    key = f"promise_moved:{job.id}:{end.isoformat()}"
    tasks.open_task(session, job, TaskKind.PROMISE_MOVED, key, utc_now())
    return {"window": [each.isoformat() for each in before]}, {"window": [start.isoformat(), end.isoformat()]}


def _unbend_window(session: Session, actor: Actor, job: Job, kept: Relaxation) -> None:
    now = [each.isoformat() for each in (job.window_start, job.window_end) if each is not None]
    if now != kept.after["window"]:
        raise StaleError("The promise has been changed since.", code="window_changed")
    start, end = (dt.datetime.fromisoformat(each) for each in kept.before["window"])
    jobs.book(session, actor, job, start, end)


def _bend_skill(session: Session, actor: Actor, job: Job, wanted: Wanted) -> tuple[Values, Values]:
    before = job.level
    job.level = max(0, before - wanted.amount)
    session.flush()
    return {"level": before}, {"level": job.level}


def _unbend_skill(session: Session, actor: Actor, job: Job, kept: Relaxation) -> None:
    job.level = kept.before["level"]
    session.flush()


def _bend_certificate(session: Session, actor: Actor, job: Job, wanted: Wanted) -> tuple[Values, Values]:
    before, job.certificate = job.certificate, None
    session.flush()
    return {"certificate": before}, {"certificate": None}


def _unbend_certificate(session: Session, actor: Actor, job: Job, kept: Relaxation) -> None:
    job.certificate = kept.before["certificate"]
    session.flush()


def _bend_van(session: Session, actor: Actor, job: Job, wanted: Wanted) -> tuple[Values, Values]:
    """Somebody has to bring the part to the van: a task until it is done."""
    try:
        who = assignment.technician_for(session, actor, uuid.UUID(wanted.subject))
    except ValueError as error:
        raise BadInputError("Whose van?", code="bad_way_in") from error
    key = f"part_to_van:{job.id}:{wanted.part}:{who.id}"
    detail = f"{wanted.part} × {wanted.amount} → {who.name}"
    tasks.open_task(session, job, TaskKind.PART_TO_VAN, key, utc_now(), detail)
    return {}, {"task": key}


def _unbend_van(session: Session, actor: Actor, job: Job, kept: Relaxation) -> None:
    tasks.withdraw(session, job, kept.after["task"])


def _allow(session: Session, actor: Actor, job: Job, wanted: Wanted) -> tuple[Values, Values]:
    """Nothing is kept anywhere but the decision itself: work given out by hand stands."""
    return {}, {}


def _nothing(session: Session, actor: Actor, job: Job, kept: Relaxation) -> None:
    """What is not kept anywhere needs no putting back."""


SHIFT_EDGES = {"later_end": ("ends_at", 1), "earlier_start": ("starts_at", -1)}
BENDS: dict[str, Callable[[Session, Actor, Job, Wanted], tuple[Values, Values]]] = {
    "later_end": _bend_shift,
    "earlier_start": _bend_shift,
    "later_window": _bend_window,
    "earlier_window": _bend_window,
    "lower_skill": _bend_skill,
    "no_certificate": _bend_certificate,
    "part_in_van": _bend_van,
    "other_technicians": _allow,
    "more_visits": _allow,
    "": _allow,
}
UNBENDS: dict[str, Callable[[Session, Actor, Job, Relaxation], None]] = {
    "later_end": _unbend_shift,
    "earlier_start": _unbend_shift,
    "later_window": _unbend_window,
    "earlier_window": _unbend_window,
    "lower_skill": _unbend_skill,
    "no_certificate": _unbend_certificate,
    "part_in_van": _unbend_van,
}
