"""Ratings and the calls they are owed, over HTTP."""

import datetime as dt
import uuid
from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.ratings import service
from backend.ratings.models import Rating
from backend.web.schemas import Body, Page, Reply, Text

Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200)]
After = Annotated[uuid.UUID | None, QueryParameter(name="after")]


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
    """A call that is owed, with what the customer said."""

    id: uuid.UUID
    due_at: dt.datetime
    is_overdue: bool
    rating: RatingRead


class FollowUpClose(Body):
    outcome: Text


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
    now, found = utc_now(), service.open_follow_ups(session, actor)
    photos = service.photos_of(session, [job.id for _, _, job in found])
    return [
        FollowUpRead(row.id, row.due_at, row.due_at < now, _rating(rating, job, photos))
        for row, rating, job in found
    ]


@get("/ratings", operation_id="listRatings")
async def list_ratings(
    db: NamedDependency[Database], actor: NamedDependency[Actor], after: After = None, limit: Limit = 50
) -> Page[RatingRead]:
    """What customers say, newest first; a vendor sees its own visits'."""
    rows = await db.read(_ratings, actor, after, limit)
    return Page(rows, str(rows[-1].id) if len(rows) == limit else None)


@get("/follow-ups", operation_id="listFollowUps")
async def list_follow_ups(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> list[FollowUpRead]:
    """Customers who were not content and are owed a call, the most urgent first."""
    return await db.read(_follow_ups, actor)


@post("/follow-ups/{follow_up_id:uuid}/close", operation_id="closeFollowUp", status_code=204)
async def close_follow_up(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    follow_up_id: FromPath[uuid.UUID],
    data: JSONBody[FollowUpClose],
) -> None:
    """The customer was called; say what came of it."""
    await db.write(service.close_follow_up, actor, follow_up_id, data.outcome)


router = Router("/api", route_handlers=[list_ratings, list_follow_ups, close_follow_up], tags=["ratings"])
