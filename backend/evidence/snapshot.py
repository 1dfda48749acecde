"""The acceptance snapshot: the exact work, parts and price a customer signs, built from our own records."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Asset, Product
from backend.customers.models import Customer, Place
from backend.evidence import checklist, service
from backend.evidence.signature import Difference
from backend.extras import service as extras
from backend.extras.schemas import ExtraLine
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from backend.parts import service as parts
from backend.sync import conflicts
from backend.technicians.models import Technician

VERSION = 1
# A snapshot says more only where there is more to say: one without extra work is as it always was.
VERSION_WITH_EXTRAS = 2
# The languages a snapshot may be in, with the key of their words in checklists.
LANGUAGES = {"zh-CN": "zh", "en": "en"}
# What may differ without being wrong: when the page was prepared, how lines are grouped, and in which of its
# two languages an article is named.
COMPARED_APART = frozenset({"prepared_at", "product", "work", "parts", "extras"})
Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Records:
    """What our own tables say about a visit, before it is put into a language."""

    technician: str
    customer: str
    address: str
    product: str
    product_en: str
    serial: str | None
    currency: str
    answers: Mapping[str, Any]
    uses: list[parts.PartUse]
    extras: list[tuple[str, ExtraLine]] = field(default_factory=list)
    # What a phone read off the plate while the office wrote something else; nobody has decided yet.
    disputed_serials: frozenset[str] = frozenset()


def records_of(session: Session, job: Job, visit: Visit) -> Records:
    """Everything a snapshot is made of."""
    columns = (
        col(Technician.name), col(Customer.name), col(Place.address), col(Product.name), col(Product.name_en),
        col(Asset.serial), col(Organisation.currency),
    )  # fmt: skip
    query = (
        sa.select(*columns)
        .select_from(Job)
        .join(Technician, col(Technician.id) == visit.technician_id)
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .join(Organisation, col(Organisation.id) == col(Job.org_id))
        .outerjoin(Asset, col(Asset.id) == col(Job.asset_id))
        .where(col(Job.id) == job.id)
    )
    answers = service.answers_of(session, [visit.id]).get(visit.id, {})
    uses = parts.parts_used(session, [job.id]).get(job.id, [])
    technician, customer, address, product, product_en, serial, currency = session.execute(query).one()
    return Records(
        technician, customer, address, product, product_en, serial, currency, answers, uses,
        extras.agreed_work(session, job.id), conflicts.came_values(session, job.id, "serial"),
    )  # fmt: skip


def build_snapshot(
    session: Session, job: Job, visit: Visit, *, language: str, prepared_at: dt.datetime
) -> Snapshot:
    """The snapshot as our records give it, in a language of `LANGUAGES`."""
    return compose(records_of(session, job, visit), job, visit, language, prepared_at)


def compose(
    records: Records, job: Job, visit: Visit, language: str, prepared_at: dt.datetime | None = None
) -> Snapshot:
    """Put records into the words of one language."""
    is_chinese = LANGUAGES[language] == "zh"
    lines = [_part_line(use, is_chinese) for use in records.uses]
    parts_fen = sum(line["amount_fen"] for line in lines)
    beyond = _extras(records, is_chinese)
    return {
        "v": VERSION_WITH_EXTRAS if beyond else VERSION,
        "job_id": str(job.id),
        "job_number": job.number,
        "visit_id": str(visit.id),
        "technician": records.technician,
        "customer": records.customer,
        "address": records.address,
        "product": records.product if is_chinese else records.product_en or records.product,
        "serial": records.serial,
        "work": _work(job.checklist, records.answers, LANGUAGES[language]),
        "parts": lines,
        "labour_fen": job.price_fen,
        "parts_fen": parts_fen,
        "total_fen": job.price_fen + parts_fen + beyond.get("extras_fen", 0),
        "currency": records.currency,
        "language": language,
        "prepared_at": _utc_text(prepared_at),
        **beyond,
    }


def differences(signed: Mapping[str, Any], records: Records, job: Job, visit: Visit) -> list[Difference]:
    """Where the signed snapshot and our records disagree; empty when the customer signed the truth.

    `signed["language"]` must be one of `LANGUAGES`. Parts are compared per SKU and price however they are
    grouped, work per step, and an article may be named in either language.
    """
    recorded = compose(records, job, visit, signed["language"])
    other = compose(records, job, visit, next(one for one in LANGUAGES if one != signed["language"]))
    found = [
        Difference(name, signed.get(name), recorded.get(name))
        for name in sorted(set(signed) | set(recorded))
        if name not in COMPARED_APART
        and not _same(signed, recorded, name)
        and not (name == "serial" and signed.get(name) in records.disputed_serials)
    ]
    if signed.get("product") not in (recorded["product"], other["product"]):
        found.append(Difference("product", signed.get("product"), recorded["product"]))
    found += _work_differences(signed.get("work"), recorded, job.checklist)
    found += _part_differences(signed.get("parts"), recorded, other)
    if signed.get("extras") not in (recorded.get("extras"), other.get("extras")):
        found.append(Difference("extras", signed.get("extras"), recorded.get("extras")))
    return found


def _utc_text(instant: dt.datetime | None) -> str:
    if instant is None:
        return ""
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _work(steps: Iterable[checklist.Step], answers: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    return [
        {
            "key": step["key"],
            "title": step["title"].get(language) or step["title"]["zh"],
            "value": checklist.answer_text(step, answers[step["key"]], language),
        }
        for step in steps
        if answers.get(step["key"]) is not None
    ]


def _extras(records: Records, is_chinese: bool) -> dict[str, Any]:
    """Agreed extra work as lines that name the quote they were agreed in; nothing when there is none."""
    if not records.extras:
        return {}
    lines = [
        {
            "code": line.code,
            "name": line.name if is_chinese else line.name_en or line.name,
            "qty": line.qty,
            "unit_price_fen": line.unit_price_fen,
            "amount_fen": line.amount_fen,
            "quote": sha256,
        }
        for sha256, line in records.extras
    ]
    return {"extras": lines, "extras_fen": sum(line.amount_fen for _, line in records.extras)}


def _part_line(use: parts.PartUse, is_chinese: bool) -> dict[str, Any]:
    return {
        "sku": use.sku,
        "name": use.name if is_chinese else use.name_en or use.name,
        "qty": use.qty,
        "unit_price_fen": use.unit_price_fen,
        "amount_fen": use.amount_fen,
    }


def _same(signed: Mapping[str, Any], recorded: Snapshot, field: str) -> bool:
    mine, theirs = recorded.get(field), signed.get(field)
    if field == "serial":
        return (mine or "") == (theirs or "")
    return type(mine) is type(theirs) and bool(mine == theirs)


def _objects(value: object) -> list[Mapping[str, Any]] | None:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    return None


def _work_differences(
    signed: object, recorded: Snapshot, steps: Iterable[checklist.Step]
) -> list[Difference]:
    entries = _objects(signed)
    if entries is None:
        return [Difference("work", signed, recorded["work"])]
    theirs = {str(entry.get("key")): entry for entry in entries}
    if len(theirs) != len(entries):
        return [Difference("work", "a step appears twice", None)]
    mine = {entry["key"]: entry for entry in recorded["work"]}
    order = [step["key"] for step in steps]
    keys = [*order, *sorted(set(theirs) - set(order))]
    return [
        Difference(f"work.{key}", theirs.get(key), mine.get(key))
        for key in keys
        if mine.get(key) != theirs.get(key)
    ]


def _part_differences(signed: object, recorded: Snapshot, other: Snapshot) -> list[Difference]:
    entries = _objects(signed)
    totals = _part_totals(entries) if entries is not None else None
    if entries is None or totals is None:
        return [Difference("parts", signed, recorded["parts"])]
    names = {(line["sku"], line["name"]) for line in [*recorded["parts"], *other["parts"]]}
    misnamed = [entry for entry in entries if (entry["sku"], entry["name"]) not in names]
    mine = _part_totals(recorded["parts"]) or {}
    found = [
        Difference(f"parts.{key[0]}", totals.get(key), mine.get(key))
        for key in sorted(set(mine) | set(totals))
        if totals.get(key) != mine.get(key)
    ]
    return found or [Difference(f"parts.{entry['sku']}", entry["name"], None) for entry in misnamed]


def _part_totals(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], int] | None:
    """Pieces per SKU and unit price; None when a line is malformed or does not add up."""
    totals: dict[tuple[str, int], int] = defaultdict(int)
    for entry in entries:
        if set(entry) != {"sku", "name", "qty", "unit_price_fen", "amount_fen"}:
            return None
        qty, price, amount = entry["qty"], entry["unit_price_fen"], entry["amount_fen"]
        if (
            any(type(number) is not int for number in (qty, price, amount))
            or qty < 1
            or qty * price != amount
        ):
            return None
        if not isinstance(entry["sku"], str) or not isinstance(entry["name"], str):
            return None
        totals[entry["sku"], price] += qty
    return dict(totals)
