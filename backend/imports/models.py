"""Tables of import runs and the rows of their files."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from backend.db.base import OrgRow
from backend.db.types import enum_column, json_list, json_object


class ImportState(enum.StrEnum):
    DRY = "dry"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class ImportRun(OrgRow, table=True):
    """One file of orders. `attempt` fences whoever applies it, `asked_by` is on whose behalf."""

    __tablename__ = "import_run"

    region_id: uuid.UUID = Field(foreign_key="region.id")
    file_name: str = Field(max_length=200)
    file_sha256: str = Field(max_length=64)
    format: str = Field(max_length=8)
    encoding: str = Field(default="", max_length=20)
    channel: str = Field(max_length=20)
    datum: str = Field(default="wgs84", max_length=8)
    state: ImportState = Field(default=ImportState.DRY, sa_type=enum_column(ImportState))
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    created_by: str = Field(default="", max_length=120)
    attempt: int = 0
    heartbeat_at: dt.datetime | None = None
    asked_by: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())


class ImportRow(OrgRow, table=True):
    """One order of a file (its `lines`), what will become of it and why."""

    __tablename__ = "import_row"
    __table_args__ = (sa.UniqueConstraint("run_id", "position"),)

    run_id: uuid.UUID = Field(foreign_key="import_run.id", index=True)
    position: int
    order_no: str = Field(default="", max_length=60)
    lines: list[Any] = Field(default_factory=list, sa_type=json_list())
    outcome: str = Field(max_length=12)
    reasons: list[Any] = Field(default_factory=list, sa_type=json_list())
    parsed: dict[str, Any] = Field(default_factory=dict, sa_type=json_object())
    raw: list[Any] = Field(default_factory=list, sa_type=json_list())
