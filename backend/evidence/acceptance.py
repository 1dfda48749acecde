"""The customer's signature: bound to the hash of an exact snapshot, checked against our records, stored."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.errors import ConflictError
from backend.evidence import repository
from backend.evidence.models import Acceptance
from backend.evidence.signature import (
    Difference,
    SnapshotDiffersError,
    check_signature,
    check_signer,
    checked_text,
)
from backend.evidence.snapshot import LANGUAGES, differences, records_of
from backend.jobs.models import Job, Visit


def sign(
    session: Session,
    actor: Actor,
    job: Job,
    visit: Visit,
    *,
    snapshot: dict[str, Any],
    sha256: str,
    signer: str,
    strokes: list[Any],
    signed_at: dt.datetime,
    is_typed: bool = False,
) -> Acceptance:
    """Store the signature on `snapshot` for this visit; the same one again changes nothing.

    `is_typed` is for a customer whose browser cannot draw: the typed name stands for the strokes.
    Raises RejectedError `not_canonical`, `hash_mismatch`, `snapshot_differs`, `bad_signature`, `bad_signer`,
    and ConflictError `already_signed` when something else was signed before.
    """
    text = checked_text(snapshot, sha256)
    if is_typed:
        check_signer(signer)
    else:
        check_signature(signer, strokes)
    repository.lock_visit(session, visit.id)
    existing = repository.acceptance(session, visit.id)
    if existing is not None:
        if existing.sha256 != sha256:
            raise ConflictError("This visit was signed already.", code="already_signed")
        return existing
    _check_content(session, job, visit, snapshot)
    row = Acceptance(
        org_id=actor.org_id,
        job_id=job.id,
        visit_id=visit.id,
        snapshot=text,
        sha256=sha256,
        signer=signer.strip(),
        strokes=[] if is_typed else strokes,
        signed_at=signed_at,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "acceptance.signed", "job", job.id, sha256=sha256)
    return row


def _check_content(session: Session, job: Job, visit: Visit, snapshot: dict[str, Any]) -> None:
    if snapshot.get("language") not in LANGUAGES:
        found = [Difference("language", snapshot.get("language"), list(LANGUAGES))]
    else:
        found = differences(snapshot, records_of(session, job, visit), job, visit)
    if not _is_instant(snapshot.get("prepared_at")):
        found.append(Difference("prepared_at", snapshot.get("prepared_at"), None))
    if found:
        raise SnapshotDiffersError.of(found)


def _is_instant(value: object) -> bool:
    try:
        msgspec.convert(value, Annotated[dt.datetime, msgspec.Meta(tz=True)])
    except msgspec.ValidationError:
        return False
    return True
