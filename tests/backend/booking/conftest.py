"""Booking against both databases, with the desk in a thread of the test's own process."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from backend.booking.asked import Answer, Question
from backend.booking.bookings import Bookings
from backend.db.session import Database
from backend.scheduling.adapter.quoting import Desk
from tests.factories.bookable import Town


class DeskInThread:
    """The real desk, spared the process around it."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.questions = 0
        self._turn = asyncio.Lock()

    async def ask(self, question: Question) -> Answer:
        async with self._turn:
            self.questions += 1
            return await asyncio.to_thread(self.desk.answer, question)

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to end."""


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
