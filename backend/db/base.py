"""What tables have in common."""

import datetime as dt
import inspect
import uuid
from collections.abc import Callable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from backend.db.types import utc_now, uuid7


def _signed(factory: Callable[[], Any]) -> Callable[[], Any]:
    """The factory, with its signature at hand: pydantic asks for it with every row made.

    That of `list` it would parse each time, and Python 3.11 cannot parse in two threads at once.
    """

    if hasattr(factory, "__signature__"):  # inherited
        return factory

    def made() -> Any:  # noqa: ANN401 - whatever the column holds
        return factory()

    cast("Any", made).__signature__ = inspect.Signature()
    return made


class Table(SQLModel):
    """What every table inherits."""

    # A row is not validated: its schema, a tenth of a second for all tables, is made only if somebody asks.
    model_config = {"defer_build": True}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for field in cls.model_fields.values():
            if field.default_factory is not None:
                field.default_factory = _signed(cast("Callable[[], Any]", field.default_factory))


class Row(Table):
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
