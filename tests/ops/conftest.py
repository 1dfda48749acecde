"""Servers with the named cast in their database, started as an operator starts them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import servers
from tests.databases import SqliteTemplates
from tests.forked import ForkedCommand
from tests.servers import LiveServer

StartServer = Callable[..., LiveServer]


@pytest.fixture(scope="module", autouse=True)
def real_starts() -> Iterator[None]:
    """Here programs start as they do for operators, with every import there is; not for longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(servers, "starter", servers.started_anew)
        yield


@contextmanager
def light_starts() -> Iterator[None]:
    """Programs that have imported everything, where it is asked what they do and not how they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(servers, "starter", ForkedCommand)
        yield


@pytest.fixture
def forked_starts() -> Iterator[None]:
    """Light starts for a whole test."""
    with light_starts():
        yield


@pytest.fixture
def data_dir(tmp_path: Path, sqlite_templates: SqliteTemplates) -> Path:
    """The data folder of a small company that has run for a while, on SQLite."""
    from tests.factories.calls import calls_to
    from tests.factories.cast import cast

    folder = tmp_path / "data"
    folder.mkdir()
    with calls_to(sqlite_templates.copy_to(folder / "shangmen.db")) as calls:
        calls.write(cast().save)
    return folder


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Starts servers, `start_server(data_dir, env={…})`; those still running at the end are killed."""
    started: list[LiveServer] = []

    def start(folder: Path, env: dict[str, str] | None = None) -> LiveServer:
        server = LiveServer(folder, env or {})
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill()
