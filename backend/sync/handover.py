"""Taking in the file a phone exports when it cannot send: the same commands, each still once."""

import base64
import binascii
from typing import Any

import msgspec
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.auth.permissions import Permission
from backend.auth.service import actor_of
from backend.errors import BadInputError, DomainError, NotFoundError
from backend.evidence import blobs
from backend.evidence.images import CleanImage
from backend.evidence.store import BlobStore
from backend.sync import commands
from backend.sync.exported import ExportedFile, ExportedWork
from backend.sync.incoming import Incoming
from backend.sync.schemas import Command, CommandReply

COMMAND_FIELDS = ("id", "kind", "job_id", "device_at", "base_version", "payload", "skew_ms")


def require_taking(actor: Actor) -> None:
    """Raise ForbiddenError for those who do not supervise."""
    actor.require(Permission.JOB_SUPERVISE)


def begin(session: Session, actor: Actor, incoming: Incoming) -> Actor:
    """Leave in the audit who brings which file; the technician whose it is, as the actor of its work.

    Raises NotFoundError for another company's technician.
    """
    technician = _owner(session, actor, incoming.work)
    counts = {"operations": len(incoming.work.operations), "files": len(incoming.work.files)}
    named = {"sha256": incoming.sha256, "size": incoming.size}
    audit.record(session, actor, "work.brought", "technician", technician.technician_id, **named, **counts)
    return technician


def _owner(session: Session, actor: Actor, work: ExportedWork) -> Actor:
    technician_id = work.technician.id if work.technician else None
    query = select(Account).where(
        col(Account.org_id) == actor.org_id, col(Account.technician_id) == technician_id
    )
    account = session.exec(query).first() if technician_id else None
    if account is None:
        raise NotFoundError("The file is not from a phone of this company.")
    return actor_of(account, actor.request_id)


def picture(store: BlobStore, file: ExportedFile) -> CleanImage:
    """The file's picture, cleaned and stored; BadInputError or RejectedError when it is none."""
    try:
        data = base64.b64decode(file.base64, validate=True)
    except binascii.Error as error:
        raise BadInputError("A file in it is damaged.", code="damaged_file") from error
    blobs.check_hash(data, file.sha256)
    return blobs.keep(store, data)


def take(session: Session, technician: Actor, operation: dict[str, Any]) -> tuple[str, CommandReply]:
    """Do one operation of the file as the technician; returns its id as written and the typed reply."""
    name = str(operation.get("id", ""))
    try:
        fields = {key: operation[key] for key in COMMAND_FIELDS if operation.get(key) is not None}
        command = msgspec.convert(fields, Command)
    except msgspec.ValidationError as error:
        return name, CommandReply("rejected", "bad_operation", str(error)[:300])
    try:
        with session.begin_nested():
            _, encoded, _ = commands.execute(session, technician, command)
    except DomainError as error:
        return name, commands.refuse(error)[1]
    return name, msgspec.json.decode(encoded, type=CommandReply)


def record(session: Session, actor: Actor, technician: Actor, counts: dict[str, int]) -> None:
    """Leave in the audit what became of the file."""
    audit.record(session, actor, "work.handed_over", "technician", technician.technician_id, **counts)
