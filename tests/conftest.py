"""What every test gets: no way out to the network, and real databases for those that ask for one.

The back end is imported only by the fixtures that need it: tests/routing also runs without it.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from tests.databases import LentDatabases, PostgresServer, SqliteTemplates

DATABASES = ("sqlite", "postgresql")
RARELY = (20_000, 20, 20)  # Python's own is (700, 10, 10)
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::ffff:127.")

gc.set_threshold(*RARELY)  # before thousands of tests are collected, which stay as what they import does

# Reproducible where nobody watches, exploring where somebody does. No deadlines: a busy machine is no bug.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev")
hypothesis.settings.load_profile(PROFILE)


class NetworkBlockedError(RuntimeError):
    """A test tried to leave this machine; not an OSError, so that no retry or fallback can hide it."""


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a local socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", errors="replace")
    if host and not str(host).startswith(LOOPBACK):
        raise NetworkBlockedError(f"{event} to {host}: tests talk to this machine only")


sys.addaudithook(refuse_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=DATABASES, help="run tests that need a database on this one only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        metafunc.parametrize("database_kind", [chosen] if chosen else DATABASES, scope="session")


def pytest_collection_finish() -> None:
    """What is loaded stays: to look through it for garbage again and again costs a fifth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> "Iterator[PostgresServer]":
    """A PostgreSQL of this run's own, with nothing in it."""
    from tests.databases import PostgresServer

    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: "PostgresServer") -> str:
    """The name of a migrated, empty database to copy."""
    from backend.db.migrate import upgrade
    from tests.databases import TEMPLATE

    upgrade(postgres_server.create(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def lent_databases(postgres_server: "PostgresServer", postgres_template: str) -> "Iterator[LentDatabases]":
    """Migrated, empty databases that tests have one after the other."""
    from tests.databases import LentDatabases

    lent = LentDatabases(postgres_server, postgres_template)
    yield lent
    lent.close()


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> "SqliteTemplates":
    """A migrated, empty SQLite file to copy."""
    from backend.db.migrate import upgrade
    from tests.databases import SqliteTemplates

    templates = SqliteTemplates(tmp_path_factory.mktemp("sqlite"))
    upgrade(templates.prepare())
    return templates


@pytest.fixture
def lend_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Gives the URL of a migrated, empty database of a kind, this test's own until it ends."""
    lent: list[str] = []

    def lend(kind: str) -> str:
        if kind == "sqlite":
            templates: SqliteTemplates = request.getfixturevalue("sqlite_templates")
            return templates.copy_to(tmp_path / "shangmen.db")
        databases: LentDatabases = request.getfixturevalue("lent_databases")
        server: PostgresServer = request.getfixturevalue("postgres_server")
        lent.append(databases.lend())
        return server.driver_url(lent[-1])

    yield lend
    for name in lent:
        request.getfixturevalue("lent_databases").take_back(name)


@pytest.fixture
def database_url(database_kind: str, lend_database: Callable[[str], str]) -> str:
    """The URL of a migrated, empty database of this test's own, on SQLite and on PostgreSQL."""
    return lend_database(database_kind)


@pytest.fixture
def database_urls(request: pytest.FixtureRequest, lend_database: Callable[[str], str]) -> tuple[str, ...]:
    """One of each kind, for a test whose inputs cost more to find than to try on both."""
    chosen = request.config.getoption("--db")
    return tuple(lend_database(kind) for kind in ([chosen] if chosen else DATABASES))


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a single table, for tests of the migrations themselves."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    from tests.databases import unique_name

    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = unique_name()
    try:
        yield server.create(name)
    finally:
        server.drop(name)
