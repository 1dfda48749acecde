"""Conflicts over one field: both values stay until somebody who has seen both decides."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.jobs.models import Job
from backend.sync.models import FieldConflict

MOST = 500


def record(
    session: Session,
    *,
    org_id: uuid.UUID,
    job_id: uuid.UUID,
    field: str,
    command: tuple[uuid.UUID, uuid.UUID],
    standing: dict[str, str],
    came: dict[str, str],
) -> None:
    """Keep both values; `command` is the phone's command and whose it is, for which this happens once."""
    command_id, account_id = command
    row = FieldConflict(
        org_id=org_id,
        job_id=job_id,
        field=field,
        command_id=command_id,
        account_id=account_id,
        standing=standing,
        came=came,
    )
    session.add(row)
    session.flush()


def open_ones(session: Session, job_id: uuid.UUID) -> Sequence[FieldConflict]:
    """Conflicts nobody has decided, oldest first."""
    query = select(FieldConflict).where(
        FieldConflict.job_id == job_id, col(FieldConflict.settled_at).is_(None)
    )
    return session.exec(query.order_by(col(FieldConflict.id))).all()


def open_among(session: Session, visible: sa.ColumnElement[bool]) -> list[tuple[FieldConflict, Job]]:
    """Conflicts nobody has decided among the jobs a row rule lets through, oldest first."""
    query = (
        sa.select(FieldConflict, Job)
        .join(Job, col(Job.id) == col(FieldConflict.job_id))
        .where(visible, col(FieldConflict.settled_at).is_(None))
        .order_by(col(FieldConflict.id))
        .limit(MOST)
    )
    return [(conflict, job) for conflict, job in session.execute(query)]


def open_one(
    session: Session, conflict_id: uuid.UUID, visible: sa.ColumnElement[bool]
) -> tuple[FieldConflict, Job]:
    """One that nobody has decided; NotFoundError when there is none among those jobs."""
    query = (
        sa.select(FieldConflict, Job)
        .join(Job, col(Job.id) == col(FieldConflict.job_id))
        .where(visible, col(FieldConflict.id) == conflict_id, col(FieldConflict.settled_at).is_(None))
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFoundError("No such conflict.")
    return found[0], found[1]


def came_values(session: Session, job_id: uuid.UUID, field: str) -> frozenset[str]:
    """What came in the conflicts over a field that nobody has decided."""
    return frozenset(str(row.came["value"]) for row in open_ones(session, job_id) if row.field == field)


def settle(session: Session, job_id: uuid.UUID, field: str) -> None:
    """Somebody has written the field since."""
    is_open = (col(FieldConflict.job_id) == job_id, col(FieldConflict.field) == field)
    statement = sa.update(FieldConflict).where(*is_open, col(FieldConflict.settled_at).is_(None))
    session.execute(statement.values(settled_at=utc_now()))
