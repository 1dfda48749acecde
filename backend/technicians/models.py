"""Tables of technicians and when they work."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Row, Table


class Technician(OrgRow, table=True):
    """A person who visits customers. Costs are the brand's; a vendor's technician is paid by tariff."""

    __tablename__ = "technician"

    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id", index=True)
    region_id: uuid.UUID = Field(foreign_key="region.id", index=True)
    name: str = Field(max_length=120)
    phone: str = Field(max_length=20)
    home_lat: float
    home_lng: float
    color: str = Field(default="#3b6fd4", max_length=7)
    hourly_fen: int = 6_000
    per_km_fen: int = 80
    day_fee_fen: int = 0
    overtime_hourly_fen: int = 9_000
    overtime_limit_s: int = 3_600
    is_active: bool = True


class TechnicianSkill(Table, table=True):
    __tablename__ = "technician_skill"
    __table_args__ = (sa.CheckConstraint("level BETWEEN 1 AND 9", name="level"),)

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    skill: str = Field(max_length=40, primary_key=True)
    level: int = 1


class TechnicianCertificate(Table, table=True):
    __tablename__ = "technician_certificate"

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    code: str = Field(max_length=40, primary_key=True)
    expires_on: dt.date


class Shift(Row, table=True):
    """One working day; the lunch break of `break_s` is taken somewhere inside its window."""

    __tablename__ = "shift"
    __table_args__ = (
        sa.UniqueConstraint("technician_id", "day"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
        sa.CheckConstraint("(break_from IS NULL) = (break_until IS NULL)", name="break"),
    )

    technician_id: uuid.UUID = Field(foreign_key="technician.id", index=True)
    day: dt.date = Field(index=True)
    starts_at: dt.datetime
    ends_at: dt.datetime
    break_from: dt.datetime | None = None
    break_until: dt.datetime | None = None
    break_s: int = 0


class FreedDay(Table, table=True):
    """A day that somebody made free by hand: no shift comes back to it by itself."""

    __tablename__ = "freed_day"

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    day: dt.date = Field(primary_key=True)


class Position(Table, table=True):
    """Where a technician was, reported only while on shift and on the way or on site."""

    __tablename__ = "position"

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    at: dt.datetime = Field(primary_key=True)
    lat: float
    lng: float
    accuracy_m: float
    job_id: uuid.UUID | None = Field(default=None, foreign_key="job.id")


class LastPosition(Table, table=True):
    """The newest position; `announced_at` is when the feed last told of one, which it does now and then."""

    __tablename__ = "last_position"

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    at: dt.datetime
    lat: float
    lng: float
    accuracy_m: float
    announced_at: dt.datetime | None = None


class CertificatePicture(Table, table=True):
    """A picture of a certificate as customers may see it, without a camera's notes."""

    __tablename__ = "certificate_picture"

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    code: str = Field(max_length=40, primary_key=True)
    webp: bytes


class TechnicianPortrait(Table, table=True):
    """A technician's picture as customers see it: a small square, without a camera's notes."""

    __tablename__ = "technician_portrait"

    technician_id: uuid.UUID = Field(foreign_key="technician.id", primary_key=True)
    webp: bytes
