"""Offering a job: to one, to a ranked list, or to all at once; whoever accepts first has it.

Everybody who answers locks the job first, so answers come one after the other; the index on accepted lines is
the database's own word that there is one winner.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from backend.audit.feed import append_change
from backend.auth.actor import Actor, system_actor
from backend.auth.models import Role
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import ConflictError, ForbiddenError, NotFoundError, RejectedError
from backend.jobs import assignment, events
from backend.jobs import service as jobs
from backend.jobs.assignment import Assignment
from backend.jobs.lifecycle import OPEN_FOR_PLANNING, Action
from backend.jobs.models import Job
from backend.jobs.offer_clock import now_for
from backend.offers import repository
from backend.offers.models import Answer, Offer, OfferCandidate, OfferEntry, OfferMode, OfferState
from backend.offers.ranking import Ranked
from backend.offers.starts import still_free
from backend.push.field import tell_asked, tell_over

SYSTEM = "offers"


class OfferOverError(ConflictError):
    """Somebody else was faster, time ran out, or the job is no longer to be had."""

    code = "offer_over"


def make(
    session: Session, actor: Actor, job: Job, mode: OfferMode, minutes: int, listed: Sequence[Ranked]
) -> Offer:
    """Offer a job, loaded for change, to a list in its order.

    Raises RejectedError `nobody_listed` when the list is empty or nobody on it has time, ConflictError
    `not_open` when the job is not to be given out or `already_offered`.
    """
    require_offering(actor)
    if not listed:
        raise RejectedError("There is nobody to offer the job to.", code="nobody_listed")
    _require_free(job)
    if repository.open_offer(session, job.id) is not None:
        raise ConflictError("The job is being offered already; withdraw that first.", code="already_offered")
    offer = Offer(org_id=job.org_id, job_id=job.id, mode=mode, minutes=minutes, created_by=actor.name)
    session.add(offer)
    session.flush()
    lines = [_line(offer, position, each) for position, each in enumerate(listed, start=1)]
    session.add_all(lines)
    session.flush()
    for line in lines:
        _log(session, actor, offer, "listed", line, why=dict(line.why))
    if not _ask_some(session, actor, offer, job, lines):
        raise RejectedError("Nobody listed has time for the job any more.", code="nobody_listed")
    _touch(session, job)
    return offer


def accept(session: Session, actor: Actor, offer_id: uuid.UUID) -> Offer:
    """Take the job; said again, because the reply was lost, nothing more happens.

    Raises OfferOverError when it is too late, ConflictError when the time is taken.
    """
    if (known := _answered_before(session, actor, offer_id, Answer.ACCEPTED)) is not None:
        return known
    offer, job, line = _answering(session, actor, offer_id)
    if line.technician_id is not None:
        _give(session, actor, job, line)
    else:
        previous = (job.technician_id, job.vendor_id)
        job.vendor_id = line.vendor_id
        session.flush()
        events.announce(session, job, previous)
    _answered(session, actor, offer, line, Answer.ACCEPTED)
    _end(session, actor, offer, OfferState.ACCEPTED)
    return offer


def decline(session: Session, actor: Actor, offer_id: uuid.UUID, reason: str, text: str) -> Offer:
    """Say no, and why; in a ranked offer the next is asked. Said again, the first no stands."""
    if (known := _answered_before(session, actor, offer_id, Answer.DECLINED)) is not None:
        return known
    offer, job, line = _answering(session, actor, offer_id)
    line.reason, line.text = reason, text
    _answered(session, actor, offer, line, Answer.DECLINED, reason=reason)
    _go_on(session, actor, offer, job)
    return offer


def give_back(session: Session, actor: Actor, offer_id: uuid.UUID, reason: str, text: str) -> Offer:
    """A vendor that has taken a job and given it to nobody returns it; it may then be offered again."""
    line = repository.my_line(session, actor, offer_id)
    if line is None or line.vendor_id is None:
        raise NotFoundError("No such offer.")
    job = repository.job_for_update(session, session.get_one(Offer, offer_id).job_id)
    offer = repository.offer_now(session, offer_id)
    has_it = line.answer is Answer.ACCEPTED and job.vendor_id == line.vendor_id and job.technician_id is None
    if not has_it or job.status not in OPEN_FOR_PLANNING:
        raise ConflictError("There is nothing to give back.", code="not_held")
    previous = (job.technician_id, job.vendor_id)
    job.vendor_id = None
    session.flush()
    _log(session, actor, offer, "given_back", line, reason=reason, text=text)
    events.announce(session, job, previous)
    return offer


def withdraw(session: Session, actor: Actor, offer_id: uuid.UUID) -> Offer:
    """Take an offer back; one that is over stays as it is."""
    require_offering(actor)
    found = repository.offer(session, actor.org_id, offer_id)
    if found is None:
        raise NotFoundError("No such offer.")
    job = repository.job_for_update(session, found.job_id)
    offer = repository.offer_now(session, offer_id)
    if offer.state is OfferState.OPEN:
        _end(session, actor, offer, OfferState.WITHDRAWN)
        _touch(session, job)
    return offer


def expire(session: Session, candidate_id: uuid.UUID) -> bool:
    """End one line that has run out or whose job is gone, and ask the next; False when nothing was to do."""
    seen = session.get(OfferCandidate, candidate_id)
    if seen is None:
        return False
    job = repository.job_for_update(session, session.get_one(Offer, seen.offer_id).job_id)
    offer = repository.offer_now(session, seen.offer_id)
    [line] = [each for each in repository.candidates(session, offer.id) if each.id == candidate_id]
    if offer.state is not OfferState.OPEN or line.answer is not Answer.OFFERED:
        return False
    actor = system_actor(job.org_id, SYSTEM)
    if not is_free(job):
        _end(session, actor, offer, OfferState.WITHDRAWN)
        return True
    if line.expires_at is None or line.expires_at > now_for(session, job):
        return False
    _answered(session, actor, offer, line, Answer.EXPIRED)
    _go_on(session, actor, offer, job)
    return True


def require_offering(actor: Actor) -> None:
    """Only the brand's own dispatchers offer."""
    actor.require(Permission.JOB_PLAN)
    if actor.vendor_id is not None:
        raise ForbiddenError("Only the brand's dispatchers offer jobs.")


def _answered_before(session: Session, actor: Actor, offer_id: uuid.UUID, answer: Answer) -> Offer | None:
    """The offer when the actor has said just this already, and still has the job where it was a yes."""
    line = repository.my_line(session, actor, offer_id) if actor.role in repository.FOR_OTHERS else None
    if line is None or line.answer is not answer:
        return None
    offer = session.get_one(Offer, offer_id)
    job = repository.job_for_update(session, offer.job_id)
    owner = job.technician_id if line.technician_id is not None else job.vendor_id
    has_job = owner == (line.technician_id or line.vendor_id)
    return offer if has_job or answer is Answer.DECLINED else None


def _answering(session: Session, actor: Actor, offer_id: uuid.UUID) -> tuple[Offer, Job, OfferCandidate]:
    """An open offer that asks the actor and still stands, with its job locked."""
    if actor.role not in repository.FOR_OTHERS:
        raise ForbiddenError("Only those who are asked may answer.")
    seen = repository.my_line(session, actor, offer_id)
    if seen is None:
        raise NotFoundError("No such offer.")
    job = repository.job_for_update(session, session.get_one(Offer, offer_id).job_id)
    offer = repository.offer_now(session, offer_id)
    line = repository.my_line(session, actor, offer_id)
    if line is None or offer.state is not OfferState.OPEN or line.answer is not Answer.OFFERED:
        raise OfferOverError("This offer is over.", state=offer.state)
    if not is_free(job) or (line.expires_at is not None and line.expires_at <= now_for(session, job)):
        raise OfferOverError("This offer is over.", state=offer.state)
    return offer, job, line


def _give(session: Session, actor: Actor, job: Job, line: OfferCandidate) -> None:
    assert line.technician_id is not None and line.start_at is not None  # noqa: S101, PT018 - the table says so
    start = max(line.start_at, now_for(session, job))
    end = start + dt.timedelta(seconds=job.duration_s)
    wanted = Assignment(job.id, line.technician_id, start, start, end, why=dict(line.why))
    visit = assignment.assign(session, system_actor(job.org_id, SYSTEM), job, wanted)
    jobs.advance(session, actor, job, visit, Action.ACCEPT)


def _go_on(session: Session, actor: Actor, offer: Offer, job: Job) -> None:
    """Ask the next, or close the list when nobody is left."""
    lines = repository.candidates(session, offer.id)
    if any(line.answer is Answer.OFFERED for line in lines):
        return
    last = max((line.position for line in lines if line.answer is not Answer.LISTED), default=0)
    following = [line for line in lines if line.position > last]
    if not _ask_some(session, system_actor(job.org_id, SYSTEM), offer, job, following):
        _end(session, actor, offer, OfferState.EXHAUSTED)
        _touch(session, job)


def _ask_some(
    session: Session, actor: Actor, offer: Offer, job: Job, lines: Sequence[OfferCandidate]
) -> bool:
    """Ask the first who has time, or in an open offer everybody who has; False when nobody has."""
    asked = (_ask(session, actor, offer, job, line) for line in lines)
    return any(list(asked) if offer.mode is OfferMode.OPEN else asked)


def _ask(session: Session, actor: Actor, offer: Offer, job: Job, line: OfferCandidate) -> bool:
    """Ask one; who was listed with a start that has passed is asked for the next that is free.

    False, and a line in the log, where there is none.
    """
    now = now_for(session, job)
    if line.technician_id is not None and line.start_at is not None:
        start = still_free(session, job, line.technician_id, line.start_at, now)
        if start is None:
            _log(session, actor, offer, "passed_over", line, start=line.start_at.isoformat())
            return False
        line.start_at = start
    line.answer = Answer.OFFERED
    line.expires_at = now + dt.timedelta(minutes=offer.minutes)
    session.flush()
    _log(session, actor, offer, "offered", line, expires_at=line.expires_at.isoformat())
    _tell(session, offer, line)
    if line.technician_id is not None and line.start_at is not None:
        tell_asked(session, job, offer.id, line.technician_id, line.start_at, offer.minutes)
    return True


def _answered(
    session: Session, actor: Actor, offer: Offer, line: OfferCandidate, answer: Answer, **data: Any
) -> None:
    line.answer, line.answered_at = answer, utc_now()
    session.flush()
    _log(session, actor, offer, answer.value, line, **data)
    _tell(session, offer, line)
    if answer is Answer.EXPIRED:
        _hush(session, offer, line)


def _end(session: Session, actor: Actor, offer: Offer, state: OfferState) -> None:
    """Close an offer; those who were asked and have not answered learn that it is over."""
    offer.state, offer.ended_at = state, utc_now()
    for line in repository.candidates(session, offer.id):
        if line.answer is Answer.OFFERED:
            line.answer = Answer.WITHDRAWN
            _tell(session, offer, line)
            _hush(session, offer, line)
    session.flush()
    _log(session, actor, offer, f"ended_{state.value}"[:20], None)
    _tell(session, offer, None)


def is_free(job: Job) -> bool:
    """Whether nobody has the job and somebody could."""
    return job.status in OPEN_FOR_PLANNING and job.technician_id is None and job.vendor_id is None


def _require_free(job: Job) -> None:
    if not is_free(job):
        raise ConflictError("The job is not to be given out.", code="not_open", state=job.status)


def _line(offer: Offer, position: int, ranked: Ranked) -> OfferCandidate:
    return OfferCandidate(
        org_id=offer.org_id,
        offer_id=offer.id,
        position=position,
        technician_id=ranked.technician_id,
        vendor_id=ranked.vendor_id,
        start_at=ranked.start_at,
        why=dict(ranked.why),
    )


def _log(
    session: Session, actor: Actor, offer: Offer, event: str, line: OfferCandidate | None, **data: Any
) -> None:
    session.add(
        OfferEntry(
            org_id=offer.org_id,
            offer_id=offer.id,
            job_id=offer.job_id,
            seq=repository.next_seq(session, offer.id),
            at=utc_now(),
            event=event,
            position=line.position if line else None,
            technician_id=line.technician_id if line else None,
            vendor_id=line.vendor_id if line else None,
            actor_kind=actor.role,
            actor_name=actor.name if actor.role is not Role.SYSTEM else SYSTEM,
            data=data,
        )
    )
    session.flush()


def _tell(session: Session, offer: Offer, line: OfferCandidate | None) -> None:
    audience = {"technician_id": line.technician_id, "vendor_id": line.vendor_id} if line else {}
    append_change(session, offer.org_id, "offer", offer.id, **audience)


def _hush(session: Session, offer: Offer, line: OfferCandidate) -> None:
    """Whoever was asked and need not answer any more is not alerted of it."""
    if line.technician_id is not None:
        tell_over(session, offer.id, line.technician_id)


def _touch(session: Session, job: Job) -> None:
    """A job that is offered is no longer what a plan under way was made from."""
    jobs.touch(session, job)
