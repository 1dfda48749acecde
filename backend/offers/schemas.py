"""Wire types of offers."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

import msgspec

from backend.jobs.schemas import RefusedRead
from backend.offers.models import Answer, OfferMode, OfferState
from backend.web.schemas import Body, Instant, Reply, Text, Version

Minutes = Annotated[int, msgspec.Meta(ge=1, le=10_080)]
Reason = Literal["too_far", "no_skill", "no_part", "ill", "no_capacity", "other"]


class Whom(Body):
    """A technician with the start that is proposed, or a vendor."""

    technician_id: uuid.UUID | None = None
    vendor_id: uuid.UUID | None = None
    start: Instant | None = None


class OfferCreate(Body):
    """`candidates` in the order to ask them; without any, the `count` best of the ranking.

    `minutes` each has to answer; the organisation's rule, else 30, when left out.
    """

    version: Version
    mode: OfferMode
    minutes: Minutes | None = None
    candidates: Annotated[list[Whom], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)
    count: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5


class OfferedJob(Body):
    """A job as it was when the decision was made."""

    job_id: uuid.UUID
    version: Version


class OffersWanted(Body):
    """Several jobs, each to be offered to the `count` best of its own ranking."""

    jobs: Annotated[list[OfferedJob], msgspec.Meta(min_length=1, max_length=200)]
    mode: OfferMode
    minutes: Minutes | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5


class OfferedRead(Reply):
    """An offer that was made, and how many are on its list."""

    offer_id: uuid.UUID
    job_id: uuid.UUID
    candidates: int


class ManyOffers(Reply):
    """One answer for each job: an offer, or why there is none."""

    made: list[OfferedRead]
    refused: list[RefusedRead]


class OfferNo(Body):
    reason: Reason
    text: Text = ""


class RankedRead(Reply):
    """Somebody who could do the job; `why` has the price in fen and what else speaks for them."""

    technician_id: uuid.UUID | None
    vendor_id: uuid.UUID | None
    name: str
    start: dt.datetime | None
    why: dict[str, Any]


class CandidateRead(RankedRead):
    position: int
    answer: Answer
    expires_at: dt.datetime | None
    answered_at: dt.datetime | None
    reason: str
    text: str


class EntryRead(Reply):
    """One line of the log."""

    seq: int
    at: dt.datetime
    event: str
    position: int | None
    technician_id: uuid.UUID | None
    vendor_id: uuid.UUID | None
    actor_kind: str
    actor_name: str
    data: dict[str, Any]


class OfferRead(Reply):
    """An offer as the brand's dispatchers see it."""

    id: uuid.UUID
    job_id: uuid.UUID
    mode: OfferMode
    state: OfferState
    minutes: int
    created_by: str
    created_at: dt.datetime
    ended_at: dt.datetime | None
    candidates: list[CandidateRead]
    log: list[EntryRead]


class AskedRead(Reply):
    """What somebody who is asked sees: the work, where about and when, what it pays; not whose door it is."""

    offer_id: uuid.UUID
    job_id: uuid.UUID
    type: str
    product_name: str
    product_name_en: str
    community: str
    district: str
    window_start: dt.datetime | None
    window_end: dt.datetime | None
    start: dt.datetime | None
    service_s: int
    expires_at: dt.datetime | None
    pays_fen: int | None


class AnsweredRead(Reply):
    """What became of an answer: `job_id` is in one's list once it was accepted."""

    offer_id: uuid.UUID
    job_id: uuid.UUID
    state: OfferState
