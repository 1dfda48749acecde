"""Offers over HTTP: dispatchers make them, technicians and vendors answer."""

import uuid
from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.offers import desk, many
from backend.offers.schemas import (
    AnsweredRead,
    AskedRead,
    ManyOffers,
    OfferCreate,
    OfferNo,
    OfferRead,
    OffersWanted,
    RankedRead,
)
from backend.web.schemas import Page

Db = NamedDependency[Database]
Who = NamedDependency[Actor]


@get("/jobs/{job_id:uuid}/candidates", operation_id="rankCandidates")
async def rank_candidates(db: Db, actor: Who, job_id: FromPath[uuid.UUID]) -> list[RankedRead]:
    """Who could do a job, in the order to ask them, and why."""
    return await db.read(desk.rank, actor, job_id)


@get("/jobs/{job_id:uuid}/offers", operation_id="listJobOffers")
async def list_job_offers(db: Db, actor: Who, job_id: FromPath[uuid.UUID]) -> list[OfferRead]:
    """Every offer there has been of a job, newest first, each with its log."""
    return await db.read(desk.of_job, actor, job_id)


@post("/jobs/{job_id:uuid}/offers", operation_id="offerJob", status_code=201)
async def offer_job(
    db: Db, actor: Who, job_id: FromPath[uuid.UUID], data: JSONBody[OfferCreate]
) -> OfferRead:
    """Offer a job to a list: one after the other, or to all at once; whoever accepts first has it."""
    return await db.write(desk.create, actor, job_id, data)


@post("/offers/many", operation_id="offerJobs", status_code=200)
async def offer_jobs(db: Db, actor: Who, data: JSONBody[OffersWanted]) -> ManyOffers:
    """Offer several jobs at once; each is offered or refused by itself."""
    return await many.create(db, actor, data)


@get("/offers", operation_id="listOffers")
async def list_offers(
    db: Db, actor: Who, region_id: Annotated[uuid.UUID | None, QueryParameter()] = None
) -> Page[OfferRead]:
    """Offers that are out, oldest first."""
    return Page(await db.read(desk.out, actor, region_id), next=None)


@get("/offers/mine", operation_id="listMyOffers")
async def list_my_offers(db: Db, actor: Who) -> list[AskedRead]:
    """What waits for one's own answer, the most urgent first; for technicians and vendors."""
    return await db.read(desk.asking, actor)


@get("/offers/held", operation_id="listHeldOffers")
async def list_held_offers(db: Db, actor: Who) -> list[AskedRead]:
    """What one's vendor has taken and given to nobody yet; for vendors' dispatchers."""
    return await db.read(desk.held, actor)


@post("/offers/{offer_id:uuid}/accept", operation_id="acceptOffer", status_code=200)
async def accept_offer(db: Db, actor: Who, offer_id: FromPath[uuid.UUID]) -> AnsweredRead:
    """Take the job. The first has it; everybody after gets 409 `offer_over`."""
    return await db.write(desk.accept, actor, offer_id)


@post("/offers/{offer_id:uuid}/decline", operation_id="declineOffer", status_code=200)
async def decline_offer(
    db: Db, actor: Who, offer_id: FromPath[uuid.UUID], data: JSONBody[OfferNo]
) -> AnsweredRead:
    """Say no, and why; the next on a ranked list is asked."""
    return await db.write(desk.decline, actor, offer_id, data.reason, data.text)


@post("/offers/{offer_id:uuid}/give-back", operation_id="giveBackOffer", status_code=200)
async def give_back(
    db: Db, actor: Who, offer_id: FromPath[uuid.UUID], data: JSONBody[OfferNo]
) -> AnsweredRead:
    """Return a job that a vendor has taken and given to nobody yet."""
    return await db.write(desk.give_back, actor, offer_id, data.reason, data.text)


@post("/offers/{offer_id:uuid}/withdraw", operation_id="withdrawOffer", status_code=200)
async def withdraw_offer(db: Db, actor: Who, offer_id: FromPath[uuid.UUID]) -> OfferRead:
    """Take an offer back."""
    return await db.write(desk.withdraw, actor, offer_id)


router = Router(
    "/api",
    route_handlers=[
        rank_candidates,
        list_job_offers,
        offer_job,
        offer_jobs,
        list_offers,
        list_my_offers,
        list_held_offers,
        accept_offer,
        decline_offer,
        give_back,
        withdraw_offer,
    ],
    tags=["offers"],
)
