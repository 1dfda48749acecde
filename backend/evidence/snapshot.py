"""The acceptance snapshot: the exact work, parts and price a customer signs, built from our own records."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Asset, Product
from backend.customers.models import Customer, Place
from backend.evidence import checklist, service
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from backend.parts import service as parts
from backend.technicians.models import Technician

VERSION = 1
CHINESE, ENGLISH = "zh", "en"
# What differs without being wrong: when the phone prepared the page, and how it groups its lines.
COMPARED_APART = frozenset({"prepared_at", "work", "parts"})
Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One field whose signed value is not what our records say."""

    field: str
    signed: Any
    recorded: Any

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "signed": self.signed, "recorded": self.recorded}


def build_snapshot(
    session: Session, job: Job, visit: Visit, *, language: str, prepared_at: dt.datetime
) -> Snapshot:
    """The snapshot as our records give it, names in `language` where they have one."""
    names = _names(session, job, visit, language)
    answers = service.answers_of(session, [visit.id]).get(visit.id, {})
    lines = [_part_line(use, language) for use in parts.parts_used(session, [visit.id]).get(visit.id, [])]
    parts_fen = sum(line["amount_fen"] for line in lines)
    return {
        "v": VERSION,
        "job_id": str(job.id),
        "job_number": job.number,
        "visit_id": str(visit.id),
        **names,
        "work": _work(job.checklist, answers, language),
        "parts": lines,
        "labour_fen": job.price_fen,
        "parts_fen": parts_fen,
        "total_fen": job.price_fen + parts_fen,
        "language": language,
        "prepared_at": prepared_at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }


def differences(
    signed: Mapping[str, Any], recorded: Snapshot, steps: Iterable[checklist.Step]
) -> list[Difference]:
    """Where the signed snapshot and our records disagree; empty when the customer signed the truth.

    Parts are compared per SKU and price however they are grouped, work per step.
    """
    found = [
        Difference(field, signed.get(field), recorded.get(field))
        for field in sorted(set(signed) | set(recorded))
        if field not in COMPARED_APART and not _same(signed, recorded, field)
    ]
    found += _work_differences(signed.get("work"), recorded, steps)
    found += _part_differences(signed.get("parts"), recorded)
    return found


def is_chinese(language: str) -> bool:
    """Whether names and titles are shown in Chinese for this language tag."""
    return not language.lower().startswith(ENGLISH)


def _names(session: Session, job: Job, visit: Visit, language: str) -> Snapshot:
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
    technician, customer, address, product, product_en, serial, currency = session.execute(query).one()
    return {
        "technician": technician,
        "customer": customer,
        "address": address,
        "product": product if is_chinese(language) else product_en or product,
        "serial": serial,
        "currency": currency,
    }


def _work(steps: Iterable[checklist.Step], answers: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    title = CHINESE if is_chinese(language) else ENGLISH
    return [
        {
            "key": step["key"],
            "title": step["title"].get(title) or step["title"][CHINESE],
            "value": checklist.answer_text(answers[step["key"]]),
        }
        for step in steps
        if checklist.is_answered(step, answers)
    ]


def _part_line(use: parts.PartUse, language: str) -> dict[str, Any]:
    return {
        "sku": use.sku,
        "name": use.name if is_chinese(language) else use.name_en or use.name,
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


def _part_differences(signed: object, recorded: Snapshot) -> list[Difference]:
    entries = _objects(signed)
    totals = _part_totals(entries) if entries is not None else None
    if totals is None:
        return [Difference("parts", signed, recorded["parts"])]
    mine = _part_totals(recorded["parts"]) or {}
    return [
        Difference(f"parts.{key[0]}", totals.get(key), mine.get(key))
        for key in sorted(set(mine) | set(totals))
        if totals.get(key) != mine.get(key)
    ]


def _part_totals(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, int], int] | None:
    """Pieces per (SKU, name, unit price); None when a line is malformed or does not add up."""
    totals: dict[tuple[str, str, int], int] = defaultdict(int)
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
        totals[str(entry["sku"]), str(entry["name"]), price] += qty
    return dict(totals)
