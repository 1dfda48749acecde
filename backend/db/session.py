"""Connections. Services are plain functions `f(session, …)`; this module runs them, one transaction each.

PostgreSQL runs them on asyncpg through `AsyncSession.run_sync`; SQLite in one writer thread and a few
reader threads, which is cheaper than an async driver and leaves no lock to fight over inside a process.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import asyncpg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, create_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from backend.db.registry import METADATA

P = ParamSpec("P")
R = TypeVar("R")
Work = Callable[[Session], R]
Marks = frozenset[str]  # what a transaction left in its `session.info`

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "cache_size=-32000",
)
TOUCHED = "feed_touched"
# Lost, wrong password, no such database, too many connections, not accepting any, starting or stopping.
LETS_NOBODY_IN = ("08", "28", "3D", "53300", "55000", "57P")
TABLES = METADATA.tables  # a query needs every table it refers to, whoever imports this module


class DatabaseAwayError(ConnectionError):
    """The server cannot be reached, is starting, or went away in the middle: later it may be there again."""


def is_sqlite(url: str) -> bool:
    """Whether the URL names a SQLite database."""
    return url.startswith("sqlite")


class Runner(Protocol):
    """How work reaches a driver."""

    async def read(self, work: Work[R]) -> R: ...

    async def write(self, work: Work[R]) -> tuple[R, Marks]: ...

    async def close(self) -> None: ...


class Database:
    """Runs service functions against one database, reads and writes apart.

    `write` runs its function in one transaction that has committed when the call returns; an exception
    rolls it back. `read` must not change anything.
    """

    def __init__(self, url: str, pool_size: int = 20, readers: int = 4) -> None:
        self.url = url
        self.is_sqlite = is_sqlite(url)
        self.on_commit: list[Callable[[], None]] = []  # of what the feed tells
        self.on_marked: dict[str, Callable[[], None]] = {}  # of what left its mark in `session.info`
        self._runner: Runner = _ThreadRunner(url, readers) if self.is_sqlite else _AsyncRunner(url, pool_size)

    async def read(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._runner.read(lambda session: work(session, *args, **kwargs))

    async def write(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        result, marks = await self._runner.write(lambda session: work(session, *args, **kwargs))
        if TOUCHED in marks:
            for listener in self.on_commit:
                listener()
        for mark in marks & self.on_marked.keys():
            self.on_marked[mark]()
        return result

    async def close(self) -> None:
        await self._runner.close()


class _ThreadRunner:
    """SQLite: one thread writes, several read; WAL lets them overlap."""

    def __init__(self, url: str, readers: int) -> None:
        self._engine = create_engine(
            url,
            hide_parameters=True,
            connect_args={"timeout": 10, "isolation_level": None, "check_same_thread": False},
            pool_size=readers + 1,
            max_overflow=0,
        )
        event.listen(self._engine, "connect", _set_pragmas)
        event.listen(self._engine, "begin", _begin)
        self._for_write = sessionmaker(self._engine, class_=Session, expire_on_commit=False)
        read_engine = self._engine.execution_options(sqlite_begin="BEGIN")
        self._for_read = sessionmaker(read_engine, class_=Session, expire_on_commit=False, autoflush=False)
        self._writer = ThreadPoolExecutor(1, "sqlite-write")
        self._readers = ThreadPoolExecutor(readers, "sqlite-read")

    async def read(self, work: Work[R]) -> R:
        return await self._in(self._readers, partial(self._read, work))

    async def write(self, work: Work[R]) -> tuple[R, Marks]:
        return await self._in(self._writer, partial(self._write, work))

    async def _in(self, executor: Executor, call: Callable[[], R]) -> R:
        # A request that is cancelled must not abandon its transaction half way: the thread always finishes.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(executor, call))

    def _read(self, work: Work[R]) -> R:
        with self._for_read() as session:
            return work(session)

    def _write(self, work: Work[R]) -> tuple[R, Marks]:
        with self._for_write() as session, session.begin():
            result = work(session)
            session.flush()
            return result, frozenset(session.info)

    async def close(self) -> None:
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._engine.dispose()


class _AsyncRunner:
    """PostgreSQL on asyncpg; reads in autocommit, which saves two round trips each."""

    def __init__(self, url: str, pool_size: int) -> None:
        options: dict[str, Any] = {
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_pre_ping": True,
            "hide_parameters": True,
        }
        self._engine = create_async_engine(url, **options)
        event.listen(self._engine.sync_engine, "handle_error", _forget_the_row)
        # The same connections, which know the same prepared statements: the driver keeps the level itself.
        read_engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._for_write = async_sessionmaker(self._engine, class_=AsyncSession, expire_on_commit=False)
        self._for_read = async_sessionmaker(
            read_engine, class_=AsyncSession, expire_on_commit=False, autoflush=False
        )

    async def read(self, work: Work[R]) -> R:
        with _told_when_away():
            async with self._for_read() as session:
                result: R = await session.run_sync(cast("Any", work))
                return result

    async def write(self, work: Work[R]) -> tuple[R, Marks]:
        with _told_when_away():
            async with self._for_write() as session, session.begin():
                result: R = await session.run_sync(cast("Any", work))
                await session.flush()
                return result, frozenset(session.info)

    async def close(self) -> None:
        await self._engine.dispose()


@contextmanager
def _told_when_away() -> Iterator[None]:
    """One error for every way in which a server is not there."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:  # a file's trouble, not the network's
            raise
        raise DatabaseAwayError(type(error).__name__) from error
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", "") or "")
        if not error.connection_invalidated and not state.startswith(LETS_NOBODY_IN):
            raise
        raise DatabaseAwayError(f"{type(error).__name__} {state}") from error


def _forget_the_row(context: ExceptionContext) -> None:
    """Drop PostgreSQL's detail, which repeats the row that broke a rule: errors end up in logs."""
    cause = context.original_exception.__cause__
    if isinstance(cause, asyncpg.PostgresError):
        cause.detail = None


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    # A write takes the lock at once: one that reads first and upgrades later loses updates or fails.
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"))
