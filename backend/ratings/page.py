"""The customer's rating behind the signed link: two plain forms."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import NotFoundError
from backend.evidence import blobs
from backend.evidence.images import NotAnImageError
from backend.evidence.store import LocalBlobStore
from backend.jobs import service as jobs
from backend.ratings import complaints, service
from backend.ratings.models import Rating
from backend.ratings.service import BAD_TAGS, GOOD_TAGS, NotRatableError, Verdict
from backend.settings import Settings
from backend.tracking.linked_page import LinkedPage, linked_pages
from backend.tracking.view import service_text
from backend.tracking.words import day_text

MOST_PICTURE_BYTES, MOST_UPLOAD_BYTES = 8 * 1024 * 1024, 26_000_000
# Decoding takes CPU and memory: one picture at a time.
_decoder = ThreadPoolExecutor(1, "rating-image")


@dataclass(frozen=True)
class Standing:
    """What a customer said already, whether they may, and until when they are called about it."""

    rating: Rating | None
    is_ratable: bool
    call_by: dt.datetime | None


def standing(session: Session, customer: Actor) -> Standing:
    """How the rating of a customer's visit stands."""
    if customer.job_id is None:
        raise NotFoundError("No such job.")
    job = jobs.get(session, customer, customer.job_id)
    rating = service.rating_of(session, job)
    call_by = complaints.answered_by(session, rating.id) if rating else None
    return Standing(rating, service.is_ratable(session, job), call_by)


@dataclass(frozen=True)
class Rater:
    """A customer at the page where they rate their visit."""

    at: LinkedPage
    standing: Standing

    def show(self, *, alert: str = "", typed: Verdict | None = None, status: int = 200) -> Response[Any]:
        """The form with what was typed, or the thanks; the way back where there is nothing to rate."""
        at, known = self.at, self.standing
        if known.rating is None and not known.is_ratable:
            return at.go()
        return at.show(
            "ratings/rate.html",
            status=status,
            service=service_text(at.facts, at.language),
            rating=known.rating,
            call_by=self._call_by(),
            tags=(*GOOD_TAGS, *BAD_TAGS),
            typed=typed or Verdict(0),
            alert=at.words[alert] if alert else "",
        )

    def _call_by(self) -> str:
        """Until when somebody who was not content is called; "" for all others."""
        if self.standing.call_by is None:
            return ""
        local = self.standing.call_by.astimezone(ZoneInfo(self.at.facts.zone))
        return f"{day_text(local.date(), dt.date.min, self.at.language)} {local:%H:%M}"

    async def keep(self, deed: Awaitable[object]) -> Response[Any]:
        """Write it down and go to a page that can be reloaded."""
        try:
            await deed
        except NotRatableError:
            return self.at.go()
        return self.at.go("/rate")


async def provide_rater(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Rater:
    """Who rates, and what they said already."""
    return Rater(at, await db.read(standing, at.customer))


@get("/{token:str}/rate")
async def rate_page(rater: NamedDependency[Rater]) -> Response[Any]:
    """The form, or the thanks and the one question that follows."""
    return rater.show()


@post("/{token:str}/rate", request_max_body_size=MOST_UPLOAD_BYTES)
async def send_rating(
    rater: NamedDependency[Rater], db: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Response[Any]:
    """Keep what the customer says of the visit, once."""
    form, customer = await rater.at.request.form(), rater.at.customer
    stars = _number(str(form.get("stars", "")), 1, 5)
    tags = tuple(str(tag) for tag in form.getall("tags", []))
    verdict = Verdict(stars or 0, tags, str(form.get("text", "")))
    if stars is None:
        return rater.show(alert="rate_missing", typed=verdict, status=422)
    reply = await rater.keep(db.write(service.rate, customer, verdict))
    for upload in form.getall("photos", [])[: service.MOST_PHOTOS]:
        await _keep_photo(db, settings, customer, upload)
    return reply


async def _keep_photo(db: Database, settings: Settings, actor: Actor, upload: object) -> None:
    """A picture beside the words; one that is none is left out, the rating counts all the same."""
    data = await upload.read() if isinstance(upload, UploadFile) else b""
    if not data or len(data) > MOST_PICTURE_BYTES:
        return
    loop, store = asyncio.get_running_loop(), LocalBlobStore(settings.blob_dir)
    try:
        image = await loop.run_in_executor(_decoder, blobs.keep, store, data)
    except NotAnImageError:
        return
    await db.write(service.keep_photo, actor, hashlib.sha256(data).hexdigest(), image)


@post("/{token:str}/rate/nps")
async def send_recommendation(rater: NamedDependency[Rater], db: NamedDependency[Database]) -> Response[Any]:
    """Keep whether the customer would recommend us."""
    nps = _number(str((await rater.at.request.form()).get("nps", "")), 0, 10)
    if nps is None:
        return rater.show(alert="nps_missing", status=422)
    return await rater.keep(db.write(service.recommend, rater.at.customer, nps))


def _number(text: str, least: int, most: int) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 2
    return int(text) if is_number and least <= int(text) <= most else None


router = linked_pages([rate_page, send_rating, send_recommendation], {"rater": Provide(provide_rater)})
