"""Bringing a database to the current schema."""

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from backend.db.session import is_sqlite
from backend.errors import BadInputError

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(url: str) -> "Config":
    """Alembic's configuration for one database; no ini file is needed."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Apply every migration that the database at `url` lacks; creates the SQLite file and its folder.

    Raises BadInputError `database_newer` for one that a later version has migrated.
    """
    from alembic import command
    from alembic.util import CommandError

    if is_sqlite(url):
        path = sa.make_url(url).database
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
    try:
        command.upgrade(alembic_config(url), "head")
    except CommandError as error:
        raise BadInputError(f"The database is a later version's: {error}", code="database_newer") from error


@functools.cache  # asked for by every probe, and reading all migrations takes a while
def head_revision() -> str | None:
    """The newest revision this code knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


Work = Callable[[sa.Connection], None]


async def _run_async(url: str, work: Work) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(work)
            await connection.commit()
    finally:
        await engine.dispose()


def run(url: str, work: Work) -> None:
    """Call `work(connection)` on a fresh connection of either database and commit."""
    if not is_sqlite(url):
        asyncio.run(_run_async(url, work))
        return
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            work(connection)
    finally:
        engine.dispose()
