"""The report pages as plain data in one language."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.assets.models import Product
from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.organisations.models import Region
from backend.report import drafts, guide, repository
from backend.report.catalogue import Shelf
from backend.report.drafts import Opened
from backend.report.guide import OTHER
from backend.report.models import AttachmentKind, CaseReport
from backend.report.videos import MOST_BYTES as MOST_VIDEO_BYTES
from backend.tracking.words import WORDS, Language, moment_text


@dataclass(frozen=True)
class Choice:
    """A radio button."""

    value: str
    text: str


@dataclass(frozen=True)
class StartView:
    """The first page: `known` is the product that the address names; a long catalogue is to be searched."""

    products: list[Choice]
    known: Choice | None
    serial: str
    sought: str
    is_long: bool
    has_more: bool


@dataclass(frozen=True)
class DraftView:
    """Everything the pages of one draft print. `start` is where another product is chosen."""

    start: str
    product: str
    serial: str
    faults: list[Choice]
    services: list[Choice]
    need: str
    need_text: str
    symptom: str
    steps: list[str]
    has_steps: bool
    text: str
    bought: str
    name: str
    phone: str
    address: str
    has_position: bool
    photos: list[dict[str, str]]
    proofs: list[dict[str, str]]
    videos: list[dict[str, str]]
    is_solved: bool
    most_video_bytes: int = MOST_VIDEO_BYTES


@dataclass(frozen=True)
class DoneView:
    """The confirmation; of a case that was there before nothing but that it was there."""

    is_joined: bool
    number: str
    by: str
    link: str = ""


def product_name(product: Product, language: Language) -> str:
    is_english = language is Language.ENGLISH
    return (product.name_en or product.name) if is_english else product.name


def start_view(shelf: Shelf, known: Product | None, serial: str, language: Language) -> StartView:
    """What may be reported, with the product a QR code named."""
    choices = [Choice(one.sku, product_name(one, language)) for one in shelf.products]
    named = Choice(known.sku, product_name(known, language)) if known else None
    return StartView(choices, named, serial, shelf.sought, shelf.is_long, shelf.has_more)


def draft_view(session: Session, opened: Opened, language: Language) -> DraftView:
    """All that was said so far."""
    data, key = opened.data, "en" if language is Language.ENGLISH else "zh"
    choices = [
        Choice(need, need_text(opened, need, language)) for need in drafts.needs(session, opened.product)
    ]
    found = opened.symptom
    pictures: list[dict[str, str]] = data.get("pictures", [])
    return DraftView(
        start=f"/report/{repository.rules_of(session, opened.org.id).slug}",
        product=product_name(opened.product, language),
        serial=str(data.get("serial", "")),
        faults=[one for one in choices if one.value.startswith("repair")],
        services=[one for one in choices if not one.value.startswith("repair")],
        need=opened.need,
        need_text=need_text(opened, opened.need, language) if opened.need else "",
        symptom=found.title[key] if found else "",
        steps=[step[key] for step in found.steps] if found else [],
        has_steps=bool(found and found.steps),
        text=str(data.get("text", "")),
        bought=str(data.get("bought", "")),
        name=str(data.get("name", "")),
        phone=str(data.get("phone", "")),
        address=str(data.get("address", "")),
        has_position=data.get("lat") is not None,
        photos=[one for one in pictures if one["kind"] == AttachmentKind.PHOTO],
        proofs=[one for one in pictures if one["kind"] == AttachmentKind.PROOF],
        videos=[one for one in pictures if one["kind"] == AttachmentKind.VIDEO],
        is_solved=data.get("helped") is True,
    )


def need_text(opened: Opened, need: str, language: Language) -> str:
    """A need in the customer's words."""
    words, (kind, _, key) = WORDS[language], need.partition(":")
    if kind != "repair":
        return words[f"type_{kind}"]
    if key == OTHER:
        return words["rep_need_other"]
    symptom = guide.symptom(opened.product.category, key)
    return symptom.title["en" if language is Language.ENGLISH else "zh"] if symptom else key


def done_view(session: Session, row: CaseReport, job: Job, link: str, language: Language) -> DoneView:
    """What happens next and by when. Whoever repeats somebody's report learns nothing of the case."""
    zone = session.get_one(Region, job.region_id).zone
    by = instant_text(row.answer_by, zone, language)
    if row.is_joined:
        return DoneView(is_joined=True, number="", by=by)
    return DoneView(is_joined=False, number=job.number, by=by, link=link)


def instant_text(at: dt.datetime, zone: str, language: Language) -> str:
    """今天 18:30."""
    local, today = at.astimezone(ZoneInfo(zone)), utc_now().astimezone(ZoneInfo(zone)).date()
    return moment_text(local, today, language)
