"""Tables of blobs, photos, checklist answers and acceptances."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import json_list, json_object


class Blob(OrgRow, table=True):
    """An uploaded picture or video, addressed by the SHA-256 of what was sent; kept without its metadata."""

    __tablename__ = "blob"
    __table_args__ = (sa.UniqueConstraint("org_id", "sha256"), sa.CheckConstraint("size > 0", name="size"))

    sha256: str = Field(max_length=64)
    stored_sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=40)
    size: int
    width: int
    height: int
    uploaded_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")


class Photo(OrgRow, table=True):
    """A picture of a visit, or of one step of its checklist: the same picture may show two steps."""

    __tablename__ = "photo"
    __table_args__ = (
        sa.UniqueConstraint("visit_id", "step", "sha256"),
        sa.Index(
            "uq_photo_of_visit",
            "visit_id",
            "sha256",
            unique=True,
            sqlite_where=sa.text("step IS NULL"),
            postgresql_where=sa.text("step IS NULL"),
        ),
    )

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    visit_id: uuid.UUID = Field(foreign_key="visit.id")
    sha256: str = Field(max_length=64, index=True)
    step: str | None = Field(default=None, max_length=60)
    kind: str = Field(default="evidence", max_length=12)
    taken_at: dt.datetime


class StepAnswer(OrgRow, table=True):
    """The answer to one checklist step; the latest by device time wins."""

    __tablename__ = "step_answer"
    __table_args__ = (sa.UniqueConstraint("visit_id", "step"),)

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    visit_id: uuid.UUID = Field(foreign_key="visit.id")
    step: str = Field(max_length=60)
    value: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    device_at: dt.datetime


class Acceptance(OrgRow, table=True):
    """The customer's signature on an exact snapshot: one per visit, never changed."""

    __tablename__ = "acceptance"
    __table_args__ = (sa.UniqueConstraint("visit_id"),)

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    visit_id: uuid.UUID = Field(foreign_key="visit.id")
    snapshot: str
    sha256: str = Field(max_length=64, index=True)
    signer: str = Field(max_length=120)
    strokes: list[Any] = Field(default_factory=list, sa_type=json_list())
    signed_at: dt.datetime
