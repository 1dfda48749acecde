"""What an organisation holds itself to on a live day, and what was done for it, over HTTP."""

import datetime as dt
import uuid
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.live import replanning, rules
from backend.live.models import LiveRules
from backend.web.if_match import IfMatch, replace, tagged
from backend.web.schemas import Body, Fen, Reply

Db = NamedDependency[Database]
Who = NamedDependency[Actor]


class LiveRulesRead(Reply):
    """What the organisation holds itself to on a live day; see LiveRulesChange."""

    book_within_h: int | None
    warn_minutes: int
    is_replanning: bool
    freeze_minutes: int
    promise_budget: int
    most_fen: int


class LiveRulesChange(Body):
    """Hours until a report has a window (null: no limit) and how many minutes before a limit is told.

    With `is_replanning` the server gives jobs in trouble to others by itself: none that starts within
    `freeze_minutes`, moving at most `promise_budget` promises a day, for at most `most_fen` each.
    """

    book_within_h: Annotated[int, msgspec.Meta(ge=1, le=720)] | None
    warn_minutes: Annotated[int, msgspec.Meta(ge=5, le=1_440)]
    is_replanning: bool
    freeze_minutes: Annotated[int, msgspec.Meta(ge=0, le=1_440)]
    promise_budget: Annotated[int, msgspec.Meta(ge=0, le=1_000)]
    most_fen: Fen


@get("/live-rules", operation_id="getLiveRules")
async def get_live_rules(db: Db, actor: Who) -> Response[LiveRulesRead]:
    """What the organisation holds itself to on a live day."""
    return tagged(await db.read(_read_rules, actor))


@put("/live-rules", operation_id="changeLiveRules")
async def change_live_rules(
    db: Db, actor: Who, data: JSONBody[LiveRulesChange], if_match: IfMatch = ""
) -> Response[LiveRulesRead]:
    """Set what the organisation holds itself to on a live day, from now on."""
    return tagged(await db.write(replace, actor, if_match, data, _read_rules, _change_rules))


def _read_rules(session: Session, actor: Actor) -> LiveRulesRead:
    return _rules_read(rules.read(session, actor))


def _change_rules(session: Session, actor: Actor, wanted: LiveRulesChange) -> LiveRulesRead:
    return _rules_read(rules.change(session, actor, msgspec.structs.asdict(wanted)))


def _rules_read(kept: LiveRules) -> LiveRulesRead:
    return LiveRulesRead(**kept.model_dump(exclude={"org_id"}))


class ReplannedRead(Reply):
    """One thing the server did about a job in trouble, or did not.

    `outcome`: given, or why not: nobody, frozen, promises, too_dear.
    `changes`: {job_id, technician_id, start}.
    """

    at: dt.datetime
    job_id: uuid.UUID
    number: str
    trouble: str
    outcome: str
    price_fen: int
    promises_moved: int
    changes: list[dict[str, Any]]


@get("/replanned", operation_id="listReplanned")
async def list_replanned(
    db: Db,
    actor: Who,
    region_id: Annotated[uuid.UUID, QueryParameter()],
    day: Annotated[dt.date, QueryParameter()],
) -> list[ReplannedRead]:
    """What the server did by itself in a region's day and why, the newest first."""
    return [
        ReplannedRead(
            row.created_at,
            row.job_id,
            number,
            row.trouble,
            row.outcome,
            row.price_fen,
            row.promises_moved,
            list(row.changes),
        )
        for row, number in await db.read(replanning.logged, actor, region_id, day)
    ]


router = Router("/api", route_handlers=[get_live_rules, change_live_rules, list_replanned], tags=["live day"])
