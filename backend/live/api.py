"""The live day over HTTP: exceptions, remedies with their price, one call to put one into force."""

import datetime as dt
import uuid
from typing import Annotated, Any

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import BadInputError
from backend.live import absences, service
from backend.live.asked import Remedy
from backend.live.conflicts_api import ROUTES as CONFLICTS
from backend.live.desk import RemedyDesk
from backend.live.openings_api import ROUTES as OPENINGS
from backend.live.ways_in_api import ROUTES as WAYS_IN
from backend.live.wire import ChangedRead, ChangeRead, ChangeWanted, change_read, chosen_of
from backend.web.schemas import Body, Instant, Reply, Version

Db = NamedDependency[Database]
Who = NamedDependency[Actor]
RegionId = Annotated[uuid.UUID, QueryParameter()]
Day = Annotated[dt.date, QueryParameter()]


class ExceptionRead(Reply):
    """`kind`: no_show, late, off_duty, sla, declined, at_risk, overrun, no_position; `minutes`: by how much.

    `due_at` is the limit that is broken or about to be: the end of the promise, or when one is due.
    """

    kind: str
    job_id: uuid.UUID
    number: str
    technician_id: uuid.UUID | None
    minutes: int | None
    due_at: dt.datetime | None


class LeftRead(Reply):
    """A job the remedy takes back or finds no place for."""

    job_id: uuid.UUID
    number: str
    version: int
    reason: dict[str, Any]


class RemedyRead(Reply):
    """`code`: give, spread, leave. `price_fen` is what the day then costs more than as it is."""

    code: str
    price_fen: int
    promises_moved: int
    changes: list[ChangeRead]
    left: list[LeftRead]


class JobWanted(Body):
    job_id: uuid.UUID
    version: Version


class RemedyWanted(Body):
    """A remedy as it was offered: its changes, and in `take_back` the jobs it leaves."""

    changes: Annotated[list[ChangeWanted], msgspec.Meta(max_length=500)]
    take_back: Annotated[list[JobWanted], msgspec.Meta(max_length=500)] = msgspec.field(default_factory=list)


class Applied(Reply):
    """The jobs that changed; `jobs` has the versions they have now, which taking it back again asks for."""

    changed: list[uuid.UUID]
    jobs: list[ChangedRead]


class Absence(Body):
    """`since` missing: the whole day."""

    day: dt.date
    since: Instant | None = None


class AbsenceNoted(Reply):
    """How many visits somebody else has to make."""

    visits: int


@get("/exceptions", operation_id="listExceptions")
async def list_exceptions(db: Db, actor: Who, region_id: RegionId, day: Day) -> list[ExceptionRead]:
    """What has gone wrong in a region's day, the gravest first."""
    found = await db.read(service.exceptions, actor, region_id, day)
    return [
        ExceptionRead(each.kind, each.job_id, each.number, each.technician_id, each.minutes, each.due_at)
        for each in found
    ]


@get("/remedies", operation_id="listRemedies")
async def list_remedies(
    db: Db,
    actor: Who,
    remedies: NamedDependency[RemedyDesk],
    region_id: RegionId,
    day: Day,
    job_id: Annotated[uuid.UUID | None, QueryParameter()] = None,
    technician_id: Annotated[uuid.UUID | None, QueryParameter()] = None,
) -> list[RemedyRead]:
    """What could be done about one job, or about all that a technician still has, each with its price."""
    if (job_id is None) == (technician_id is None):
        raise BadInputError("Ask about a job or about a technician.", code="bad_question")
    wanted = [job_id] if job_id is not None else []
    if technician_id is not None:
        wanted = await db.read(service.jobs_of, actor, region_id, day, technician_id)
    asked, named = await db.read(service.question, actor, region_id, day, wanted)
    found = await remedies.ask(asked) if wanted else ()
    return [_remedy_read(each, named) for each in found]


@post("/remedies", operation_id="applyRemedy", status_code=200)
async def apply_remedy(db: Db, actor: Who, data: JSONBody[RemedyWanted]) -> Applied:
    """Put a remedy into force, all of it or nothing; 409 `stale` names what has changed meanwhile."""
    chosen = chosen_of(data.changes, {each.job_id: each.version for each in data.take_back})
    return _applied(await db.write(service.apply, actor, chosen))


@post("/technicians/{technician_id:uuid}/absence", operation_id="noteAbsence", status_code=200)
async def note_absence(
    db: Db, actor: Who, technician_id: FromPath[uuid.UUID], data: JSONBody[Absence]
) -> AbsenceNoted:
    """Note an illness or an early leave: the shift of the day ends, and its visits are exceptions."""
    return AbsenceNoted(await db.write(absences.note, actor, technician_id, data.day, data.since))


class ShiftBack(Reply):
    start: dt.datetime
    end: dt.datetime


@delete("/technicians/{technician_id:uuid}/absence", operation_id="takeBackAbsence", status_code=200)
async def take_back_absence(db: Db, actor: Who, technician_id: FromPath[uuid.UUID], day: Day) -> ShiftBack:
    """Take an absence back: the shift is as it was; 409 `shift_changed` when it was changed since."""
    shift = await db.write(absences.take_back, actor, technician_id, day)
    return ShiftBack(shift.starts_at, shift.ends_at)


def _applied(jobs: list[tuple[uuid.UUID, str, int]]) -> Applied:
    return Applied([job_id for job_id, _, _ in jobs], [ChangedRead(*each) for each in jobs])


def _remedy_read(remedy: Remedy, named: dict[uuid.UUID, tuple[int, str]]) -> RemedyRead:
    return RemedyRead(
        code=remedy.code,
        price_fen=remedy.price_fen,
        promises_moved=remedy.promises_moved,
        changes=[change_read(each, *named[each.job_id]) for each in remedy.changes if each.job_id in named],
        left=[
            LeftRead(each.job_id, named[each.job_id][1], named[each.job_id][0], each.reason)
            for each in remedy.left
            if each.job_id in named
        ],
    )


router = Router(
    "/api",
    route_handlers=[
        *WAYS_IN,
        *OPENINGS,
        *CONFLICTS,
        list_exceptions,
        list_remedies,
        apply_remedy,
        note_absence,
        take_back_absence,
    ],
    tags=["live day"],
)
