"""Queries over blobs, photos, answers and acceptances."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.evidence.models import Acceptance, Blob, Photo, StepAnswer
from backend.jobs.models import Job, Visit
from backend.report.models import CaseAttachment


def lock_visit(session: Session, visit_id: uuid.UUID) -> None:
    """One at a time may add evidence to a visit; SQLite has a single writer anyway."""
    session.execute(sa.select(col(Visit.id)).where(col(Visit.id) == visit_id).with_for_update())


def blob(session: Session, org_id: uuid.UUID, sha256: str) -> Blob | None:
    return session.exec(select(Blob).where(Blob.org_id == org_id, Blob.sha256 == sha256)).first()


def is_stored_elsewhere(session: Session, stored_sha256: str) -> bool:
    """Whether a record of any organisation still needs a file."""
    return (
        session.exec(select(Blob.id).where(Blob.stored_sha256 == stored_sha256).limit(1)).first() is not None
    )


def photo(session: Session, visit_id: uuid.UUID, step: str | None, sha256: str) -> Photo | None:
    """The picture as it shows a step, or the visit as a whole."""
    is_step = col(Photo.step).is_(None) if step is None else col(Photo.step) == step
    query = select(Photo).where(Photo.visit_id == visit_id, Photo.sha256 == sha256, is_step)
    return session.exec(query).first()


def jobs_showing(session: Session, org_id: uuid.UUID, sha256: str) -> Sequence[uuid.UUID]:
    """The jobs that have this picture among their photos, or among what their customer sent."""
    taken = sa.select(col(Photo.job_id)).where(col(Photo.org_id) == org_id, col(Photo.sha256) == sha256)
    sent = (
        sa.select(col(Job.id))
        .join(CaseAttachment, col(CaseAttachment.case_id) == col(Job.case_id))
        .where(col(CaseAttachment.org_id) == org_id, col(CaseAttachment.sha256) == sha256)
    )
    return session.scalars(taken.union(sent)).all()


def answer(session: Session, visit_id: uuid.UUID, step: str) -> StepAnswer | None:
    query = select(StepAnswer).where(StepAnswer.visit_id == visit_id, StepAnswer.step == step)
    return session.exec(query).first()


def answers(
    session: Session, visit_ids: Collection[uuid.UUID]
) -> list[tuple[uuid.UUID, str, dict[str, Any]]]:
    """Visit, step and stored value of every answer."""
    columns = (col(StepAnswer.visit_id), col(StepAnswer.step), col(StepAnswer.value))
    query = sa.select(*columns).where(col(StepAnswer.visit_id).in_(visit_ids))
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def photos(session: Session, visit_ids: Collection[uuid.UUID]) -> Sequence[Photo]:
    query = select(Photo).where(col(Photo.visit_id).in_(visit_ids))
    return session.exec(query.order_by(col(Photo.taken_at), col(Photo.id))).all()


def acceptance(session: Session, visit_id: uuid.UUID) -> Acceptance | None:
    return session.exec(select(Acceptance).where(Acceptance.visit_id == visit_id)).first()


def acceptances(session: Session, visit_ids: Collection[uuid.UUID]) -> Sequence[Acceptance]:
    return session.exec(select(Acceptance).where(col(Acceptance.visit_id).in_(visit_ids))).all()


def acceptance_of_job(session: Session, job_id: uuid.UUID) -> Acceptance | None:
    """The newest signature on the job."""
    query = select(Acceptance).where(Acceptance.job_id == job_id).order_by(col(Acceptance.id).desc())
    return session.exec(query).first()
