"""Tables of products, service specifications and customers' appliances."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column, json_list
from backend.jobs.lifecycle import JobType


class Product(OrgRow, table=True):
    __tablename__ = "product"
    __table_args__ = (sa.UniqueConstraint("org_id", "sku"),)

    sku: str = Field(max_length=60)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    category: str = Field(max_length=40, index=True)


class ServiceSpec(OrgRow, table=True):
    """How one job type is done on one product category: time, skill, certificate, price, checklist.

    `checklist` items: {key, kind: check|reading|text|choice|photo, title: {zh, en}, required, unit, min, max,
    choices: [{value, zh, en}]}. `parts` items: {sku, qty}, what the technician should carry.
    """

    __tablename__ = "service_spec"
    __table_args__ = (
        sa.UniqueConstraint("org_id", "category", "job_type"),
        sa.CheckConstraint("duration_s > 0", name="duration"),
        sa.CheckConstraint("price_fen >= 0", name="price"),
    )

    category: str = Field(max_length=40)
    job_type: JobType = Field(sa_type=enum_column(JobType))
    duration_s: int
    skill: str = Field(max_length=40)
    level: int = Field(default=1)
    certificate: str | None = Field(default=None, max_length=40)
    price_fen: int = 0
    unserved_fen: int = 30_000
    checklist: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())
    parts: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())


class Asset(OrgRow, table=True):
    """One appliance at one customer's. A serial number is unique within its product when it is known."""

    __tablename__ = "asset"
    __table_args__ = (sa.Index("uq_asset_serial", "org_id", "product_id", "serial", unique=True),)

    customer_id: uuid.UUID = Field(foreign_key="customer.id", index=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    serial: str | None = Field(default=None, max_length=60)
    purchased_on: dt.date | None = None
    order_no: str = Field(default="", max_length=60)
