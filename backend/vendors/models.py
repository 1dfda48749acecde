"""Tables of vendors and their tariffs."""

import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column
from backend.jobs.lifecycle import JobType


class Vendor(OrgRow, table=True):
    __tablename__ = "vendor"
    __table_args__ = (sa.CheckConstraint("daily_capacity >= 0", name="capacity"),)

    name: str = Field(max_length=120)
    daily_capacity: int = 20


class Tariff(OrgRow, table=True):
    """What a vendor is paid for one finished job of a type and category."""

    __tablename__ = "tariff"
    __table_args__ = (
        sa.UniqueConstraint("vendor_id", "category", "job_type"),
        sa.CheckConstraint("price_fen >= 0", name="price"),
    )

    vendor_id: uuid.UUID = Field(foreign_key="vendor.id", index=True)
    category: str = Field(max_length=40)
    job_type: JobType = Field(sa_type=enum_column(JobType))
    price_fen: int
