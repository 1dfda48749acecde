"""Conflicts from phones over HTTP: both values, whose and when, and the decision for one."""

import datetime as dt
import uuid

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.live import conflicts
from backend.live.conflicts import Kept
from backend.web.schemas import Body, Reply, Version

Db = NamedDependency[Database]
Who = NamedDependency[Actor]


class ValueRead(Reply):
    """What somebody wrote, and when, where that is known."""

    value: str
    by: str
    at: str | None


class ConflictRead(Reply):
    """A field that was written twice: the value that stands and the one that came from a phone later."""

    id: uuid.UUID
    job_id: uuid.UUID
    number: str
    version: int
    field: str
    standing: ValueRead
    came: ValueRead
    noticed_at: dt.datetime


class ConflictSettle(Body):
    """Which value is kept, as decided on this version of the job."""

    keep: Kept
    version: Version


@get("/conflicts", operation_id="listConflicts")
async def list_conflicts(db: Db, actor: Who) -> list[ConflictRead]:
    """Fields the office and a phone wrote without knowing of each other, the oldest first."""
    return [
        ConflictRead(
            row.id,
            job.id,
            job.number,
            job.version,
            row.field,
            _value(row.standing),
            _value(row.came),
            row.created_at,
        )
        for row, job in await db.read(conflicts.listed, actor)
    ]


@post("/conflicts/{conflict_id:uuid}/settle", operation_id="settleConflict", status_code=204)
async def settle_conflict(
    db: Db, actor: Who, conflict_id: FromPath[uuid.UUID], data: JSONBody[ConflictSettle]
) -> None:
    """Keep one of the two values; 409 `edited_by_both` when the phone wrote it again meanwhile."""
    await db.write(conflicts.settle, actor, conflict_id, data.keep, data.version)


def _value(side: dict[str, str]) -> ValueRead:
    return ValueRead(side.get("value", ""), side.get("by", ""), side.get("at"))


ROUTES = (list_conflicts, settle_conflict)
