"""Tables of parts, stock locations and movements."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column


class Part(OrgRow, table=True):
    __tablename__ = "part"
    __table_args__ = (
        sa.UniqueConstraint("org_id", "sku"),
        sa.CheckConstraint("price_fen >= 0", name="price"),
    )

    sku: str = Field(max_length=40)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    barcode: str = Field(default="", max_length=40, index=True)
    price_fen: int = 0


class LocationKind(enum.StrEnum):
    WAREHOUSE = "warehouse"
    VAN = "van"
    CUSTOMER = "customer"
    WORKSHOP = "workshop"
    SUPPLIER = "supplier"


class StockLocation(OrgRow, table=True):
    __tablename__ = "stock_location"
    __table_args__ = (
        sa.UniqueConstraint("technician_id"),
        sa.CheckConstraint("(kind = 'van') = (technician_id IS NOT NULL)", name="van"),
    )

    kind: LocationKind = Field(sa_type=enum_column(LocationKind))
    name: str = Field(max_length=120)
    technician_id: uuid.UUID | None = Field(default=None, foreign_key="technician.id")


class StockMove(OrgRow, table=True):
    """One movement of `qty` pieces. `use_id` is the phone's id of a use, unique so that it counts once."""

    __tablename__ = "stock_move"
    __table_args__ = (
        sa.CheckConstraint("qty > 0", name="qty"),
        sa.CheckConstraint("from_id <> to_id", name="two_places"),
        sa.UniqueConstraint("use_id", "is_return"),
        sa.Index(None, "part_id", "from_id"),
        sa.Index(None, "part_id", "to_id"),
    )

    part_id: uuid.UUID = Field(foreign_key="part.id")
    from_id: uuid.UUID = Field(foreign_key="stock_location.id", index=True)
    to_id: uuid.UUID = Field(foreign_key="stock_location.id", index=True)
    qty: int
    unit_price_fen: int = 0
    serial: str = Field(default="", max_length=60)
    job_id: uuid.UUID | None = Field(default=None, foreign_key="job.id", index=True)
    visit_id: uuid.UUID | None = Field(default=None, foreign_key="visit.id", index=True)
    use_id: uuid.UUID | None = None
    is_return: bool = False
    moved_at: dt.datetime
