"""The services of an application whose desks answer in a thread of the test's own process.

Starting processes for each application takes seconds; that they answer the same is shown by other tests.
"""

import asyncio
from dataclasses import replace
from typing import Any, cast

from backend.app import Services
from backend.booking.asked import Answer, Question
from backend.booking.bookings import Bookings
from backend.booking.desk import DeskProcess
from backend.live.desk import RemedyDesk
from backend.live.remedy_main import answer
from backend.scheduling.adapter.quoting import Desk
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


class AnswersInThread(DeskProcess):
    """What the process of remedies answers, spared the process."""

    async def ask(self, question: Question) -> Answer:
        return cast("Answer", await asyncio.to_thread(answer, cast("Any", question)))


class RemediesInThread(RemedyDesk):
    """Real remedies, ways in and merged drafts."""

    def __init__(self) -> None:
        self._process = AnswersInThread()


def services_at_hand(settings: Settings) -> Services:
    """What `Services.of` makes, with both desks in threads."""
    made = Services.of(settings)
    return replace(made, bookings=Bookings(made.db, DeskInThread()), remedies=RemediesInThread())
