"""Conflicts over one field: both values stay until somebody who has seen both decides."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.db.types import utc_now
from backend.sync.models import FieldConflict


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


def settle(session: Session, job_id: uuid.UUID, field: str) -> None:
    """Somebody has written the field since."""
    is_open = (col(FieldConflict.job_id) == job_id, col(FieldConflict.field) == field)
    statement = sa.update(FieldConflict).where(*is_open, col(FieldConflict.settled_at).is_(None))
    session.execute(statement.values(settled_at=utc_now()))
