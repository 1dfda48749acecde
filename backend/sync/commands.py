"""Taking in what phones send: each command takes effect once, whatever the network does to its replies.

The command's row, its effect and its reply are one transaction. A repeat finds the row and gets the stored
reply; a refused command keeps its refusal, so that a repeat is answered alike.
"""

import datetime as dt
import hashlib
import uuid
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.errors import (
    BadInputError,
    ConflictError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    RejectedError,
)
from backend.jobs import repository as jobs
from backend.jobs.field_versions import EditedByBothError
from backend.jobs.models import Job
from backend.sync import conflicts, effects
from backend.sync.models import Command as CommandRow
from backend.sync.schemas import Command, CommandReply, JobSheet
from backend.sync.sheets import build_sheets

Outcome = tuple[int, bytes, bool]


def refuse(error: DomainError) -> tuple[int, CommandReply]:
    """The typed reply to a command that was refused before it was looked at."""
    return error.status, CommandReply("rejected", error.code, error.detail, None, dict(error.extra))


def body_sha256(command: Command) -> str:
    """The same for every sending of one command."""
    return hashlib.sha256(msgspec.json.encode(command, order="sorted")).hexdigest()


def execute(session: Session, actor: Actor, command: Command) -> Outcome:
    """Apply a command; returns HTTP status, encoded CommandReply, and whether it was a repeat."""
    actor.require(Permission.PHONE_SYNC)
    actor = actor.at_device_time(_happened_at(command))
    if not _claim(session, actor, command):
        return _repeat(session, actor, command)
    status, reply = _apply(session, actor, command)
    encoded = msgspec.json.encode(reply)
    key = (col(CommandRow.id) == command.id, col(CommandRow.account_id) == actor.account_id)
    session.execute(sa.update(CommandRow).where(*key).values(http_status=status, reply=encoded.decode()))
    return status, encoded, False


def _skew_ms(command: Command) -> int | None:
    return None if command.skew_ms is msgspec.UNSET else command.skew_ms


def _happened_at(command: Command) -> dt.datetime:
    """The phone's clock, put right by what the phone knew of its error."""
    try:
        return command.device_at + dt.timedelta(milliseconds=_skew_ms(command) or 0)
    except OverflowError as error:
        raise BadInputError("The phone's clock is out of range.", code="bad_clock") from error


def _claim(session: Session, actor: Actor, command: Command) -> bool:
    """Insert the command's row; False when it is there already. A twin still under way is waited for."""
    statement = (
        insert_into(session, CommandRow)
        .values(
            id=command.id,
            account_id=actor.account_id,
            kind=command.kind,
            job_id=command.job_id,
            body_sha256=body_sha256(command),
            http_status=0,
            reply="",
            device_at=command.device_at,
            skew_ms=_skew_ms(command),
            received_at=utc_now(),
        )
        .on_conflict_do_nothing()
        .returning(col(CommandRow.id))
    )
    return session.execute(statement).first() is not None


def _repeat(session: Session, actor: Actor, command: Command) -> Outcome:
    row = session.get_one(CommandRow, (command.id, actor.account_id))
    if row.body_sha256 != body_sha256(command):
        raise RejectedError("This id was used for another command.", code="idempotency_mismatch")
    reply = msgspec.json.decode(row.reply, type=CommandReply)
    if reply.status == "accepted":
        reply.status = "duplicate"
    return row.http_status, msgspec.json.encode(reply), True


def _apply(session: Session, actor: Actor, command: Command) -> tuple[int, CommandReply]:
    try:
        with session.begin_nested():
            job = jobs.get_visible(session, actor, command.job_id, for_update=True)
            effects.apply(session, actor, job, command.kind, command.payload, command.base_version)
            session.flush()
    except DomainError as error:
        return _refusal(session, actor, command, error)
    except IntegrityError:
        return _refusal(session, actor, command, ConflictError("It clashes with something newer."))
    return 200, CommandReply("accepted", job=_sheet(session, actor, command))


def _refusal(
    session: Session, actor: Actor, command: Command, error: DomainError
) -> tuple[int, CommandReply]:
    session.expire_all()
    sheet = None if isinstance(error, NotFoundError) else _sheet(session, actor, command)
    theirs: dict[str, Any] = dict(error.extra)
    if isinstance(error, EditedByBothError):
        _keep_both(session, actor, command, error)
    if isinstance(error, ConflictError):
        return 409, CommandReply("conflict", error.code, error.detail, sheet, theirs)
    status = 404 if isinstance(error, NotFoundError) else 422
    return status, CommandReply("rejected", error.code, error.detail, sheet, theirs)


def _keep_both(session: Session, actor: Actor, command: Command, error: EditedByBothError) -> None:
    """What the phone wrote is not lost with the phone: the office sees both values."""
    job = session.get_one(Job, command.job_id)
    conflicts.record(
        session,
        org_id=job.org_id,
        job_id=job.id,
        field=error.extra["field"],
        command=(command.id, _account_id(actor)),
        standing={"value": error.extra["value"]},
        came={
            "value": error.came,
            "by": actor.name,
            "at": _happened_at(command).isoformat(),
        },
    )


def _account_id(actor: Actor) -> uuid.UUID:
    if actor.account_id is None:
        raise ForbiddenError("Only somebody who signed in sends commands.")
    return actor.account_id


def _sheet(session: Session, actor: Actor, command: Command) -> JobSheet | None:
    """The job as it now is; None once it is no longer the technician's (they have just declined it)."""
    query = sa.select(Job).where(col(Job.id) == command.job_id, jobs.visible_to(actor))
    job = session.scalars(query).first()
    return build_sheets(session, [job], actor)[0] if job else None
