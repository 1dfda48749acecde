"""Ratings and complaints over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.ratings import complaints, rules, service
from backend.ratings.complaints import Complaint
from backend.ratings.models import ComplaintRules, Rating
from backend.web.if_match import IfMatch, replace, tagged
from backend.web.schemas import Body, Page, Reply

Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200)]
After = Annotated[uuid.UUID | None, QueryParameter(name="after")]
Said = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class RatingRead(Reply):
    """A customer's word on one visit; `photos` are at `/api/blobs/{sha256}`."""

    id: uuid.UUID
    job_id: uuid.UUID
    job_number: str
    technician_id: uuid.UUID
    stars: int
    nps: int | None
    tags: list[str]
    text: str
    photos: list[str]
    created_at: dt.datetime


class FollowUpRead(Reply):
    """A complaint: of a rating, or said on the phone in `text`.

    `due_at` is the limit it waits for: `answer_by`, and once answered `resolve_by`. `is_escalated` tells that
    the office was warned of it.
    """

    id: uuid.UUID
    job_id: uuid.UUID
    job_number: str
    due_at: dt.datetime
    answer_by: dt.datetime
    resolve_by: dt.datetime
    answered_at: dt.datetime | None
    answered_by: str
    is_overdue: bool
    is_escalated: bool
    text: str
    rating: RatingRead | None


class ComplaintTake(Body):
    """What the customer says, in their words. `key` makes sending it twice harmless: the first one stands."""

    key: uuid.UUID
    text: Said


class ComplaintRulesWrite(Body):
    """Working hours until a complaint is answered and settled, and which hours those are.

    `weekdays` are 0 (Monday) to 6; `calendar` is the ISO code of the country whose holidays count, or "".
    """

    answer_h: Annotated[int, msgspec.Meta(ge=1, le=80)]
    resolve_h: Annotated[int, msgspec.Meta(ge=1, le=400)]
    warn_minutes: Annotated[int, msgspec.Meta(ge=0, le=1440)]
    weekdays: Annotated[
        list[Annotated[int, msgspec.Meta(ge=0, le=6)]], msgspec.Meta(min_length=1, max_length=7)
    ]
    open_from_h: Annotated[int, msgspec.Meta(ge=0, le=23)]
    open_until_h: Annotated[int, msgspec.Meta(ge=1, le=24)]
    calendar: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{2,3})?$")]
    ask_after_days: Annotated[int, msgspec.Meta(ge=1, le=3)]


class ComplaintRulesRead(Reply):
    answer_h: int
    resolve_h: int
    warn_minutes: int
    weekdays: list[int]
    open_from_h: int
    open_until_h: int
    calendar: str
    ask_after_days: int


class FollowUpClose(Body):
    outcome: Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^[^\x00]*$")]


def _rating(rating: Rating, job: Job, photos: dict[uuid.UUID, list[str]]) -> RatingRead:
    return RatingRead(
        rating.id, job.id, job.number, rating.technician_id, rating.stars, rating.nps,
        list(rating.tags), rating.text, photos.get(job.id, []), rating.created_at,
    )  # fmt: skip


def _ratings(session: Session, actor: Actor, after: uuid.UUID | None, limit: int) -> list[RatingRead]:
    rows = service.list_ratings(session, actor, after, limit)
    photos = service.photos_of(session, [job.id for _, job in rows])
    return [_rating(rating, job, photos) for rating, job in rows]


def _follow_ups(session: Session, actor: Actor) -> list[FollowUpRead]:
    found = complaints.open_ones(session, actor)
    photos = service.photos_of(session, [one.job.id for one in found])
    return [_follow_up(one, photos) for one in found]


def _follow_up(one: Complaint, photos: dict[uuid.UUID, list[str]]) -> FollowUpRead:
    row = one.row
    return FollowUpRead(
        row.id, one.job.id, one.job.number, one.due_at, row.due_at, row.resolve_by, row.answered_at,
        row.answered_by, one.due_at < utc_now(), row.escalated_at is not None, row.text,
        _rating(one.rating, one.job, photos) if one.rating else None,
    )  # fmt: skip


def _take(session: Session, actor: Actor, job_id: uuid.UUID, said: ComplaintTake) -> FollowUpRead:
    return _follow_up(complaints.take(session, actor, job_id, said.key, said.text), {})


def _rules(row: ComplaintRules) -> ComplaintRulesRead:
    values = {name: getattr(row, name) for name in ComplaintRulesRead.__struct_fields__}
    return ComplaintRulesRead(**{**values, "weekdays": list(row.weekdays)})


def _read_rules(session: Session, actor: Actor) -> ComplaintRulesRead:
    return _rules(rules.read(session, actor))


def _write_rules(session: Session, actor: Actor, wanted: ComplaintRulesWrite) -> ComplaintRulesRead:
    return _rules(rules.write(session, actor, wanted))


@get("/ratings", operation_id="listRatings")
async def list_ratings(
    db: NamedDependency[Database], actor: NamedDependency[Actor], after: After = None, limit: Limit = 50
) -> Page[RatingRead]:
    """What customers say, newest first; a vendor sees its own visits'."""
    rows = await db.read(_ratings, actor, after, limit)
    return Page(rows, str(rows[-1].id) if len(rows) == limit else None)


@get("/follow-ups", operation_id="listFollowUps")
async def list_follow_ups(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[FollowUpRead]:
    """Complaints that wait to be answered or settled, the most urgent first."""
    return await db.read(_follow_ups, actor)


@post("/follow-ups/{follow_up_id:uuid}/close", operation_id="closeFollowUp", status_code=204)
async def close_follow_up(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    follow_up_id: FromPath[uuid.UUID],
    data: JSONBody[FollowUpClose],
) -> None:
    """Close a complaint that is settled, and say what came of it."""
    await db.write(complaints.settle, actor, follow_up_id, data.outcome)


@post("/follow-ups/{follow_up_id:uuid}/answer", operation_id="answerFollowUp", status_code=204)
async def answer_follow_up(
    db: NamedDependency[Database], actor: NamedDependency[Actor], follow_up_id: FromPath[uuid.UUID]
) -> None:
    """Note that the customer was called and knows what is done; 409 `answered` when they were before."""
    await db.write(complaints.answer, actor, follow_up_id)


@post("/jobs/{job_id:uuid}/complaints", operation_id="takeComplaint", status_code=201)
async def take_complaint(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[ComplaintTake],
) -> FollowUpRead:
    """Take a complaint made on the phone; the customer is told until when they are called."""
    return await db.write(_take, actor, job_id, data)


@get("/complaint-rules", operation_id="readComplaintRules")
async def get_rules(
    db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[ComplaintRulesRead]:
    """How soon complaints are answered and settled, and when customers are asked how it was."""
    return tagged(await db.read(_read_rules, actor))


@put("/complaint-rules", operation_id="setComplaintRules")
async def put_rules(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    data: JSONBody[ComplaintRulesWrite],
    if_match: IfMatch = "",
) -> Response[ComplaintRulesRead]:
    """Set the rules for complaints; complaints that are here keep their limits."""
    return tagged(await db.write(replace, actor, if_match, data, _read_rules, _write_rules))


router = Router(
    "/api",
    route_handlers=[
        list_ratings,
        list_follow_ups,
        close_follow_up,
        answer_follow_up,
        take_complaint,
        get_rules,
        put_rules,
    ],
    tags=["ratings"],
)
