"""INSERT … ON CONFLICT for either database; their statements share no public base class."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_into(session: Session, table: type[SQLModel]) -> Any:  # noqa: ANN401 - postgresql.Insert or sqlite.Insert
    """The dialect's INSERT into a table, which has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
