"""Moving a visit to another day over HTTP: where it could go with which price, and putting it there."""

import datetime as dt
import uuid
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.booking.asked import Slot
from backend.db.session import Database
from backend.live import openings
from backend.live.asked import Opening
from backend.live.desk import RemedyDesk
from backend.live.openings import Move, Moved, Named
from backend.live.wire import ChangedRead, ChangeRead, ChangeWanted, change_read, chosen_of
from backend.sync.schemas import Span
from backend.web.schemas import Body, Instant, Reply, Version

Db = NamedDependency[Database]
Who = NamedDependency[Actor]


class OpeningRead(Reply):
    """The cheapest place with a technician for one window.

    `price_fen` is what serving the visit there costs that day. `changes` are the places of all that would
    change, the visit's own among them, and `promises_moved` counts announced visits of others that come at a
    noticeably other time; both only where one technician was asked about.
    """

    technician_id: uuid.UUID
    window: Span
    start: dt.datetime
    price_fen: int
    promises_moved: int
    changes: list[ChangeRead]


class OpeningsRead(Reply):
    """Places for a visit on a day; without any, `reason` {code, data} says why not."""

    version: int
    openings: list[OpeningRead]
    reason: dict[str, Any] | None


class MoveWanted(Body):
    """A visit's new window and the places of all that change; without its own, nobody is to have it."""

    version: Version
    window_start: Instant
    window_end: Instant
    changes: Annotated[list[ChangeWanted], msgspec.Meta(max_length=200)]


class BackRead(Reply):
    """What takes a move back, as it is to be sent."""

    version: int
    window_start: dt.datetime
    window_end: dt.datetime
    changes: list[ChangeRead]


class VisitMoved(Reply):
    """The jobs that changed with the versions they have now, and what takes it back."""

    jobs: list[ChangedRead]
    back: BackRead


@get("/jobs/{job_id:uuid}/openings", operation_id="listOpenings")
async def list_openings(
    db: Db,
    actor: Who,
    remedies: NamedDependency[RemedyDesk],
    job_id: FromPath[uuid.UUID],
    day: Annotated[dt.date, QueryParameter()],
    technician_id: Annotated[uuid.UUID | None, QueryParameter()] = None,
) -> OpeningsRead:
    """Where a visit could go on a day, with the price; with one technician, also what it would change."""
    asked = await db.read(openings.question, actor, job_id, day, technician_id)
    if asked.question is None:
        return OpeningsRead(asked.version, [], {"code": asked.reason, "data": {}})
    found = await remedies.openings(asked.question)
    return OpeningsRead(asked.version, [_opening(each, asked.named) for each in found.found], found.reason)


@post("/jobs/{job_id:uuid}/openings", operation_id="moveVisit", status_code=200)
async def move_visit(
    db: Db,
    actor: Who,
    job_id: FromPath[uuid.UUID],
    data: JSONBody[MoveWanted],
) -> VisitMoved:
    """Move a visit, all of it or nothing; 409 `stale` names what has changed meanwhile."""
    slot = Slot(data.window_start, data.window_end)
    return _moved(
        await db.write(openings.move, actor, job_id, Move(data.version, slot, chosen_of(data.changes)))
    )


def _opening(opening: Opening, named: Named) -> OpeningRead:
    remedy = opening.remedy
    return OpeningRead(
        technician_id=opening.technician_id,
        window=Span(opening.slot.start_at, opening.slot.end_at),
        start=opening.start_at,
        price_fen=opening.price_fen,
        promises_moved=remedy.promises_moved if remedy else 0,
        changes=[change_read(each, *named[each.job_id]) for each in remedy.changes] if remedy else [],
    )


def _moved(moved: Moved) -> VisitMoved:
    back, names = moved.back, {job_id: (version, number) for job_id, number, version in moved.changed}
    return VisitMoved(
        [ChangedRead(*each) for each in moved.changed],
        BackRead(
            back.version,
            back.slot.start_at,
            back.slot.end_at,
            [change_read(each, *names[each.job_id]) for each in back.chosen.assignments],
        ),
    )


ROUTES = (list_openings, move_visit)
