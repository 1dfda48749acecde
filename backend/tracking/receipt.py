"""The customer's signed copy: printed from the stored text itself, whose hash is computed again each time."""

import datetime as dt
import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.auth.actor import Actor
from backend.booking import repository as booking
from backend.errors import NotFoundError
from backend.evidence import repository as evidence
from backend.evidence.models import Acceptance
from backend.extras import repository as extras
from backend.jobs import service as jobs
from backend.organisations.models import Organisation, Region
from backend.tracking.drawing import Ink, ink
from backend.tracking.words import Language, Words, day_text, money_text

PHOTO = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fee:
    """What the customer agreed to pay for a late `change` or `cancel` of the window that began then."""

    what: str
    amount_fen: int
    window_start: dt.datetime
    agreed_at: dt.datetime


@dataclass(frozen=True)
class Agreed:
    """Who agreed to the extra work of a quote, and when."""

    sha256: str
    signer: str
    at: dt.datetime


@dataclass(frozen=True)
class Signed:
    """A stored acceptance with what is needed to show it, and what was agreed apart from it."""

    text: str
    sha256: str
    signer: str
    strokes: list[list[dict[str, float]]]
    signed_at: dt.datetime
    org_name: str
    org_locale: str
    zone: str
    fees: tuple[Fee, ...] = ()
    agreed: tuple[Agreed, ...] = ()


@dataclass(frozen=True)
class PartLine:
    """One row of the tables of parts and of extra work; `reason` says why it is charged."""

    name: str
    sku: str
    qty: int
    unit: str
    amount: str
    reason: str = ""


@dataclass(frozen=True)
class ReceiptView:
    """What the template prints; `content_language` is the one the customer signed in."""

    language: Language
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
    fees: list[tuple[str, str]]
    in_all: str
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
        row.snapshot, row.sha256, row.signer, list(row.strokes), row.signed_at, org.name, org.locale, zone,
        fees_of(session, job.id), agreed_of(session, job.id),
    )  # fmt: skip


def fees_of(session: Session, job_id: uuid.UUID) -> tuple[Fee, ...]:
    """What a job's customer agreed to pay for deciding late, in the order they did."""
    return tuple(
        Fee(one.what, one.amount_fen, one.window_start, one.created_at)
        for one in booking.charges_of(session, job_id)
    )


def agreed_of(session: Session, job_id: uuid.UUID) -> tuple[Agreed, ...]:
    """By whom and when each quote of extra work was agreed to."""
    return tuple(Agreed(one.sha256, one.signer, one.decided_at) for one in extras.agreed(session, job_id))


def is_intact(signed: Signed) -> bool:
    """Whether the stored text still has the hash it was signed with."""
    return hashlib.sha256(signed.text.encode()).hexdigest() == signed.sha256


def receipt_view(signed: Signed, language: Language, words: Words) -> ReceiptView:
    """Lay the signed snapshot out; its content stays in the language it was signed in."""
    content = json.loads(signed.text)
    currency, zone = content["currency"], ZoneInfo(signed.zone)
    agreed = {one.sha256: one for one in signed.agreed}
    return ReceiptView(
        language=language,
        words=words,
        content_language=content["language"],
        org_name=signed.org_name,
        number=content["job_number"],
        facts=_facts(content, words),
        work=[(entry["title"], _value(entry["value"], words)) for entry in content["work"]],
        parts=[_priced(line, line["sku"], currency) for line in content["parts"]],
        extras=[
            _priced(line, line["code"], currency, _reason(agreed.get(line["quote"]), zone, language, words))
            for line in content.get("extras", [])
        ],
        sums=[
            (words["receipt_labour"], money_text(content["labour_fen"], currency)),
            (words["receipt_parts_sum"], money_text(content["parts_fen"], currency)),
            *_extras_sum(content, words),
        ],
        total=money_text(content["total_fen"], currency),
        fees=[
            (fee_text(one, zone, language, words), money_text(one.amount_fen, currency))
            for one in signed.fees
        ],
        in_all=money_text(content["total_fen"] + sum(one.amount_fen for one in signed.fees), currency),
        signed=words["receipt_signed" if signed.strokes else "doc_typed"].format(
            signer=signed.signer, time=_moment(signed.signed_at, zone, language)
        ),
        ink=ink(signed.strokes),
        sha256=signed.sha256,
        is_intact=is_intact(signed),
    )


def _moment(at: dt.datetime, zone: ZoneInfo, language: Language) -> str:
    local = at.astimezone(zone)
    day = day_text(local.date(), dt.date.min, language)
    if language is Language.CHINESE:
        return f"{local.year}年{day} {local:%H:%M}"
    return f"{day} {local.year} {local:%H:%M}"


def fee_text(fee: Fee, zone: ZoneInfo, language: Language, words: Words) -> str:
    """What a fee is for: which appointment was decided about late, and when the customer agreed."""
    return words[f"fee_{fee.what}"].format(
        window=_moment(fee.window_start, zone, language), time=_moment(fee.agreed_at, zone, language)
    )


def _reason(agreed: Agreed | None, zone: ZoneInfo, language: Language, words: Words) -> str:
    if agreed is None:
        return ""
    return words["extra_agreed"].format(signer=agreed.signer, time=_moment(agreed.at, zone, language))


def _priced(line: dict[str, Any], code: str, currency: str, reason: str = "") -> PartLine:
    return PartLine(
        name=line["name"],
        sku=code,
        qty=line["qty"],
        unit=money_text(line["unit_price_fen"], currency),
        amount=money_text(line["amount_fen"], currency),
        reason=reason,
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
