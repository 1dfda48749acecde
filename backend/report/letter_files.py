"""The pictures and the video an e-mail brought, to look at while it waits."""

import uuid

from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import NotFoundError
from backend.evidence import repository as evidence
from backend.evidence.models import Blob
from backend.report.models import ReportLetter


def enclosed(session: Session, actor: Actor, letter_id: uuid.UUID, sha256: str) -> Blob:
    """A file of an e-mail, as it was cleaned when it came; NotFoundError once the e-mail is done with."""
    actor.require(Permission.JOB_INTAKE)
    row = session.get(ReportLetter, letter_id)
    held = {one["sha256"] for one in row.files} if row is not None and row.org_id == actor.org_id else set()
    blob = evidence.blob(session, actor.org_id, sha256) if sha256 in held else None
    if blob is None:
        raise NotFoundError("No such file.")
    return blob
