"""The ordered change feed that phones, boards, customers' pages and webhooks read.

A cursor is `txid.seq`. On PostgreSQL a reader stops before the oldest transaction that may still commit
(`pg_snapshot_xmin`), because sequence order is not commit order; SQLite has one writer, there the two agree.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit.models import Change
from backend.db.session import TOUCHED

CHANNEL = "shangmen_feed"
PAGE = 500
TXID = col(Change.txid)
SEQ: sa.ColumnElement[int] = sa.type_coerce(col(Change.seq), sa.BigInteger)


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the feed; everything at or before it has been seen."""

    txid: int = 0
    seq: int = 0

    def __str__(self) -> str:
        return f"{self.txid}.{self.seq}"

    @classmethod
    def parse(cls, text: str | None) -> "Cursor | None":
        """Read a cursor as printed; None for anything else."""
        txid, dot, seq = (text or "").partition(".")
        if not dot or not (txid.isdecimal() and seq.isdecimal()) or len(txid) > 18 or len(seq) > 18:
            return None
        return cls(int(txid), int(seq))


@dataclass(frozen=True)
class FeedEntry:
    """One change as delivered: the record's identity and the audience, never its content."""

    cursor: Cursor
    org_id: uuid.UUID
    entity: str
    entity_id: uuid.UUID
    kind: str
    region_id: uuid.UUID | None
    technician_id: uuid.UUID | None
    vendor_id: uuid.UUID | None
    job_id: uuid.UUID | None


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def append_change(
    session: Session, org_id: uuid.UUID, entity: str, entity_id: uuid.UUID, **audience: Any
) -> None:
    """Add a change in the caller's transaction; `audience`: kind and region, technician, vendor, job ids."""
    values: dict[str, Any] = {"org_id": org_id, "entity": entity, "entity_id": entity_id, **audience}
    if _is_postgres(session):
        values["txid"] = sa.cast(sa.cast(sa.func.pg_current_xact_id(), sa.Text), sa.BigInteger)
        if TOUCHED not in session.info:
            session.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))
    session.execute(sa.insert(Change).values(**values))
    session.info[TOUCHED] = True


def after(cursor: Cursor) -> sa.ColumnElement[bool]:
    """Condition: later in the feed than the cursor."""
    return sa.tuple_(TXID, SEQ) > sa.tuple_(sa.literal(cursor.txid), sa.literal(cursor.seq))


def _horizon(session: Session) -> int | None:
    """The oldest transaction that may still commit; None where order of writing is order of commit."""
    if not _is_postgres(session):
        return None
    return int(
        session.execute(sa.text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")).scalar_one()
    )


def head(session: Session) -> Cursor:
    """The last place of the feed that is safe to resume from."""
    horizon = _horizon(session)
    query = sa.select(TXID, SEQ).order_by(TXID.desc(), SEQ.desc()).limit(1)
    if horizon is not None:
        query = query.where(sa.literal(horizon) > TXID)
    row = session.execute(query).first()
    return Cursor(*row) if row else Cursor()


def moment(session: Session, cursor: Cursor) -> dt.datetime | None:
    """When the change a cursor stands at was written; None for one that stands at none."""
    query = sa.select(col(Change.at)).where(sa.literal(cursor.txid) == TXID, sa.literal(cursor.seq) == SEQ)
    return session.execute(query).scalar_one_or_none()


def read_after(session: Session, cursor: Cursor, limit: int = PAGE) -> list[FeedEntry]:
    """The next changes of every organisation after `cursor`, in feed order."""
    columns = (
        TXID, SEQ, col(Change.org_id), col(Change.entity), col(Change.entity_id), col(Change.kind),
        col(Change.region_id), col(Change.technician_id), col(Change.vendor_id), col(Change.job_id),
    )  # fmt: skip
    horizon = _horizon(session)
    query = sa.select(*columns).where(after(cursor)).order_by(TXID, SEQ).limit(limit)
    if horizon is not None:
        query = query.where(sa.literal(horizon) > TXID)
    return [FeedEntry(Cursor(row[0], row[1]), *row[2:]) for row in session.execute(query)]
