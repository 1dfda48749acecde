"""Tables of customers and their places."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, VersionedRow
from backend.db.types import enum_column


class Customer(OrgRow, table=True):
    """A person who is visited; once erased, name and phone are empty and nothing new is added."""

    __tablename__ = "customer"
    __table_args__ = (sa.Index(None, "org_id", "phone"),)

    name: str = Field(max_length=120)
    phone: str = Field(max_length=20)
    locale: str = Field(default="zh-CN", max_length=10)
    erased_at: dt.datetime | None = None


class LocationSource(enum.StrEnum):
    """Where a place's coordinates came from."""

    FILE = "file"
    GAZETTEER = "gazetteer"
    GEOCODER = "geocoder"
    PIN = "pin"
    MISSING = "missing"


class Place(VersionedRow, table=True):
    """An address; `lat`/`lng` (WGS-84) are both there or both missing."""

    __tablename__ = "place"
    __table_args__ = (
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="both_coordinates"),
        sa.CheckConstraint(
            "lat IS NULL OR (lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180)", name="on_earth"
        ),
    )

    customer_id: uuid.UUID = Field(foreign_key="customer.id", index=True)
    region_id: uuid.UUID = Field(foreign_key="region.id", index=True)
    address: str = Field(max_length=300)
    community: str = Field(default="", max_length=120)
    district: str = Field(default="", max_length=60)
    lat: float | None = None
    lng: float | None = None
    source: LocationSource = Field(default=LocationSource.MISSING, sa_type=enum_column(LocationSource))
