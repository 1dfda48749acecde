"""What nobody waits for, done beside the web server: tables are the queue and the calendar.

Several servers on one database share the work: an import is claimed by one, an offer is ended by one.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable

import structlog
from sqlmodel import Session

from backend.db.session import Database
from backend.db.types import utc_now
from backend.imports import intake, runs
from backend.messages.chase import chase
from backend.offers import expiry
from backend.ratings.complaints import escalate_due
from backend.tracking import lessons

LOOK_EVERY_S = 5.0
CHASE_EVERY_S = 60.0
LEARN_EVERY_S = 600.0
log = structlog.get_logger("backend.background")


class EmbeddedBackground:
    """Applies imports, lets offers run out, looks after who waits: tasks of the server's own event loop."""

    def __init__(self, db: Database, look_every_s: float = LOOK_EVERY_S) -> None:
        self._db, self._look_every_s = db, look_every_s
        self._woken: list[asyncio.Event] = []
        self._tasks: list[asyncio.Task[None]] = []

    def hand_over_import(self, session: Session, run_id: uuid.UUID) -> None:
        """The row itself is the entry in the queue."""

    def wake(self) -> None:
        for woken in self._woken:
            woken.set()

    async def start(self) -> None:
        chores = (
            (self._apply_imports, self._look_every_s),
            (self._end_offers, self._look_every_s),
            (self._chase, CHASE_EVERY_S),
            (self._learn_arrivals, LEARN_EVERY_S),
        )
        for chore, every_s in chores:
            woken = asyncio.Event()
            self._woken.append(woken)
            self._tasks.append(asyncio.create_task(self._again_and_again(chore, woken, every_s)))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks, self._woken = [], []

    async def _again_and_again(
        self, chore: Callable[[], Awaitable[None]], woken: asyncio.Event, every_s: float
    ) -> None:
        while True:
            woken.clear()
            try:
                await chore()
            except Exception as error:
                # Whatever it is, the next time may be better, and the other chores go on.
                log.error("chore failed", chore=chore.__name__, error=type(error).__name__, exc_info=error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), every_s)

    async def _apply_imports(self) -> None:
        for run_id in await self._db.read(runs.waiting, utc_now()):
            await intake.carry_out(self._db, run_id)

    async def _end_offers(self) -> None:
        await expiry.end_due(self._db)

    async def _chase(self) -> None:
        await chase(self._db)
        await escalate_due(self._db)

    async def _learn_arrivals(self) -> None:
        await lessons.learn_due(self._db)
