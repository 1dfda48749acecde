"""Calls service functions the way the server does, from a plain test: one transaction per call."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlmodel import Session

from backend.db.session import Database
from backend.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


class Calls:
    """A database reachable from any thread of a test."""

    def __init__(self, database: Database, portal: BlockingPortal) -> None:
        self.database = database
        self._portal = portal

    def read(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._portal.call(lambda: self.database.read(work, *args, **kwargs))

    def write(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._portal.call(lambda: self.database.write(work, *args, **kwargs))

    def run(self, work: Callable[[], Awaitable[R]]) -> R:
        """Something that awaits the database by itself."""
        return self._portal.call(work)


@contextmanager
def calls_to(url: str) -> Iterator[Calls]:
    """A database opened for the length of a test."""
    resolved = Settings(database_url=url).resolved_database_url
    with start_blocking_portal() as portal:

        async def opened() -> Database:
            return Database(resolved)

        database = portal.call(opened)
        try:
            yield Calls(database, portal)
        finally:
            portal.call(database.close)
