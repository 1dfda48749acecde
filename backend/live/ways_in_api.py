"""Ways in for a job that nobody has, over HTTP: asked for, put into force in one call, taken back."""

import uuid
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.live import relaxations
from backend.live.asked import WayIn, WaysIn
from backend.live.desk import RemedyDesk
from backend.live.models import Relaxation
from backend.live.relaxations import Wanted
from backend.live.wire import ChangedRead, ChangeRead, ChangeWanted, change_read, chosen_of
from backend.web.schemas import Body, Line, Reply

Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Bend = Literal[
    "",
    "later_end",
    "earlier_start",
    "later_window",
    "earlier_window",
    "lower_skill",
    "no_certificate",
    "other_technicians",
    "part_in_van",
    "more_visits",
]
Subject = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\x00]*$")]


class WayInRead(Reply):
    """The smallest change of its kind that lets the job in; without a `bend` it fits as things are.

    `subject` is the technician, skill, certificate or vendor it is about; `amount` counts minutes, levels,
    pieces or visits. `price_fen` is what the day then costs more. One that `needs_reason` is an exception.
    """

    bend: str
    subject: str
    part: str
    amount: int
    price_fen: int
    promises_moved: int
    needs_reason: bool
    changes: list[ChangeRead]


class WaysInRead(Reply):
    """Ways in, the smallest first, and why the job has no place as things are: {code, data}."""

    ways: list[WayInRead]
    reason: dict[str, Any] | None


class WayInWanted(Body):
    """A way in as it was offered; an exception says why."""

    bend: Bend
    changes: Annotated[list[ChangeWanted], msgspec.Meta(min_length=1, max_length=500)]
    subject: Subject = ""
    part: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[^\x00]*$")] = ""
    amount: Annotated[int, msgspec.Meta(ge=0, le=1_440)] = 0
    reason: Line = ""


class RelaxationRead(Reply):
    """What gave way, by whom and why; `jobs` are those that changed, with the versions they have now."""

    id: uuid.UUID
    job_id: uuid.UUID
    bend: str
    subject: str
    amount: int
    reason: str
    made_by: str
    is_undone: bool
    jobs: list[ChangedRead]


@get("/jobs/{job_id:uuid}/ways-in", operation_id="listWaysIn")
async def list_ways_in(
    db: Db, actor: Who, remedies: NamedDependency[RemedyDesk], job_id: FromPath[uuid.UUID]
) -> WaysInRead:
    """The smallest changes that would let in a job that nobody has, each proven and priced."""
    asked, named = await db.read(relaxations.question, actor, job_id)
    return _ways_read(await remedies.ways_in(asked), named)


@post("/jobs/{job_id:uuid}/ways-in", operation_id="letIn", status_code=200)
async def let_in(
    db: Db, actor: Who, job_id: FromPath[uuid.UUID], data: JSONBody[WayInWanted]
) -> RelaxationRead:
    """Let it give way and put the job in, all of it or nothing; 409 `stale` names what changed meanwhile."""
    chosen = chosen_of(data.changes)
    wanted = Wanted(data.bend, data.subject, data.part, data.amount, data.reason, chosen)
    return _read(*await db.write(relaxations.apply, actor, job_id, wanted))


@post("/relaxations/{relaxation_id:uuid}/undo", operation_id="undoRelaxation", status_code=200)
async def undo(db: Db, actor: Who, relaxation_id: FromPath[uuid.UUID]) -> RelaxationRead:
    """Put back what gave way and take the job out again; 409 when it was changed since."""
    return _read(*await db.write(relaxations.undo, actor, relaxation_id))


def _ways_read(found: WaysIn, named: dict[uuid.UUID, tuple[int, str]]) -> WaysInRead:
    return WaysInRead([_way_read(each, named) for each in found.found], found.reason)


def _way_read(way: WayIn, named: dict[uuid.UUID, tuple[int, str]]) -> WayInRead:
    return WayInRead(
        bend=way.bend,
        subject=way.subject,
        part=way.part,
        amount=way.amount,
        price_fen=way.remedy.price_fen,
        promises_moved=way.remedy.promises_moved,
        needs_reason=way.bend in relaxations.EXCEPTIONS,
        changes=[
            change_read(each, *named[each.job_id]) for each in way.remedy.changes if each.job_id in named
        ],
    )


def _read(kept: Relaxation, jobs: list[tuple[uuid.UUID, str, int]]) -> RelaxationRead:
    return RelaxationRead(
        id=kept.id,
        job_id=kept.job_id,
        bend=kept.bend,
        subject=kept.subject,
        amount=kept.amount,
        reason=kept.reason,
        made_by=kept.made_by,
        is_undone=kept.undone_at is not None,
        jobs=[ChangedRead(*each) for each in jobs],
    )


ROUTES = (list_ways_in, let_in, undo)
