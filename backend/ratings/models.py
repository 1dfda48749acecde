"""Tables of ratings and of what follows from a low one."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import json_list


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
    """Somebody to call back; `due_at` is when at the latest."""

    __tablename__ = "follow_up"
    __table_args__ = (sa.UniqueConstraint("rating_id"), sa.Index(None, "org_id", "closed_at"))

    job_id: uuid.UUID = Field(foreign_key="job.id")
    rating_id: uuid.UUID = Field(foreign_key="rating.id")
    due_at: dt.datetime
    closed_at: dt.datetime | None = None
    closed_by: str = Field(default="", max_length=120)
    outcome: str = Field(default="", max_length=1000)
