"""Fields that the office and a phone wrote without knowing of each other: listed, and decided by a person."""

import uuid
from typing import Literal

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.jobs import repository, service
from backend.jobs.field_versions import Side
from backend.jobs.models import Job
from backend.sync import conflicts
from backend.sync.models import FieldConflict

Kept = Literal["standing", "came"]


def listed(session: Session, actor: Actor) -> list[tuple[FieldConflict, Job]]:
    """What nobody has decided yet among the jobs the actor may see, the oldest first."""
    actor.require(Permission.JOB_INTAKE)
    return conflicts.open_among(session, repository.visible_to(actor))


def settle(session: Session, actor: Actor, conflict_id: uuid.UUID, kept: Kept, version: int) -> None:
    """Decide for one of the two values, as seen on the job's `version`; the audit has both.

    Raises NotFoundError when it is decided already, EditedByBothError when the phone wrote it again since.
    """
    actor.require(Permission.JOB_INTAKE)
    conflict, job = conflicts.open_one(session, conflict_id, repository.visible_to(actor))
    values = {"standing": conflict.standing["value"], "came": conflict.came["value"]}
    job = service.get_for_change(session, actor, job.id)
    service.edit(session, actor, job, {conflict.field: values[kept]}, Side.OFFICE, version)
    audit.record(session, actor, "conflict.settled", "job", job.id, field=conflict.field, kept=kept, **values)
