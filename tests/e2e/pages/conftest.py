"""A dispatcher at a screen, and a colleague who works through the API."""

from collections.abc import Iterator

import pytest

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer


@pytest.fixture
def console(desktop_context: ContextFactory, live_server: LiveServer) -> Console:
    return Console(desktop_context().new_page(), live_server.url)


@pytest.fixture
def office(live_server: LiveServer) -> Iterator[Office]:
    with signed_in(live_server.url, "dispatcher", PASSWORD) as client:
        yield Office(client)
