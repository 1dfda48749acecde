"""What tables have in common."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from backend.db.types import utc_now, uuid7


class Row(SQLModel):
    """A table with a time-ordered id and the instant it was created."""

    id: uuid.UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: dt.datetime = Field(default_factory=utc_now)


class OrgRow(Row):
    """A row that belongs to one organisation; no other organisation can ever see it."""

    org_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)


class VersionedRow(OrgRow):
    """A row people change at the same time: an update of an old version fails instead of overwriting."""

    version: int = Field(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        table: sa.Table = getattr(cls, "__table__")  # noqa: B009 - the mapper sets it, the type does not say so
        return {"version_id_col": table.c.version}
