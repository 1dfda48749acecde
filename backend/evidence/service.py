"""Recording what happened at the door: answers to the checklist and photos."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.errors import RejectedError
from backend.evidence import checklist, repository
from backend.evidence.models import Acceptance, Blob, Photo, StepAnswer
from backend.evidence.policies import require_at_the_door, require_photo_time
from backend.jobs.models import Job, Visit

PhotoKind = Literal["before", "after", "evidence"]
Answers = dict[str, checklist.Answer]


@dataclass(frozen=True)
class PhotoRead:
    """A photo as sheets and reports show it."""

    sha256: str
    step: str | None
    kind: str
    taken_at: dt.datetime


@dataclass(frozen=True)
class AcceptanceRead:
    """That and when a visit was signed, without the strokes."""

    sha256: str
    signer: str
    signed_at: dt.datetime


def answer_step(
    session: Session,
    actor: Actor,
    job: Job,
    visit: Visit,
    *,
    step: str,
    value: object,
    device_at: dt.datetime,
) -> bool:
    """Answer one checklist step; False when a later answer is already there and stays.

    Raises RejectedError `unknown_step`, `bad_answer`, `blob_missing`, or TransitionRefusedError.
    """
    require_at_the_door(job)
    item = checklist.step_named(job.checklist, step)
    accepted = checklist.checked_answer(item, value)
    repository.lock_visit(session, visit.id)
    if item["kind"] == "photo":
        _require_blob(session, actor, str(accepted))
        _attach(session, actor, visit, str(accepted), step=step, kind="evidence", taken_at=device_at)
    is_written = _write_answer(session, actor, visit, step, accepted, device_at)
    if is_written:
        audit.record(session, actor, "step.answered", "job", job.id, step=step)
    return is_written


def add_photo(
    session: Session,
    actor: Actor,
    job: Job,
    visit: Visit,
    *,
    sha256: str,
    step: str | None,
    kind: str,
    taken_at: dt.datetime,
) -> Photo:
    """Attach an uploaded picture to the visit, once for each step; a photo step is answered by it too.

    Raises RejectedError `blob_missing`, `bad_photo_kind`, `unknown_step`, or TransitionRefusedError.
    """
    require_photo_time(job)
    if kind not in get_args(PhotoKind):
        raise RejectedError("A photo is before, after or evidence.", code="bad_photo_kind")
    item = checklist.step_named(job.checklist, step) if step is not None else None
    _require_blob(session, actor, sha256)
    repository.lock_visit(session, visit.id)
    photo = _attach(session, actor, visit, sha256, step=step, kind=kind, taken_at=taken_at)
    if item is not None and item["kind"] == "photo":
        _write_answer(session, actor, visit, item["key"], sha256, taken_at)
    return photo


def missing_steps(session: Session, job: Job, visit: Visit) -> list[str]:
    """Keys of required steps that the visit has not answered, in checklist order."""
    answers = answers_of(session, [visit.id]).get(visit.id, {})
    return checklist.missing_required(job.checklist, answers)


def answers_of(session: Session, visit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Answers]:
    """Answers by visit and step; a visit without any is left out."""
    found: dict[uuid.UUID, Answers] = defaultdict(dict)
    for visit_id, step, value in repository.answers(session, visit_ids):
        found[visit_id][step] = value["value"]
    return dict(found)


def photos_of(session: Session, visit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PhotoRead]]:
    """Photos by visit, oldest first; a visit without any is left out."""
    found: dict[uuid.UUID, list[PhotoRead]] = defaultdict(list)
    for row in repository.photos(session, visit_ids):
        found[row.visit_id].append(PhotoRead(row.sha256, row.step, row.kind, row.taken_at))
    return dict(found)


def acceptances_of(session: Session, visit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, AcceptanceRead]:
    """The signature of each visit that has one."""
    return {row.visit_id: acceptance_read(row) for row in repository.acceptances(session, visit_ids)}


def acceptance_read(row: Acceptance) -> AcceptanceRead:
    return AcceptanceRead(row.sha256, row.signer, row.signed_at)


def _require_blob(session: Session, actor: Actor, sha256: str) -> Blob:
    blob = repository.blob(session, actor.org_id, sha256)
    if blob is None:
        raise RejectedError("The photo itself has not arrived yet.", code="blob_missing", sha256=sha256)
    return blob


def _attach(
    session: Session,
    actor: Actor,
    visit: Visit,
    sha256: str,
    *,
    step: str | None,
    kind: str,
    taken_at: dt.datetime,
) -> Photo:
    existing = repository.photo(session, visit.id, step, sha256)
    if existing is not None:
        return existing
    photo = Photo(
        org_id=actor.org_id,
        job_id=visit.job_id,
        visit_id=visit.id,
        sha256=sha256,
        step=step,
        kind=kind,
        taken_at=taken_at,
    )
    session.add(photo)
    session.flush()
    audit.record(session, actor, "photo.added", "job", visit.job_id, sha256=sha256, step=step)
    return photo


def _write_answer(
    session: Session, actor: Actor, visit: Visit, step: str, value: checklist.Answer, device_at: dt.datetime
) -> bool:
    existing = repository.answer(session, visit.id, step)
    if existing is None:
        existing = StepAnswer(
            org_id=actor.org_id, job_id=visit.job_id, visit_id=visit.id, step=step, device_at=device_at
        )
        session.add(existing)
    elif existing.device_at > device_at:
        return False
    existing.value = {"value": value}
    existing.device_at = device_at
    session.flush()
    return True
