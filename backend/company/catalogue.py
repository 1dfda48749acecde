"""Writing what is sold and how it is served."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from backend.assets.models import Product, ServiceSpec
from backend.company.file import CompanyFile
from backend.company.rows import Rows
from backend.extras import repository as price_lists
from backend.extras import service as extras
from backend.extras.models import ExtraWork
from backend.extras.schemas import ExtraWorkPrice, PriceList
from backend.jobs.lifecycle import JobType
from backend.parts.models import Part

SECONDS_A_MINUTE = 60


def write_catalogue(rows: Rows, told: CompanyFile) -> dict[str, Part]:
    """Products, parts, services and extra work; returns the organisation's parts by SKU."""
    _write_products(rows, told)
    parts = _write_parts(rows, told)
    _write_services(rows, told)
    rows.session.flush()
    _write_extra_work(rows, told)
    return parts


def _write_products(rows: Rows, told: CompanyFile) -> None:
    query = select(Product).where(Product.org_id == rows.org_id)
    found = {row.sku: row for row in rows.session.exec(query)}
    for row in told.products:
        values = {**row.model_dump(), "org_id": rows.org_id}
        rows.put("product", row.sku, Product, found.get(row.sku), values, {*values} - row.model_fields_set)


def _write_parts(rows: Rows, told: CompanyFile) -> dict[str, Part]:
    query = select(Part).where(Part.org_id == rows.org_id)
    found = {row.sku: row for row in rows.session.exec(query)}
    for row in told.parts:
        values = {**row.model_dump(exclude={"stock"}), "org_id": rows.org_id}
        unsaid = {*values} - row.model_fields_set
        found[row.sku] = rows.put("part", row.sku, Part, found.get(row.sku), values, unsaid)
    rows.session.flush()
    return found


def _write_services(rows: Rows, told: CompanyFile) -> None:
    query = select(ServiceSpec).where(ServiceSpec.org_id == rows.org_id)
    found = {(row.category, row.job_type): row for row in rows.session.exec(query)}
    steps = {step.key: step.model_dump(exclude_none=True) for step in told.steps}
    for row in told.services:
        values = {"org_id": rows.org_id, **spec_values(row.model_dump(), steps)}
        said = row.model_fields_set
        unsaid = {name for name in values if COLUMNS.get(name, name) not in said}
        label = f"{row.category}/{row.type}"
        rows.put("service", label, ServiceSpec, found.get((row.category, row.type)), values, unsaid)


# Columns that a file calls otherwise.
COLUMNS = {"job_type": "type", "duration_s": "minutes", "checklist": "steps"}


def spec_values(row: Mapping[str, Any], steps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A service's columns from a file's words, its checklist written out."""
    return {
        "category": row["category"],
        "job_type": JobType(row["type"]),
        "duration_s": row["minutes"] * SECONDS_A_MINUTE,
        "skill": row["skill"],
        "level": row["level"],
        "certificate": row["certificate"],
        "price_fen": row["price_fen"],
        "unserved_fen": row["unserved_fen"],
        "checklist": [dict(steps[key]) for key in row["steps"]],
        "parts": row["parts"],
    }


def _write_extra_work(rows: Rows, told: CompanyFile) -> None:
    """A price that changes ends now and stays known for quotes already made."""
    if not told.extra_work:
        return
    found = {row.code: row for row in price_lists.prices(rows.session, rows.org_id)}
    items = {code: _price(row, {}) for code, row in found.items()}
    changes: dict[str, list[str]] = {}
    for row in told.extra_work:
        before = items.get(row.code)
        item = _price(found.get(row.code), row.model_dump(exclude_unset=row.code in found))
        items[row.code] = item
        names = extras.PRICE_FIELDS
        changes[row.code] = [
            name for name in names if before and getattr(before, name) != getattr(item, name)
        ]
        rows.report.count("extra_work", row.code, changes[row.code], is_new=before is None)
    if set(items) - set(found) or any(changes.values()):
        extras.set_prices(rows.session, rows.actor, PriceList(list(items.values())))


def _price(row: ExtraWork | None, said: Mapping[str, Any]) -> ExtraWorkPrice:
    """A price in force, as the file wants it to be."""
    names = ("code", *extras.PRICE_FIELDS)
    return ExtraWorkPrice(**{**({name: getattr(row, name) for name in names} if row else {}), **said})
