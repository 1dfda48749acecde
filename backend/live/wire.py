"""Wire types that remedies and ways in share: a job's new place, as it is offered and as it is wanted."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from backend.errors import BadInputError
from backend.jobs.assignment import Assignment
from backend.live.asked import Change
from backend.live.service import Chosen
from backend.web.schemas import Body, Instant, Reply, Version


class ChangeRead(Reply):
    """A job's new place in the day, and the version it was worked out from."""

    job_id: uuid.UUID
    number: str
    version: int
    technician_id: uuid.UUID
    arrive: dt.datetime
    start: dt.datetime
    end: dt.datetime
    travel_s: int
    travel_m: int


class ChangeWanted(Body):
    job_id: uuid.UUID
    version: Version
    technician_id: uuid.UUID
    arrive: Instant
    start: Instant
    end: Instant
    travel_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    travel_m: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0


class ChangedRead(Reply):
    """A job that changed, and the version it has now."""

    job_id: uuid.UUID
    number: str
    version: int


def change_read(change: Change | Assignment, version: int, number: str) -> ChangeRead:
    return ChangeRead(
        job_id=change.job_id,
        number=number,
        version=version,
        technician_id=change.technician_id,
        arrive=change.arrive_at,
        start=change.start_at,
        end=change.end_at,
        travel_s=change.travel_s,
        travel_m=change.travel_m,
    )


def chosen_of(changes: Sequence[ChangeWanted], take_back: Mapping[uuid.UUID, int] | None = None) -> Chosen:
    """What somebody decided for; BadInputError `bad_remedy` for a visit that ends before it starts."""
    if any(not each.arrive <= each.start < each.end for each in changes):
        raise BadInputError("A visit ends after it starts.", code="bad_remedy")
    assignments = [
        Assignment(
            each.job_id, each.technician_id, each.arrive, each.start, each.end, each.travel_s, each.travel_m
        )
        for each in changes
    ]
    back = dict(take_back or {})
    return Chosen(assignments, list(back), {each.job_id: each.version for each in changes} | back)
