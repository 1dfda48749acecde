"""What the demo company sells and how it serves it: products, parts, services with their checklists."""

import json
import uuid
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from backend.assets.models import Product, ServiceSpec
from backend.company.catalogue import spec_values
from backend.demo.ids import demo_id
from backend.extras.models import ExtraWork
from backend.parts.models import Part


@cache
def catalogue() -> dict[str, Any]:
    """The packaged catalogue: products, parts, steps, services and extra work."""
    return _packaged("catalogue_demo.json")


@cache
def company() -> dict[str, Any]:
    """The packaged company: organisation, region, shifts, vendors, office, technicians, tariffs."""
    return _packaged("company_demo.json")


def _packaged(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("backend.data") / name).read_text(encoding="utf-8"))
    return found


def add_catalogue(session: Session, org_id: uuid.UUID) -> dict[str, Product]:
    """Add products, parts, services and prices of extra work; returns the products by SKU."""
    products = {
        row["sku"]: Product(id=demo_id("product", row["sku"]), org_id=org_id, **row)
        for row in catalogue()["products"]
    }
    session.add_all(products.values())
    session.add_all(
        Part(id=demo_id("part", row["sku"]), org_id=org_id, **row) for row in catalogue()["parts"]
    )
    session.add_all(
        ExtraWork(id=demo_id("extra_work", row["code"]), org_id=org_id, **row)
        for row in catalogue()["extra_work"]
    )
    session.add_all(service_specs(org_id))
    session.flush()
    return products


def service_specs(org_id: uuid.UUID) -> list[ServiceSpec]:
    """A service per category and job type, its checklist written out."""
    steps = {step["key"]: step for step in catalogue()["steps"]}
    return [
        ServiceSpec(
            id=demo_id("service", f"{row['category']}/{row['type']}"),
            org_id=org_id,
            **spec_values(row, steps),
        )
        for row in catalogue()["services"]
    ]
