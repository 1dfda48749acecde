"""Tables of ratings and of what follows from a low one."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import json_list


class ComplaintRules(Table, table=True):
    """Within how many working hours a complaint is answered and settled, and which hours those are.

    `weekdays` are 0 (Monday) to 6; `calendar` is the country whose holidays count, "" for none. The office is
    told `warn_minutes` before a limit. Customers are asked how it was `ask_after_days` working days later.
    """

    __tablename__ = "complaint_rules"
    __table_args__ = (
        sa.CheckConstraint("answer_h BETWEEN 1 AND 80", name="answer"),
        sa.CheckConstraint("resolve_h BETWEEN answer_h AND 400", name="resolve"),
        sa.CheckConstraint(
            "open_from_h >= 0 AND open_from_h < open_until_h AND open_until_h <= 24", name="hours"
        ),
        sa.CheckConstraint("ask_after_days BETWEEN 1 AND 3", name="ask_after"),
    )

    org_id: uuid.UUID = Field(foreign_key="organisation.id", primary_key=True)
    answer_h: int = 9
    resolve_h: int = 27
    warn_minutes: int = 60
    weekdays: list[int] = Field(default_factory=lambda: list(range(5)), sa_type=json_list())
    open_from_h: int = 9
    open_until_h: int = 18
    calendar: str = Field(default="CN", max_length=3)
    ask_after_days: int = 1


class Rating(OrgRow, table=True):
    """A customer's word on one visit: 1 to 5 stars, and 0 to 10 for whether they would recommend us."""

    __tablename__ = "rating"
    __table_args__ = (
        sa.UniqueConstraint("visit_id"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        sa.CheckConstraint("nps IS NULL OR nps BETWEEN 0 AND 10", name="nps"),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    visit_id: uuid.UUID = Field(foreign_key="visit.id")
    technician_id: uuid.UUID = Field(foreign_key="technician.id", index=True)
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id", index=True)
    stars: int
    nps: int | None = None
    tags: list[str] = Field(default_factory=list, sa_type=json_list())
    text: str = Field(default="", max_length=1000)


class FollowUp(OrgRow, table=True):
    """A complaint: of a low rating, or one somebody took on the phone, whose words are `text`.

    It is to be answered by `due_at` and settled by `resolve_by`; `escalated_at` is when the office was told
    that the one of them it waits for is about to be broken.
    """

    __tablename__ = "follow_up"
    __table_args__ = (sa.UniqueConstraint("rating_id"), sa.Index(None, "org_id", "closed_at"))

    job_id: uuid.UUID = Field(foreign_key="job.id")
    rating_id: uuid.UUID | None = Field(default=None, foreign_key="rating.id")
    text: str = Field(default="", max_length=1000)
    due_at: dt.datetime
    resolve_by: dt.datetime
    answered_at: dt.datetime | None = None
    answered_by: str = Field(default="", max_length=120)
    escalated_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    closed_by: str = Field(default="", max_length=120)
    outcome: str = Field(default="", max_length=1000)
