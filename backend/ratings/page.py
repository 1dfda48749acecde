"""The customer's rating behind the signed link: two plain forms."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
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
from backend.tracking import links
from backend.tracking.facts import Facts, gather
from backend.tracking.page import Lang, broken, closed
from backend.tracking.render import PRIVATE, html
from backend.tracking.words import WORDS, Language, choose, day_text

AnyRequest = Request[Any, Any, Any]
MOST_PICTURE_BYTES, MOST_UPLOAD_BYTES = 8 * 1024 * 1024, 26_000_000
# Decoding takes CPU and memory: one picture at a time.
_decoder = ThreadPoolExecutor(1, "rating-image")


@dataclass(frozen=True)
class Known:
    """Who rates, their job, and what they said already."""

    actor: Actor
    facts: Facts
    rating: Rating | None
    is_ratable: bool
    call_by: dt.datetime | None


def known(session: Session, secret: bytes, token: str) -> Known:
    """The customer behind a token and how their rating stands."""
    actor = links.resolve(session, secret, token)
    facts = gather(session, actor)
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    job = jobs.get(session, actor, actor.job_id)
    rating = service.rating_of(session, job)
    call_by = complaints.answered_by(session, rating.id) if rating else None
    return Known(actor, facts, rating, service.is_ratable(session, job), call_by)


def _language(request: AnyRequest, told: Known, lang: str) -> Language:
    accept = request.headers.get("accept-language", "")
    return choose(lang, told.facts.locale, accept, told.facts.org_locale)


def _page(
    request: AnyRequest, told: Known, token: str, lang: str, *, alert: str = "", status: int = 200
) -> Response[Any]:
    language, path = _language(request, told, lang), f"/c/{token}"
    if told.rating is None and not told.is_ratable:
        return Redirect(f"{path}?lang={language.value}", status_code=303, headers=PRIVATE)
    words = WORDS[language]
    settings: Settings = request.app.state.services.settings
    is_english = language is Language.ENGLISH
    product = (told.facts.product_en or told.facts.product) if is_english else told.facts.product
    return html(
        "ratings/rate.html",
        language,
        settings.front_end_dir,
        status=status,
        has_form=True,
        t=words,
        path=path,
        org_name=told.facts.org_name,
        other_language=next(one for one in Language if one is not language),
        service=f"{words[f'type_{told.facts.type.value}']} · {product}",
        rating=told.rating,
        call_by=_moment(told, language),
        tags=(*GOOD_TAGS, *BAD_TAGS),
        alert=words[alert] if alert else "",
    )


def _moment(told: Known, language: Language) -> str:
    """Until when somebody who was not content is called; "" for all others."""
    if told.call_by is None:
        return ""
    local = told.call_by.astimezone(ZoneInfo(told.facts.zone))
    return f"{day_text(local.date(), dt.date.min, language)} {local:%H:%M}"


@get("/{token:str}/rate")
async def rate_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """The form, or the thanks and the one question that follows."""
    return _page(request, await db.read(known, secret, token), token, lang)


@post("/{token:str}/rate", request_max_body_size=MOST_UPLOAD_BYTES)
async def send_rating(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Keep what the customer says of the visit, once."""
    told = await db.read(known, secret, token)
    form = await request.form()
    stars = _number(str(form.get("stars", "")), 1, 5)
    if stars is None:
        return _page(request, told, token, lang, alert="rate_missing", status=422)
    tags = tuple(str(tag) for tag in form.getall("tags", []))
    verdict = Verdict(stars, tags, str(form.get("text", "")))
    reply = await _kept(request, told, token, lang, db.write(service.rate, told.actor, verdict))
    for upload in form.getall("photos", [])[: service.MOST_PHOTOS]:
        await _keep_photo(db, settings, told.actor, upload)
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
async def send_recommendation(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Keep whether the customer would recommend us."""
    told = await db.read(known, secret, token)
    nps = _number(str((await request.form()).get("nps", "")), 0, 10)
    if nps is None:
        return _page(request, told, token, lang, status=422)
    return await _kept(request, told, token, lang, db.write(service.recommend, told.actor, nps))


async def _kept(
    request: AnyRequest, told: Known, token: str, lang: str, deed: Awaitable[object]
) -> Response[Any]:
    """Write it down and go to a page that can be reloaded."""
    language = _language(request, told, lang)
    try:
        await deed
    except NotRatableError:
        return Redirect(f"/c/{token}?lang={language.value}", status_code=303, headers=PRIVATE)
    return Redirect(f"/c/{token}/rate?lang={language.value}", status_code=303, headers=PRIVATE)


def _number(text: str, least: int, most: int) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 2
    return int(text) if is_number and least <= int(text) <= most else None


router = Router(
    "/c",
    route_handlers=[rate_page, send_rating, send_recommendation],
    include_in_schema=False,
    exception_handlers={NotFoundError: closed, Exception: broken},
)
