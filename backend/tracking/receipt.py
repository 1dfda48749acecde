"""The customer's signed copy: printed from the stored text itself, whose hash is computed again each time."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.auth.actor import Actor
from backend.errors import NotFoundError
from backend.evidence import repository as evidence
from backend.evidence.models import Acceptance
from backend.jobs import service as jobs
from backend.organisations.models import Organisation, Region
from backend.tracking.drawing import Ink, ink
from backend.tracking.words import Language, Words, day_text, money_text

PHOTO = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Signed:
    """A stored acceptance with what is needed to show it."""

    text: str
    sha256: str
    signer: str
    strokes: list[list[dict[str, float]]]
    signed_at: dt.datetime
    org_name: str
    org_locale: str
    zone: str


@dataclass(frozen=True)
class PartLine:
    """One row of the tables of parts and of extra work."""

    name: str
    sku: str
    qty: int
    unit: str
    amount: str


@dataclass(frozen=True)
class ReceiptView:
    """What the template prints; `content_language` is the one the customer signed in."""

    language: Language
    other_language: Language
    words: Words
    content_language: str
    org_name: str
    number: str
    facts: list[tuple[str, str]]
    work: list[tuple[str, str]]
    parts: list[PartLine]
    extras: list[PartLine]
    sums: list[tuple[str, str]]
    total: str
    signed: str
    ink: Ink
    sha256: str
    is_intact: bool


def signed_acceptance(session: Session, actor: Actor) -> Signed | None:
    """The newest signature on the customer's job, None while there is none."""
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    job = jobs.get(session, actor, actor.job_id)
    row: Acceptance | None = evidence.acceptance_of_job(session, job.id)
    if row is None:
        return None
    org = session.get_one(Organisation, job.org_id)
    zone = session.get_one(Region, job.region_id).zone
    return Signed(
        row.snapshot, row.sha256, row.signer, list(row.strokes), row.signed_at, org.name, org.locale, zone
    )


def is_intact(signed: Signed) -> bool:
    """Whether the stored text still has the hash it was signed with."""
    return hashlib.sha256(signed.text.encode()).hexdigest() == signed.sha256


def receipt_view(signed: Signed, language: Language, words: Words) -> ReceiptView:
    """Lay the signed snapshot out; its content stays in the language it was signed in."""
    content = json.loads(signed.text)
    currency = content["currency"]
    at = signed.signed_at.astimezone(ZoneInfo(signed.zone))
    time = f"{day_text(at.date(), dt.date.min, language)} {at.year} {at:%H:%M}"
    if language is Language.CHINESE:
        time = f"{at.year}年{day_text(at.date(), dt.date.min, language)} {at:%H:%M}"
    return ReceiptView(
        language=language,
        other_language=next(one for one in Language if one is not language),
        words=words,
        content_language=content["language"],
        org_name=signed.org_name,
        number=content["job_number"],
        facts=_facts(content, words),
        work=[(entry["title"], _value(entry["value"], words)) for entry in content["work"]],
        parts=[_priced(line, line["sku"], currency) for line in content["parts"]],
        extras=[_priced(line, line["code"], currency) for line in content.get("extras", [])],
        sums=[
            (words["receipt_labour"], money_text(content["labour_fen"], currency)),
            (words["receipt_parts_sum"], money_text(content["parts_fen"], currency)),
            *_extras_sum(content, words),
        ],
        total=money_text(content["total_fen"], currency),
        signed=words["receipt_signed" if signed.strokes else "doc_typed"].format(
            signer=signed.signer, time=time
        ),
        ink=ink(signed.strokes),
        sha256=signed.sha256,
        is_intact=is_intact(signed),
    )


def _priced(line: dict[str, Any], code: str, currency: str) -> PartLine:
    return PartLine(
        name=line["name"],
        sku=code,
        qty=line["qty"],
        unit=money_text(line["unit_price_fen"], currency),
        amount=money_text(line["amount_fen"], currency),
    )


def _extras_sum(content: dict[str, Any], words: Words) -> list[tuple[str, str]]:
    """Extra work agreed on site; most visits have none."""
    if "extras_fen" not in content:
        return []
    return [(words["receipt_extras_sum"], money_text(content["extras_fen"], content["currency"]))]


def _facts(content: dict[str, str | None], words: Words) -> list[tuple[str, str]]:
    rows = [
        (words["receipt_customer"], content["customer"]),
        (words["address"], content["address"]),
        (words["receipt_product"], content["product"]),
        (words["receipt_serial"], content["serial"]),
        (words["receipt_technician"], content["technician"]),
    ]
    return [(label, value) for label, value in rows if value]


def _value(text: str, words: Words) -> str:
    """A photo is signed by its hash; the first digits are enough to compare."""
    return words["receipt_photo"].format(short=text[:8]) if PHOTO.fullmatch(text) else text
