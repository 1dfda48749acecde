"""A dispatcher at a screen, and a colleague who works through the API.

The tests of a file share one server, so each makes what it needs; those that need a day of their own ask for
`own_console` and `own_office`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer

# Everybody here signs in from one address, more often than people do; what the server calls is here too.
ENV = {
    "SHANGMEN_SIGN_IN_ATTEMPTS": "1000",
    "SHANGMEN_PUSH_SERVICES": '["localhost"]',
    "SHANGMEN_CHANNEL_HOSTS": '["127.0.0.0/8"]',
}


@pytest.fixture(scope="module")
def shared_server(demo_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The server with the demo day on SQLite, for the tests of one file."""
    folder = tmp_path_factory.mktemp("pages") / "data"
    server = LiveServer(shutil.copytree(demo_data_dir, folder), ENV)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def console(desktop_context: ContextFactory, shared_server: LiveServer) -> Console:
    return Console(desktop_context().new_page(), shared_server.url)


@pytest.fixture
def office(shared_server: LiveServer) -> Iterator[Office]:
    with signed_in(shared_server.url, "dispatcher", PASSWORD) as client:
        yield Office(client)


@pytest.fixture
def own_console(desktop_context: ContextFactory, live_server: LiveServer) -> Console:
    return Console(desktop_context().new_page(), live_server.url)


@pytest.fixture
def own_office(live_server: LiveServer) -> Iterator[Office]:
    with signed_in(live_server.url, "dispatcher", PASSWORD) as client:
        yield Office(client)
