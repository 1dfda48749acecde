"""Acting on several jobs at once: each wholly or not at all, the refused ones named."""

import uuid
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.errors import BadInputError, DomainError, ForbiddenError, NotFoundError
from backend.jobs import field_versions, repository, schemas, service
from backend.jobs.models import Job
from backend.jobs.office import HANDLERS
from backend.web.problems import conflict_of
from backend.web.schemas import Body

T = TypeVar("T")
BLOCKED = "double_booked"


class Lock(Body):
    technician: bool
    time: bool


class _RehearsalEndedError(Exception):
    """Takes back everything a rehearsal did."""


def act(session: Session, actor: Actor, request: schemas.ManyRequest) -> schemas.ManyRead:
    """Do what is asked of each job.

    A time that is taken may be free once another of the jobs has moved, so what was refused for that is tried
    again as long as others get through. A rehearsal ends with everything as it was. Raises NotFoundError or
    ForbiddenError where that is what stands against every one of them.
    """
    if len({each.job_id for each in request.jobs}) != len(request.jobs):
        raise BadInputError("A job is listed twice.", code="listed_twice")
    answer = schemas.ManyRead([], [])
    # All at once and in the order of their ids: two who act on the same jobs never wait in a ring.
    repository.lock_jobs(session, actor.org_id, [each.job_id for each in request.jobs])
    try:
        with session.begin_nested():
            _act_in_rounds(session, actor, request.jobs, answer)
            refuse_outsiders(answer.done, answer.refused)
            if request.is_rehearsal:
                raise _RehearsalEndedError
    except _RehearsalEndedError:
        session.expire_all()
    return answer


def refuse_outsiders(done: Sequence[object], refused: Sequence[schemas.RefusedRead]) -> None:
    """Whoever has no business with any of the jobs is told as for a single one."""
    against = {each.code for each in refused}
    if not done and against == {NotFoundError.code}:
        raise NotFoundError("No such job.")
    if not done and against == {ForbiddenError.code}:
        raise ForbiddenError("not with these jobs")


def _act_in_rounds(
    session: Session, actor: Actor, wanted: Sequence[schemas.JobSteps], answer: schemas.ManyRead
) -> None:
    waiting = list(wanted)
    while waiting:
        blocked: list[tuple[schemas.JobSteps, schemas.RefusedRead]] = []
        for each in waiting:
            outcome = _act_on_one(session, actor, each)
            if isinstance(outcome, schemas.DoneRead):
                answer.done.append(outcome)
            elif outcome.code == BLOCKED:
                blocked.append((each, outcome))
            else:
                answer.refused.append(outcome)
        if len(blocked) == len(waiting):
            answer.refused.extend(against for _, against in blocked)
            return
        waiting = [each for each, _ in blocked]


def _act_on_one(
    session: Session, actor: Actor, wanted: schemas.JobSteps
) -> schemas.DoneRead | schemas.RefusedRead:
    try:
        with session.begin_nested():
            job = service.get_for_change(session, actor, wanted.job_id)
            _take_steps(session, actor, job, wanted)
            session.flush()
            return schemas.DoneRead(job.id, job.number, job.version)
    except DomainError as error:
        return refusal(session, actor, wanted.job_id, error)
    except IntegrityError as error:
        return refusal(session, actor, wanted.job_id, conflict_of(error))


def _take_steps(session: Session, actor: Actor, job: Job, wanted: schemas.JobSteps) -> None:
    rests_on = (*field_versions.PLAN, *(["lock"] if any(s.action == "lock" for s in wanted.steps) else []))
    field_versions.require_fresh(job, wanted.version, rests_on)
    for step in wanted.steps:
        if step.action == "lock":
            locks = _data(step, Lock)
            service.lock(session, actor, job, technician=locks.technician, time=locks.time)
        else:
            data_type, handler = HANDLERS[step.action]
            handler(session, actor, job, _data(step, data_type))


def _data(step: schemas.Step, data_type: type[T]) -> T:
    try:
        return msgspec.convert(step.data, data_type)
    except msgspec.ValidationError as error:
        raise BadInputError(str(error)[:300]) from error


def refusal(session: Session, actor: Actor, job_id: uuid.UUID, error: DomainError) -> schemas.RefusedRead:
    """Why one of several jobs stays as it was; its number only for who may see it."""
    session.expire_all()
    known = service.visible_ids(session, actor, [job_id])
    number = repository.get_visible(session, actor, job_id).number if known else ""
    return schemas.RefusedRead(job_id, number, error.code, error.detail)
