"""A database for the tests of messages, spoken to as services are."""

from collections.abc import Iterator

import pytest

from tests.factories.calls import Calls, calls_to


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls
