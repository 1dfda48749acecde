"""The customer's signature: bound to the hash of an exact snapshot, checked against our records, stored."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.errors import ConflictError, RejectedError
from backend.evidence import repository
from backend.evidence.canonical import canonical_json, digest
from backend.evidence.models import Acceptance
from backend.evidence.snapshot import LANGUAGES, Difference, differences, records_of
from backend.jobs.models import Job, Visit

MAX_SNAPSHOT = 64_000
MAX_SIGNER = 120
MAX_STROKES = 200
MAX_POINTS = 10_000
MIN_POINTS = 2


class Point(msgspec.Struct, forbid_unknown_fields=True):
    """One touch: x and y as fractions of the pad's width, t in ms since the first touch, p the pressure."""

    x: Annotated[float, msgspec.Meta(ge=0, le=1)]
    y: Annotated[float, msgspec.Meta(ge=0, le=4)]
    t: Annotated[float, msgspec.Meta(ge=0, le=3_600_000)]
    p: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5


Stroke = Annotated[list[Point], msgspec.Meta(min_length=1, max_length=MAX_POINTS)]
Strokes = Annotated[list[Stroke], msgspec.Meta(min_length=1, max_length=MAX_STROKES)]


class SnapshotDiffersError(RejectedError):
    """What was signed is not what our records say; `differences` names every field."""

    code = "snapshot_differs"


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
) -> Acceptance:
    """Store the signature on `snapshot` for this visit; the same one again changes nothing.

    Raises RejectedError `not_canonical`, `hash_mismatch`, `snapshot_differs`, `bad_signature`, `bad_signer`,
    and ConflictError `already_signed` when something else was signed before.
    """
    text = _checked_text(snapshot, sha256)
    _check_signature(signer, strokes)
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
        strokes=strokes,
        signed_at=signed_at,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "acceptance.signed", "job", job.id, sha256=sha256)
    return row


def _checked_text(snapshot: dict[str, Any], sha256: str) -> str:
    text = canonical_json(snapshot)
    if len(text) > MAX_SNAPSHOT:
        raise RejectedError("The snapshot is too long.", code="not_canonical")
    if digest(snapshot) != sha256:
        raise RejectedError("The hash is not the snapshot's.", code="hash_mismatch")
    return text


def _check_signature(signer: str, strokes: list[Any]) -> None:
    if not signer.strip() or len(signer) > MAX_SIGNER or "\x00" in signer:
        raise RejectedError(f"A signer has a name of at most {MAX_SIGNER} characters.", code="bad_signer")
    try:
        drawn = msgspec.convert(strokes, Strokes)
    except msgspec.ValidationError as error:
        raise RejectedError(f"The signature is malformed: {error}", code="bad_signature") from error
    points = [point for stroke in drawn for point in stroke]
    is_dot = len({(point.x, point.y) for point in points}) < MIN_POINTS
    if is_dot or len(points) > MAX_POINTS:
        raise RejectedError(f"A signature has {MIN_POINTS} to {MAX_POINTS} points.", code="bad_signature")


def _check_content(session: Session, job: Job, visit: Visit, snapshot: dict[str, Any]) -> None:
    if snapshot.get("language") not in LANGUAGES:
        found = [Difference("language", snapshot.get("language"), list(LANGUAGES))]
    else:
        found = differences(snapshot, records_of(session, job, visit), job, visit)
    if not _is_instant(snapshot.get("prepared_at")):
        found.append(Difference("prepared_at", snapshot.get("prepared_at"), None))
    if found:
        raise SnapshotDiffersError(
            "What was signed is not what was recorded.", differences=[item.as_json() for item in found]
        )


def _is_instant(value: object) -> bool:
    try:
        msgspec.convert(value, Annotated[dt.datetime, msgspec.Meta(tz=True)])
    except msgspec.ValidationError:
        return False
    return True
