"""What each kind of command does, by name. Payloads are checked here, rules live with their features."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.errors import BadInputError, RejectedError
from backend.evidence import acceptance
from backend.evidence import service as evidence
from backend.extras import schemas as quoting
from backend.extras import service as extras
from backend.jobs import events
from backend.jobs import repository as jobs
from backend.jobs import service as job_service
from backend.jobs.field_versions import Side
from backend.jobs.lifecycle import AT_WORK, Action, JobStatus, TransitionRefusedError
from backend.jobs.models import Job, Visit
from backend.parts import service as parts
from backend.sync import schemas
from backend.web.schemas import Body

WORKING = AT_WORK | {JobStatus.REWORK}
Effect = Callable[[Session, Actor, Job, Visit, Any], None]
Edit = Callable[[Session, Actor, Job, Visit, Any, int], None]


def apply(
    session: Session, actor: Actor, job: Job, kind: str, payload: dict[str, Any], base_version: int
) -> None:
    """Do what a command of `kind`, decided on a version of it, says to a job loaded for update."""
    payload_type = (EDITS.get(kind) or EFFECTS[kind])[0]
    try:
        data = msgspec.convert(payload, payload_type)
    except msgspec.ValidationError as error:
        raise BadInputError(str(error)[:300], code="bad_payload") from error
    visit = jobs.open_visit(session, job.id)
    if visit is None:
        raise TransitionRefusedError("The visit is over.", state=job.status)
    if kind in EDITS:
        EDITS[kind][1](session, actor, job, visit, data, base_version)
    else:
        EFFECTS[kind][1](session, actor, job, visit, data)


def _while_working(job: Job) -> None:
    if job.status not in WORKING:
        raise TransitionRefusedError("That is possible only while at work on site.", state=job.status)


def _step(action: Action) -> Effect:
    """An effect that only advances the job, keeping the payload in its history."""

    def effect(session: Session, actor: Actor, job: Job, visit: Visit, data: Body) -> None:
        job_service.advance(session, actor, job, visit, action, **msgspec.to_builtins(data))

    return effect


def _decline(session: Session, actor: Actor, job: Job, _visit: Visit, data: schemas.Decline) -> None:
    job_service.decline(session, actor, job, data.reason, data.text)


def _answer(session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.Answer) -> None:
    _while_working(job)
    at = events.acted_at(session, actor)
    evidence.answer_step(session, actor, job, visit, step=data.step, value=data.value, device_at=at)
    job_service.touch(session, job)


def _use_part(session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.UsePart) -> None:
    _while_working(job)
    at = events.acted_at(session, actor)
    parts.use_part(
        session,
        actor,
        job,
        visit,
        use_id=data.use_id,
        sku=data.sku,
        qty=data.qty,
        serial=data.serial,
        moved_at=at,
    )
    job_service.touch(session, job)


def _return_part(session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.ReturnPart) -> None:
    _while_working(job)
    parts.return_part(
        session, actor, job, visit, use_id=data.use_id, moved_at=events.acted_at(session, actor)
    )
    job_service.touch(session, job)


def _photo(session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.PhotoIn) -> None:
    at = events.acted_at(session, actor)
    evidence.add_photo(
        session, actor, job, visit, sha256=data.sha256, step=data.step, kind=data.kind, taken_at=at
    )
    job_service.touch(session, job)


def _note(
    session: Session, actor: Actor, job: Job, _visit: Visit, data: schemas.Said, base_version: int
) -> None:
    job_service.edit(session, actor, job, {"note": data.text}, Side.FIELD, base_version)


def _serial(
    session: Session, actor: Actor, job: Job, _visit: Visit, data: schemas.SerialRead, base_version: int
) -> None:
    _while_working(job)
    job_service.edit(session, actor, job, {"serial": data.serial}, Side.FIELD, base_version)


def _diagnose(
    session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.Diagnosis, base_version: int
) -> None:
    job_service.edit(session, actor, job, {"fault_code": data.fault_code}, Side.FIELD, base_version)
    job_service.advance(
        session, actor, job, visit, Action.DIAGNOSE, fault_code=data.fault_code, text=data.text
    )


def _agree_extra(session: Session, actor: Actor, job: Job, visit: Visit, data: quoting.AgreeExtra) -> None:
    _while_working(job)
    extras.agree(session, actor, job, visit, data, events.acted_at(session, actor))
    job_service.touch(session, job)


def _decline_extra(
    session: Session, actor: Actor, job: Job, visit: Visit, data: quoting.DeclineExtra
) -> None:
    _while_working(job)
    extras.decline(session, actor, job, visit, data, events.acted_at(session, actor))
    job_service.touch(session, job)


def _withdraw_extra(
    session: Session, actor: Actor, job: Job, _visit: Visit, data: quoting.WithdrawExtra
) -> None:
    _while_working(job)
    extras.withdraw(session, actor, job, data.quote_id, data.text)
    job_service.touch(session, job)


def _complete(session: Session, actor: Actor, job: Job, visit: Visit, data: quoting.Complete) -> None:
    missing = evidence.missing_steps(session, job, visit)
    if missing:
        raise RejectedError("Required steps are not answered.", code="steps_missing", missing=missing)
    extras.require_agreed(session, job, data.extras)
    job_service.advance(session, actor, job, visit, Action.COMPLETE)


def _sign(session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.Signature) -> None:
    if job.status is not JobStatus.DONE:
        raise TransitionRefusedError("The work is not done yet.", state=job.status)
    acceptance.sign(
        session,
        actor,
        job,
        visit,
        snapshot=data.snapshot,
        sha256=data.sha256,
        signer=data.signer,
        strokes=data.strokes,
        signed_at=events.acted_at(session, actor),
    )
    job_service.advance(session, actor, job, visit, Action.SIGN, sha256=data.sha256)


def _absent(session: Session, actor: Actor, job: Job, visit: Visit, data: schemas.Absent) -> None:
    if data.sha256 is not None:
        at = events.acted_at(session, actor)
        evidence.add_photo(
            session, actor, job, visit, sha256=data.sha256, step=None, kind="evidence", taken_at=at
        )
    job_service.advance(session, actor, job, visit, Action.REPORT_ABSENT, text=data.text)


# What the office writes too: decided on what the phone knew.
EDITS: dict[str, tuple[type[Body], Edit]] = {
    "note": (schemas.Said, _note),
    "serial": (schemas.SerialRead, _serial),
    "diagnose": (schemas.Diagnosis, _diagnose),
}
EFFECTS: dict[str, tuple[type[Body], Effect]] = {
    "accept": (schemas.Nothing, _step(Action.ACCEPT)),
    "decline": (schemas.Decline, _decline),
    "depart": (schemas.Going, _step(Action.DEPART)),
    "arrive": (schemas.Going, _step(Action.ARRIVE)),
    "answer": (schemas.Answer, _answer),
    "use_part": (schemas.UsePart, _use_part),
    "return_part": (schemas.ReturnPart, _return_part),
    "photo": (schemas.PhotoIn, _photo),
    "agree_extra": (quoting.AgreeExtra, _agree_extra),
    "decline_extra": (quoting.DeclineExtra, _decline_extra),
    "withdraw_extra": (quoting.WithdrawExtra, _withdraw_extra),
    "complete": (quoting.Complete, _complete),
    "sign": (schemas.Signature, _sign),
    "report_absent": (schemas.Absent, _absent),
    "reject_work": (schemas.Said, _step(Action.REJECT_WORK)),
    "need_part": (schemas.MissingPart, _step(Action.NEED_PART)),
    "take_to_workshop": (schemas.Said, _step(Action.TAKE_TO_WORKSHOP)),
}
