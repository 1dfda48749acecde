"""Tables of offers, those they go to, and the log nobody can change."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column, json_object


class OfferMode(enum.StrEnum):
    """Ranked: one after the other, the next when somebody declines or time runs out. Open: all at once."""

    RANKED = "ranked"
    OPEN = "open"


class OfferState(enum.StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    EXHAUSTED = "exhausted"
    WITHDRAWN = "withdrawn"


class Answer(enum.StrEnum):
    """Where one candidate stands; listed ones have not been asked yet."""

    LISTED = "listed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Offer(OrgRow, table=True):
    """A job proposed to people in an order. The database allows a job one open offer."""

    __tablename__ = "offer"
    __table_args__ = (
        sa.Index(
            "uq_offer_open",
            "job_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.CheckConstraint("minutes > 0", name="minutes"),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    mode: OfferMode = Field(sa_type=enum_column(OfferMode))
    state: OfferState = Field(default=OfferState.OPEN, sa_type=enum_column(OfferState), index=True)
    minutes: int
    created_by: str = Field(default="", max_length=120)
    ended_at: dt.datetime | None = None


class OfferCandidate(OrgRow, table=True):
    """Somebody on an offer's list: a technician with a start, or a vendor that assigns its own."""

    __tablename__ = "offer_candidate"
    __table_args__ = (
        sa.UniqueConstraint("offer_id", "position"),
        sa.CheckConstraint("(technician_id IS NULL) <> (vendor_id IS NULL)", name="whom"),
        sa.CheckConstraint("technician_id IS NULL OR start_at IS NOT NULL", name="start"),
        sa.Index(
            "uq_offer_candidate_winner",
            "offer_id",
            unique=True,
            sqlite_where=sa.text("answer = 'accepted'"),
            postgresql_where=sa.text("answer = 'accepted'"),
        ),
        sa.Index(None, "answer", "expires_at"),
    )

    offer_id: uuid.UUID = Field(foreign_key="offer.id")
    position: int
    technician_id: uuid.UUID | None = Field(default=None, foreign_key="technician.id", index=True)
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id", index=True)
    start_at: dt.datetime | None = None
    why: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    answer: Answer = Field(default=Answer.LISTED, sa_type=enum_column(Answer))
    expires_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    reason: str = Field(default="", max_length=20)
    text: str = Field(default="", max_length=2000)


class OfferEntry(OrgRow, table=True):
    """One line of an offer's log. The database refuses to change or delete it."""

    __tablename__ = "offer_entry"
    __table_args__ = (sa.UniqueConstraint("offer_id", "seq"),)

    offer_id: uuid.UUID = Field(foreign_key="offer.id")
    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    seq: int
    at: dt.datetime
    event: str = Field(max_length=20)
    position: int | None = None
    technician_id: uuid.UUID | None = Field(default=None, foreign_key="technician.id")
    vendor_id: uuid.UUID | None = Field(default=None, foreign_key="vendor.id")
    actor_kind: str = Field(max_length=24)
    actor_name: str = Field(default="", max_length=120)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
