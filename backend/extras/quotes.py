"""Comparing what a customer was quoted with our own price list and records."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Product
from backend.customers.models import Customer, Place
from backend.errors import RejectedError
from backend.evidence.signature import Difference
from backend.extras import repository
from backend.extras.schemas import QuotedLine, QuoteSnapshot
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from backend.parts import repository as part_rows
from backend.technicians.models import Technician

# A phone without signal offers the prices it fetched last; a day is as long as that may be.
PRICE_GRACE = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Article:
    """Something that can be quoted, and every price at which it may be."""

    name: str
    name_en: str
    prices_fen: tuple[int, ...]


Articles = Mapping[tuple[str, str], Article]


def parse(snapshot: dict[str, Any]) -> QuoteSnapshot:
    """The snapshot as a quote; raises RejectedError `not_a_quote`."""
    try:
        return msgspec.convert(snapshot, QuoteSnapshot)
    except msgspec.ValidationError as error:
        raise RejectedError(f"That is no quote: {error}"[:300], code="not_a_quote") from error


def differences(
    session: Session, job: Job, visit: Visit, quote_id: uuid.UUID, quote: QuoteSnapshot, at: dt.datetime
) -> list[Difference]:
    """Where the quote and our records disagree, fields first, then lines by their number."""
    mine = _recorded(session, job, visit, quote_id)
    signed = {name: getattr(quote, name) for name in mine}
    found = [
        Difference(name, _plain(signed[name]), _plain(value))
        for name, value in mine.items()
        if signed[name] != value
    ]
    articles = articles_of(session, job, quote.lines, at)
    for number, line in enumerate(quote.lines, 1):
        found += _line_differences(number, line, articles.get((line.kind, line.code)))
    total = sum(line.amount_fen for line in quote.lines)
    if quote.total_fen != total:
        found.append(Difference("total_fen", quote.total_fen, total))
    return found


def articles_of(session: Session, job: Job, lines: Sequence[QuotedLine], at: dt.datetime) -> Articles:
    """What the lines name, with the prices that were asked around `at`."""
    codes = {line.code for line in lines}
    category = session.get_one(Product, job.product_id).category
    found: dict[tuple[str, str], Article] = {}
    for row in repository.prices_since(session, job.org_id, codes, at - PRICE_GRACE):
        if row.category not in ("", category):
            continue
        newer = found.get(("work", row.code))
        prices = (*(newer.prices_fen if newer else ()), row.price_fen)
        found["work", row.code] = Article(
            newer.name if newer else row.name, newer.name_en if newer else row.name_en, prices
        )
    for part in part_rows.parts_by_sku(session, job.org_id, codes).values():
        found["part", part.sku] = Article(part.name, part.name_en, (part.price_fen,))
    return found


def _recorded(session: Session, job: Job, visit: Visit, quote_id: uuid.UUID) -> dict[str, Any]:
    columns = (col(Technician.name), col(Customer.name), col(Place.address), col(Organisation.currency))
    query = (
        sa.select(*columns)
        .select_from(Job)
        .join(Technician, col(Technician.id) == visit.technician_id)
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Organisation, col(Organisation.id) == col(Job.org_id))
        .where(col(Job.id) == job.id)
    )
    technician, customer, address, currency = session.execute(query).one()
    return {
        "quote_id": quote_id,
        "job_id": job.id,
        "job_number": job.number,
        "visit_id": visit.id,
        "technician": technician,
        "customer": customer,
        "address": address,
        "currency": currency,
    }


def _line_differences(number: int, line: QuotedLine, article: Article | None) -> list[Difference]:
    where = f"lines.{number}"
    if article is None:
        return [Difference(f"{where}.code", line.code, None)]
    found = []
    if line.name not in (article.name, article.name_en):
        found.append(Difference(f"{where}.name", line.name, article.name))
    if line.unit_price_fen not in article.prices_fen:
        found.append(Difference(f"{where}.unit_price_fen", line.unit_price_fen, article.prices_fen[0]))
    if line.amount_fen != line.qty * line.unit_price_fen:
        found.append(Difference(f"{where}.amount_fen", line.amount_fen, line.qty * line.unit_price_fen))
    return found


def _plain(value: object) -> object:
    return str(value) if isinstance(value, uuid.UUID) else value
