"""Tables of the price list for extra work and of customers' answers to quotes."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column, json_list, utc_now


class ExtraWork(OrgRow, table=True):
    """One price of one kind of work, from when until when it was asked; no category means every product."""

    __tablename__ = "extra_work"
    __table_args__ = (
        sa.UniqueConstraint("org_id", "code", "valid_from"),
        sa.Index(
            "uq_extra_work_in_force",
            "org_id",
            "code",
            unique=True,
            sqlite_where=sa.text("valid_until IS NULL"),
            postgresql_where=sa.text("valid_until IS NULL"),
        ),
        sa.CheckConstraint("price_fen >= 0", name="price"),
    )

    code: str = Field(max_length=40)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    category: str = Field(default="", max_length=40)
    price_fen: int
    valid_from: dt.datetime = Field(default_factory=utc_now)
    valid_until: dt.datetime | None = None


class QuoteState(enum.StrEnum):
    """What became of a quote. A withdrawn one was agreed and then neither done nor charged."""

    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ExtraQuote(OrgRow, table=True):
    """A customer's answer to an exact quote; `id` is the phone's, `lines` carry both names of articles."""

    __tablename__ = "extra_quote"
    __table_args__ = (sa.CheckConstraint("total_fen >= 0", name="total"),)

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    visit_id: uuid.UUID = Field(foreign_key="visit.id")
    state: QuoteState = Field(sa_type=enum_column(QuoteState))
    snapshot: str
    sha256: str = Field(max_length=64)
    lines: list[Any] = Field(default_factory=list, sa_type=json_list())
    total_fen: int
    signer: str = Field(default="", max_length=120)
    strokes: list[Any] = Field(default_factory=list, sa_type=json_list())
    decided_at: dt.datetime
    note: str = Field(default="", max_length=2000)
