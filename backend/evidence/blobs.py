"""Uploaded pictures: stored once per organisation, readable only where the work they show is visible."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.db.types import utc_now, uuid7
from backend.db.upsert import insert_into
from backend.errors import NotFoundError, RejectedError
from backend.evidence import repository
from backend.evidence.images import CleanImage, clean
from backend.evidence.models import Blob
from backend.evidence.store import BlobStore
from backend.jobs import service as jobs


class Kept(Protocol):
    """What was checked and written to the store: a picture, or a customer's video; sizes in pixels."""

    @property
    def data(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


def check_hash(data: bytes, sha256: str) -> None:
    """Raise RejectedError `hash_mismatch` when the bytes are not what their address says."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RejectedError("The bytes do not have this SHA-256; send them again.", code="hash_mismatch")


def keep(store: BlobStore, data: bytes) -> CleanImage:
    """Clean a picture and write it to the store; raises NotAnImageError."""
    image = clean(data)
    store.put(image.sha256, image.data)
    return image


def find(session: Session, actor: Actor, sha256: str) -> Blob | None:
    """The organisation's record of an upload, whoever made it."""
    return repository.blob(session, actor.org_id, sha256)


def register(session: Session, actor: Actor, sha256: str, image: Kept) -> tuple[Blob, bool]:
    """Record a kept picture or video; the second value is False when it had been recorded before."""
    values = {
        "id": uuid7(),
        "created_at": utc_now(),
        "org_id": actor.org_id,
        "sha256": sha256,
        "stored_sha256": image.sha256,
        "media_type": image.media_type,
        "size": len(image.data),
        "width": image.width,
        "height": image.height,
        "uploaded_by": actor.account_id,
    }
    insert = insert_into(session, Blob).values(values)
    is_new = bool(session.execute(insert.on_conflict_do_nothing().returning(col(Blob.id))).all())
    if is_new:
        audit.record(session, actor, "blob.stored", "blob", sha256=sha256, size=len(image.data))
    else:
        _point_to(session, actor, sha256, image.sha256)
    blob = repository.blob(session, actor.org_id, sha256)
    if blob is None:
        raise NotFoundError("No such picture.")
    return blob, is_new


def readable(session: Session, actor: Actor, sha256: str) -> Blob:
    """A picture of a job the actor may see, or one they uploaded; NotFoundError otherwise."""
    blob = repository.blob(session, actor.org_id, sha256)
    if blob is None:
        raise NotFoundError("No such picture.")
    if actor.account_id is not None and blob.uploaded_by == actor.account_id:
        return blob
    job_ids: list[uuid.UUID] = list(repository.jobs_showing(session, actor.org_id, sha256))
    if not jobs.visible_ids(session, actor, job_ids):
        raise NotFoundError("No such picture.")
    return blob


def forget_unshown(session: Session, org_id: uuid.UUID, hashes: Iterable[str]) -> list[str]:
    """Drop the records of customers' uploads that no work shows; the files to remove afterwards."""
    files = []
    for sha256 in hashes:
        blob = repository.blob(session, org_id, sha256)
        if blob is None or blob.uploaded_by is not None:
            continue
        if repository.jobs_showing(session, org_id, sha256):
            continue
        session.delete(blob)
        session.flush()
        if not repository.is_stored_elsewhere(session, blob.stored_sha256):
            files.append(blob.stored_sha256)
    return files


def _point_to(session: Session, actor: Actor, sha256: str, stored_sha256: str) -> None:
    """An upload repeated after its file was lost is stored anew, perhaps by another encoder."""
    update = sa.update(Blob).where(col(Blob.org_id) == actor.org_id, col(Blob.sha256) == sha256)
    session.execute(update.values(stored_sha256=stored_sha256))
