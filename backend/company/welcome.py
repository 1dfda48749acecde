"""What whoever starts the server is told while there is nobody who could sign in."""

import asyncio

from sqlalchemy.exc import DBAPIError

from backend.db.session import Database
from backend.demo.service import is_empty
from backend.settings import Settings

WITHIN_S = 3.0
NOBODY_YET = (
    "There is no organisation yet, so nobody can sign in: `shangmen company load FILE` sets one up, "
    "`shangmen demo` loads an invented one."
)


def told_when_empty(settings: Settings) -> str:
    """The way in, for a migrated database without an organisation; for any other, or none, nothing."""
    try:
        return NOBODY_YET if asyncio.run(_is_empty(settings)) else ""
    except (OSError, DBAPIError):  # /ready says what is wrong with it
        return ""


async def _is_empty(settings: Settings) -> bool:
    db = Database(settings.resolved_database_url)
    try:
        return await asyncio.wait_for(db.read(is_empty), WITHIN_S)
    finally:
        await db.close()
