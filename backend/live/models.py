"""Tables of the live day: absences, what the organisation holds itself to, what was replanned for it."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import json_list, json_object


class Absence(OrgRow, table=True):
    """A shift that was cut short or taken away, as it was before, so that it can be given back."""

    __tablename__ = "absence"
    __table_args__ = (sa.Index(None, "technician_id", "day"),)

    technician_id: uuid.UUID = Field(foreign_key="technician.id")
    day: dt.date
    since: dt.datetime | None = None
    starts_at: dt.datetime
    ends_at: dt.datetime
    break_from: dt.datetime | None = None
    break_until: dt.datetime | None = None
    break_s: int = 0
    noted_by: str = Field(default="", max_length=120)
    taken_back_at: dt.datetime | None = None


class LiveRules(Table, table=True):
    """What an organisation holds itself to on a live day.

    `book_within_h`: hours from a report to an agreed window; `warn_minutes`: how long before a limit breaks
    it is an exception. With `is_replanning`, jobs in trouble are given to others by the software: none that
    starts within `freeze_minutes`, at most `promise_budget` promises moved a day, at most `most_fen` each.
    """

    __tablename__ = "live_rules"
    __table_args__ = (
        sa.CheckConstraint("book_within_h IS NULL OR book_within_h BETWEEN 1 AND 720", name="book_within"),
        sa.CheckConstraint("warn_minutes BETWEEN 5 AND 1440", name="warn"),
        sa.CheckConstraint("freeze_minutes BETWEEN 0 AND 1440", name="freeze"),
        sa.CheckConstraint("promise_budget BETWEEN 0 AND 1000", name="promises"),
        sa.CheckConstraint("most_fen BETWEEN 0 AND 100000000", name="most"),
    )

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    book_within_h: int | None = None
    warn_minutes: int = 60
    is_replanning: bool = False
    freeze_minutes: int = 90
    promise_budget: int = 3
    most_fen: int = 10_000


class Replanned(OrgRow, table=True):
    """One thing the software did, or decided not to do, about a job in trouble, and why."""

    __tablename__ = "replanned"
    __table_args__ = (sa.Index(None, "region_id", "day"), sa.Index(None, "job_id"))

    region_id: uuid.UUID = Field(foreign_key="region.id")
    day: dt.date
    job_id: uuid.UUID = Field(foreign_key="job.id")
    job_version: int
    trouble: str = Field(max_length=20)
    outcome: str = Field(max_length=20)
    price_fen: int = 0
    promises_moved: int = 0
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_list())


class Relaxation(OrgRow, table=True):
    """Something that gave way so that a job found a place: what was asked, and what it was before and after.

    `bend` is what gave way (`later_end`, `later_window`, `lower_skill`, ...), `subject` whose or which,
    `amount` in its unit. `before` and `after` are what putting it back needs.
    """

    __tablename__ = "relaxation"
    __table_args__ = (sa.Index(None, "job_id"), sa.Index(None, "region_id", "day"))

    job_id: uuid.UUID = Field(foreign_key="job.id")
    region_id: uuid.UUID = Field(foreign_key="region.id")
    day: dt.date
    bend: str = Field(max_length=24)
    subject: str = Field(default="", max_length=120)
    part: str = Field(default="", max_length=64)
    amount: int
    reason: str = Field(default="", max_length=300)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    after: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    made_by: str = Field(default="", max_length=120)
    undone_at: dt.datetime | None = None
    undone_by: str = Field(default="", max_length=120)
