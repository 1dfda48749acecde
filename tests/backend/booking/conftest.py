"""Booking against both databases, with the desk in a thread of the test's own process."""

from collections.abc import AsyncIterator

import pytest

from backend.booking.bookings import Bookings
from backend.db.session import Database
from tests.factories.at_hand import DeskInThread
from tests.factories.bookable import Town


class Counter:
    """Where customers book: a database, and one web server's bookings on it."""

    def __init__(self, url: str) -> None:
        self.db = Database(url)
        self.desk = DeskInThread()
        self.bookings = Bookings(self.db, self.desk)

    async def open(self, town: Town) -> Town:
        await self.db.write(town.save)
        return town


@pytest.fixture
async def counter(database_url: str, anyio_backend: str) -> AsyncIterator[Counter]:
    made = Counter(database_url)
    yield made
    await made.bookings.close()
    await made.db.close()
