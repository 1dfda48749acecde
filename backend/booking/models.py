"""Tables of booking: the organisation's rules, slots held for a moment, customers who wait for one."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import enum_column, json_list

STANDARD_WINDOWS = [[9, 11], [11, 13], [13, 15], [15, 17], [17, 19]]


class BookingRules(Table, table=True):
    """What an organisation lets its customers do. `windows` are local hours, start and end.

    A window is offered from `notice_h` before it begins, and may be changed or cancelled until
    `change_until_h` before; afterwards it costs `late_change_fen` or `late_cancel_fen`, or is refused where
    there is no such price. `reserve_percent` of a day's working time is kept for emergencies.
    """

    __tablename__ = "booking_rules"
    __table_args__ = (
        sa.CheckConstraint("reserve_percent BETWEEN 0 AND 90", name="reserve"),
        sa.CheckConstraint("days BETWEEN 1 AND 28", name="days"),
        sa.CheckConstraint("notice_h BETWEEN 0 AND 168", name="notice"),
        sa.CheckConstraint("change_until_h BETWEEN 0 AND 168", name="change_until"),
    )

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    windows: list[list[int]] = Field(
        default_factory=lambda: [list(one) for one in STANDARD_WINDOWS], sa_type=json_list()
    )
    days: int = 7
    notice_h: int = 2
    change_until_h: int = 4
    reserve_percent: int = 10
    hotline: str = Field(default="", max_length=30)
    late_change_fen: int | None = None
    late_cancel_fen: int | None = None


class BookingCharge(OrgRow, table=True):
    """What a customer agreed to pay for changing or cancelling late."""

    __tablename__ = "booking_charge"
    __table_args__ = (sa.CheckConstraint("amount_fen > 0", name="amount"),)

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    what: str = Field(max_length=12)
    amount_fen: int
    window_start: dt.datetime


class BookingDay(Table, table=True):
    """One row per region and day that booking locks, so that one slot is given away at a time."""

    __tablename__ = "booking_day"

    region_id: uuid.UUID = Field(foreign_key="region.id", primary_key=True)
    day: dt.date = Field(primary_key=True)
    turns: int = 0


class SlotHold(OrgRow, table=True):
    """A slot kept for one job until `expires_at`; the database refuses two that take the same time.

    `busy_from`/`busy_until` is the technician's time it takes, as for a visit.
    """

    __tablename__ = "slot_hold"
    __table_args__ = (
        sa.UniqueConstraint("job_id"),
        sa.CheckConstraint("busy_until > busy_from", name="busy_order"),
        sa.CheckConstraint("window_end > window_start", name="window_order"),
        sa.Index(None, "region_id", "day"),
        sa.Index(None, "technician_id", "busy_from"),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id")
    region_id: uuid.UUID = Field(foreign_key="region.id")
    day: dt.date
    technician_id: uuid.UUID = Field(foreign_key="technician.id")
    window_start: dt.datetime
    window_end: dt.datetime
    busy_from: dt.datetime
    busy_until: dt.datetime
    travel_s: int = 0
    travel_m: int = 0
    expires_at: dt.datetime


class WaitOutcome(enum.StrEnum):
    """How waiting ended."""

    BOOKED = "booked"
    LEFT = "left"


class WaitingEntry(OrgRow, table=True):
    """A customer who takes the first slot that comes free; `part` is "any", "morning" or "afternoon"."""

    __tablename__ = "waiting_entry"
    __table_args__ = (
        sa.Index(
            "uq_waiting_open",
            "job_id",
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        ),
        sa.Index(None, "region_id", "outcome"),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id")
    region_id: uuid.UUID = Field(foreign_key="region.id")
    part: str = Field(default="any", max_length=12)
    outcome: WaitOutcome | None = Field(default=None, sa_type=enum_column(WaitOutcome), nullable=True)
    ended_at: dt.datetime | None = None
