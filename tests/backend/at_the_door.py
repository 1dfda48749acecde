"""One world at the door, on both databases: fixtures that the folders which need them take from here."""

from collections.abc import Iterator

import pytest

from tests.factories.calls import Calls, calls_to
from tests.factories.doorstep import Doorstep, doorstep, save


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


@pytest.fixture
def world(db: Calls) -> Doorstep:
    """A job whose technician is on site."""
    made = doorstep()
    db.write(save, made)
    return made
