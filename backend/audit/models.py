"""The audit log and the change feed, both append-only."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow, Table
from backend.db.types import json_object, utc_now


class AuditEntry(OrgRow, table=True):
    __tablename__ = "audit_entry"
    __table_args__ = (sa.Index(None, "entity", "entity_id"),)

    actor_kind: str = Field(max_length=24)
    actor_id: uuid.UUID | None = None
    actor_name: str = Field(default="", max_length=120)
    action: str = Field(max_length=60)
    entity: str = Field(max_length=40)
    entity_id: uuid.UUID | None = None
    device_at: dt.datetime | None = None
    request_id: str = Field(default="", max_length=64)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())


class Change(Table, table=True):
    """One entry of the ordered feed: which record changed, and who may be told.

    `txid` is the writing transaction's id on PostgreSQL (0 on SQLite, which has one writer): the reader
    only passes transactions that can no longer commit anything, so a late commit is never skipped.
    """

    __tablename__ = "change"
    __table_args__ = (sa.Index(None, "org_id", "txid", "seq"),)

    seq: int | None = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    )
    txid: int = Field(default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False, server_default="0"))
    org_id: uuid.UUID = Field(foreign_key="organisation.id")
    entity: str = Field(max_length=24)
    entity_id: uuid.UUID
    kind: str = Field(default="updated", max_length=12)
    region_id: uuid.UUID | None = None
    technician_id: uuid.UUID | None = None
    vendor_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    at: dt.datetime = Field(default_factory=utc_now)
