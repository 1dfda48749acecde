"""Alembic's environment: one history for SQLite and PostgreSQL."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from backend.db import migrate, registry

METADATA = registry.METADATA


def _render(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Keep migrations free of sqlmodel imports."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


def _migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate.run(context.config.attributes["url"], _migrate)
