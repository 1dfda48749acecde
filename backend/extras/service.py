"""Extra work, from the price list to the customer's answer. Only what was agreed is ever charged."""

import datetime as dt
import hashlib
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

import msgspec
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.db.types import utc_now
from backend.errors import ConflictError, RejectedError
from backend.evidence.signature import SnapshotDiffersError, check_signature, checked_text
from backend.extras import quotes, repository
from backend.extras.models import ExtraQuote, ExtraWork, QuoteState
from backend.extras.schemas import (
    AgreeExtra,
    DeclineExtra,
    ExtraLine,
    ExtraRead,
    ExtraWorkRead,
    PriceList,
    QuoteRecord,
    QuoteSnapshot,
)
from backend.jobs.models import Job, Visit
from backend.parts import service as parts

PRICE_FIELDS = ("name", "name_en", "category", "price_fen")


def price_list(session: Session, org_id: uuid.UUID) -> list[ExtraWorkRead]:
    """What may be offered now, by code."""
    return [
        ExtraWorkRead(row.code, row.name, row.name_en or row.name, row.category, row.price_fen)
        for row in repository.prices(session, org_id)
    ]


def set_prices(session: Session, actor: Actor, wanted: PriceList) -> list[ExtraWorkRead]:
    """Put a price list in force. A price that changes ends now and stays known for quotes already made."""
    items = {item.code: item for item in wanted.items}
    if len(items) != len(wanted.items):
        raise RejectedError("A code appears twice.", code="code_twice")
    repository.lock_prices(session, actor.org_id)
    now = utc_now()
    for row in repository.prices(session, actor.org_id):
        item = items.get(row.code)
        if item is not None and all(getattr(item, name) == getattr(row, name) for name in PRICE_FIELDS):
            del items[row.code]
        else:
            row.valid_until = now
    session.flush()  # the index allows one price in force, so the old one has to end first
    for item in items.values():
        values = {name: getattr(item, name) for name in ("code", *PRICE_FIELDS)}
        session.add(ExtraWork(org_id=actor.org_id, valid_from=now, **values))
    session.flush()
    audit.record(session, actor, "extra_work.priced", "organisation", actor.org_id, changed=len(items))
    return price_list(session, actor.org_id)


def agree(
    session: Session, actor: Actor, job: Job, visit: Visit, answer: AgreeExtra, at: dt.datetime
) -> ExtraQuote:
    """The customer signed a quote; the same again changes nothing.

    Raises RejectedError `not_canonical`, `hash_mismatch`, `not_a_quote`, `snapshot_differs`, `bad_signer`,
    `bad_signature`, and ConflictError `already_answered` when the quote was answered otherwise before.
    """
    check_signature(answer.signer, answer.strokes)
    row, is_new = _decide(session, actor, job, visit, answer, QuoteState.AGREED, at)
    if is_new:
        row.signer, row.strokes = answer.signer.strip(), list(answer.strokes)
    return row


def decline(
    session: Session, actor: Actor, job: Job, visit: Visit, answer: DeclineExtra, at: dt.datetime
) -> ExtraQuote:
    """The customer did not want it; kept like an agreement, and raises the same."""
    row, is_new = _decide(session, actor, job, visit, answer, QuoteState.DECLINED, at)
    if is_new:
        row.note = answer.text
    return row


def withdraw(session: Session, actor: Actor, job: Job, quote_id: uuid.UUID, text: str) -> ExtraQuote:
    """Agreed work that could not be done is not charged; raises RejectedError `unknown_quote`."""
    row = repository.quote(session, quote_id)
    if row is None or row.job_id != job.id:
        raise RejectedError("There is no such quote.", code="unknown_quote", quote_id=str(quote_id))
    if row.state is QuoteState.DECLINED:
        raise ConflictError("The customer declined it.", code="already_answered", state=row.state)
    row.state, row.note = QuoteState.WITHDRAWN, text
    audit.record(session, actor, "extra.withdrawn", "job", job.id, sha256=row.sha256)
    return row


def require_agreed(session: Session, job: Job, quote_ids: Collection[uuid.UUID]) -> None:
    """Refuse to complete work that charges what nobody agreed to, or used what the customer declined.

    Raises RejectedError `extra_not_agreed` {quotes, parts}.
    """
    answered = repository.quotes(session, [job.id])
    agreed_ids = {row.id for row in answered if row.state is QuoteState.AGREED}
    unknown = sorted(str(quote_id) for quote_id in set(quote_ids) - agreed_ids)
    refused = _declined_yet_used(session, job, answered)
    if unknown or refused:
        raise RejectedError(
            "The customer did not agree to this extra work.",
            code="extra_not_agreed",
            quotes=unknown,
            parts=refused,
        )


def agreed_work(session: Session, job_id: uuid.UUID) -> list[tuple[str, ExtraLine]]:
    """Agreed lines of work with the hash of their quote. Agreed parts are charged when they are used."""
    return [
        (row.sha256, line)
        for row in repository.agreed(session, job_id)
        for line in _lines(row)
        if line.kind == "work"
    ]


def extras_of(session: Session, job_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[ExtraRead]]:
    """Answered quotes by job; a job without any is left out."""
    found: dict[uuid.UUID, list[ExtraRead]] = defaultdict(list)
    for row in repository.quotes(session, job_ids):
        found[row.job_id].append(extra_read(row))
    return dict(found)


def records(session: Session, job: Job) -> list[QuoteRecord]:
    """What the office looks at: each answer with its exact text, checked again, and the signature."""
    return [
        QuoteRecord(
            extra_read(row),
            row.snapshot,
            hashlib.sha256(row.snapshot.encode()).hexdigest() == row.sha256,
            list(row.strokes),
        )
        for row in repository.quotes(session, [job.id])
    ]


def extra_read(row: ExtraQuote) -> ExtraRead:
    return ExtraRead(
        row.id, row.state, row.sha256, _lines(row), row.total_fen, row.signer, row.decided_at, row.note
    )


def _decide(
    session: Session,
    actor: Actor,
    job: Job,
    visit: Visit,
    answer: AgreeExtra | DeclineExtra,
    state: QuoteState,
    at: dt.datetime,
) -> tuple[ExtraQuote, bool]:
    """The answered quote, and whether this is its first answer: the first one's signature stands."""
    text = checked_text(answer.snapshot, answer.sha256)
    existing = repository.quote(session, answer.quote_id)
    if existing is not None:
        if (existing.job_id, existing.sha256, existing.state) != (job.id, answer.sha256, state):
            raise ConflictError("This quote was answered already.", code="already_answered")
        return existing, False
    quote = quotes.parse(answer.snapshot)
    if found := quotes.differences(session, job, visit, answer.quote_id, quote, at):
        raise SnapshotDiffersError.of(found)
    row = ExtraQuote(
        id=answer.quote_id,
        org_id=job.org_id,
        job_id=job.id,
        visit_id=visit.id,
        state=state,
        snapshot=text,
        sha256=answer.sha256,
        lines=_named_lines(session, job, quote, at),
        total_fen=quote.total_fen,
        decided_at=at,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, f"extra.{state}", "job", job.id, sha256=row.sha256, total_fen=row.total_fen)
    return row, True


def _named_lines(session: Session, job: Job, quote: QuoteSnapshot, at: dt.datetime) -> list[dict[str, Any]]:
    """The lines as agreed, each with both of its names."""
    articles = quotes.articles_of(session, job, quote.lines, at)
    named = []
    for line in quote.lines:
        article = articles[line.kind, line.code]
        both = {"name": article.name, "name_en": article.name_en or article.name}
        named.append({**msgspec.to_builtins(line), **both})
    return named


def _lines(row: ExtraQuote) -> list[ExtraLine]:
    return [msgspec.convert(line, ExtraLine) for line in row.lines]


def _declined_yet_used(session: Session, job: Job, answered: Collection[ExtraQuote]) -> list[str]:
    """Parts the customer declined of which more were used than the order or another quote allows."""
    declined, allowed = set(), Counter({part["sku"]: part["qty"] for part in job.parts})
    for row in answered:
        for line in _lines(row):
            if line.kind != "part":
                continue
            if row.state is QuoteState.AGREED:
                allowed[line.code] += line.qty
            elif row.state is QuoteState.DECLINED:
                declined.add(line.code)
    used: Counter[str] = Counter()
    for use in parts.parts_used(session, [job.id]).get(job.id, []):
        used[use.sku] += use.qty
    return sorted(sku for sku in declined if used[sku] > allowed[sku])
