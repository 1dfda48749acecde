"""The office beside the journey, through the API."""

from collections.abc import Iterator

import pytest

from tests.browsing import signed_in
from tests.e2e.pages.console import PASSWORD, Office
from tests.servers import LiveServer


@pytest.fixture
def office(live_server: LiveServer) -> Iterator[Office]:
    with signed_in(live_server.url, "dispatcher", PASSWORD) as client:
        yield Office(client)
