"""The command log: every write of a phone with its reply, stored in the transaction of its effect."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import json_object, utc_now


class Command(Table, table=True):
    __tablename__ = "command"
    __table_args__ = (sa.Index(None, "job_id"),)

    id: uuid.UUID = Field(primary_key=True)
    account_id: uuid.UUID = Field(foreign_key="account.id", primary_key=True)
    kind: str = Field(max_length=40)
    job_id: uuid.UUID | None = None
    body_sha256: str = Field(max_length=64)
    http_status: int = 0
    reply: str = ""
    # The phone's own clock, and what it knew to add for the server's.
    device_at: dt.datetime
    skew_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    received_at: dt.datetime = Field(default_factory=utc_now)


class FieldConflict(OrgRow, table=True):
    """Two people changed one field not knowing of each other: the value that stands and the one that came.

    `command_id` is the phone's command; each side is {value, by, at}.
    """

    __tablename__ = "field_conflict"
    __table_args__ = (sa.UniqueConstraint("command_id", "account_id"),)

    job_id: uuid.UUID = Field(foreign_key="job.id", index=True)
    field: str = Field(max_length=40)
    command_id: uuid.UUID
    account_id: uuid.UUID = Field(foreign_key="account.id")
    standing: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    came: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    settled_at: dt.datetime | None = None
