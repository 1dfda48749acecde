"""Tables of jobs, their visits and their history."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table, VersionedRow
from backend.db.types import enum_column, json_list, json_object
from backend.jobs.lifecycle import JobStatus, JobType


class Job(VersionedRow, table=True):
    """One piece of work at one place. `status` is assigned by `lifecycle.apply` alone."""

    __tablename__ = "job"
    __table_args__ = (
        sa.UniqueConstraint("org_id", "number"),
        sa.CheckConstraint("(window_start IS NULL) = (window_end IS NULL)", name="window"),
        sa.CheckConstraint("window_start IS NULL OR window_end > window_start", name="window_order"),
        sa.CheckConstraint("duration_s > 0", name="duration"),
        sa.Index(None, "org_id", "region_id", "day"),
        sa.Index(None, "technician_id", "day"),
        sa.Index(None, "vendor_id", "day"),
    )

    number: str = Field(max_length=20)
    region_id: uuid.UUID = Field(foreign_key="region.id")
    case_id: uuid.UUID = Field(foreign_key="service_case.id", index=True)
    customer_id: uuid.UUID = Field(foreign_key="customer.id", index=True)
    place_id: uuid.UUID = Field(foreign_key="place.id", index=True)
    product_id: uuid.UUID = Field(foreign_key="product.id")
    asset_id: uuid.UUID | None = Field(default=None, foreign_key="asset.id")
    type: JobType = Field(sa_type=enum_column(JobType))
    status: JobStatus = Field(default=JobStatus.RECEIVED, sa_type=enum_column(JobStatus), index=True)
    priority: int = 0
    description: str = Field(default="", max_length=2000)
    note: str = Field(default="", max_length=2000)
    duration_s: int
    skill: str = Field(max_length=40)
    level: int = 1
    certificate: str | None = Field(default=None, max_length=40)
    price_fen: int = 0
    unserved_fen: int = 30_000
    checklist: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())
    parts: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())
    day: dt.date | None = None
    window_start: dt.datetime | None = None
    window_end: dt.datetime | None = None
    technician_id: uuid.UUID | None = Field(default=None, foreign_key="technician.id")
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id")
    lock_technician: bool = False
    lock_time: bool = False
    touched_at: dt.datetime | None = None
    unserved_reason: dict[str, Any] | None = Field(default=None, sa_type=json_object(), nullable=True)
    # Which version changed what, kept by `field_versions`: edits of different fields never collide.
    field_versions: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_object(), sa_column_kwargs={"server_default": "{}"}
    )


class VisitOutcome(enum.StrEnum):
    """How an attempt ended; an open visit has none."""

    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    EXPIRED = "expired"
    NO_SHOW = "no_show"
    CUSTOMER_ABSENT = "customer_absent"
    NEEDS_PART = "needs_part"
    TO_WORKSHOP = "to_workshop"
    CANCELLED = "cancelled"


# An offer nobody answered in time is no refusal: the phone may have been off.
REFUSED = (VisitOutcome.DECLINED, VisitOutcome.NO_SHOW)


class Visit(VersionedRow, table=True):
    """One attempt at a job by one technician at a planned time.

    `busy_from`/`busy_until` is the time the visit takes from its technician; the database refuses two open
    visits of a technician that overlap. `vendor_id` is whom the technician worked for when it was given, and
    `pays_fen` the tariff it was given for, whatever comes later; none where they are paid by the hour.
    """

    __tablename__ = "visit"
    __table_args__ = (
        sa.UniqueConstraint("job_id", "attempt"),
        sa.CheckConstraint("busy_until > busy_from", name="busy_order"),
        sa.Index(
            "uq_visit_open",
            "job_id",
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        ),
        sa.Index(None, "technician_id", "busy_from"),
        sa.Index(None, "offer_expires_at"),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    attempt: int = 1
    technician_id: uuid.UUID = Field(foreign_key="technician.id")
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id", index=True)
    outcome: VisitOutcome | None = Field(default=None, sa_type=enum_column(VisitOutcome), nullable=True)
    plan_id: uuid.UUID | None = Field(default=None, foreign_key="plan.id")
    arrive_at: dt.datetime
    busy_from: dt.datetime
    busy_until: dt.datetime
    travel_s: int = 0
    travel_m: int = 0
    pays_fen: int | None = None
    why: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    offer_expires_at: dt.datetime | None = None
    accepted_at: dt.datetime | None = None
    departed_at: dt.datetime | None = None
    arrived_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None
    fault_code: str = Field(default="", max_length=40)


class JobEvent(OrgRow, table=True):
    """One applied action: history, audit and the customer's timeline are read from here."""

    __tablename__ = "job_event"
    __table_args__ = (sa.UniqueConstraint("job_id", "seq"),)

    job_id: uuid.UUID = Field(foreign_key="job.id")
    visit_id: uuid.UUID | None = Field(default=None, foreign_key="visit.id")
    seq: int
    action: str = Field(max_length=40)
    from_status: str = Field(max_length=24)
    to_status: str = Field(max_length=24)
    actor_kind: str = Field(max_length=24)
    actor_id: uuid.UUID | None = None
    actor_name: str = Field(default="", max_length=120)
    at: dt.datetime
    device_at: dt.datetime | None = None
    request_id: str = Field(default="", max_length=64)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())


class NumberSeries(Table, table=True):
    """The last number given out under a prefix, for order-like numbers people read out on the phone."""

    __tablename__ = "number_series"

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    prefix: str = Field(max_length=12, primary_key=True)
    value: int = 0
