"""The services of an application whose desks answer in a thread of the test's own process.

Starting processes for each application takes seconds; that they answer the same is shown by other tests.
"""

import asyncio
from dataclasses import replace

from backend.app import Services
from backend.booking.asked import Answer, Question
from backend.booking.bookings import Bookings
from backend.booking.desk import DeskBusyError
from backend.live.asked import AskRemedies, NoRemedies, Remedy
from backend.live.desk import RemedyDesk
from backend.scheduling.adapter.quoting import Desk
from backend.scheduling.adapter.remedying import remedies
from backend.settings import Settings


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


class RemediesInThread(RemedyDesk):
    """Real remedies, spared the process around them."""

    async def ask(self, question: AskRemedies) -> tuple[Remedy, ...]:
        answer = await asyncio.to_thread(remedies, question)
        if isinstance(answer, NoRemedies):
            raise DeskBusyError(answer.detail, code="no_remedies")
        return answer.found


def services_at_hand(settings: Settings) -> Services:
    """What `Services.of` makes, with both desks in threads."""
    made = Services.of(settings)
    return replace(made, bookings=Bookings(made.db, DeskInThread()), remedies=RemediesInThread())
