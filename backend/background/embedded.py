"""What nobody waits for, done beside the web server: tables are the queue and the calendar.

Several servers on one database share the work: an import is claimed by one, an offer is ended by one.
"""

import asyncio
import uuid

from sqlmodel import Session

from backend.background.chore import Chore
from backend.db.session import Database
from backend.db.types import utc_now
from backend.imports import forgetting, intake, runs
from backend.messages.chase import chase
from backend.offers import expiry
from backend.ratings.complaints import escalate_due
from backend.tracking import lessons

LOOK_EVERY_S = 5.0
CHASE_EVERY_S = 60.0
LEARN_EVERY_S = 600.0
FORGET_EVERY_S = 3600.0


class EmbeddedBackground:
    """Applies imports, lets offers run out, looks after who waits: tasks of the server's own event loop."""

    def __init__(self, db: Database, look_every_s: float = LOOK_EVERY_S) -> None:
        self._db = db
        self._chores = (
            Chore("imports", self._apply_imports, look_every_s),
            Chore("offers", self._end_offers, look_every_s),
            Chore("chase", self._chase, CHASE_EVERY_S),
            Chore("arrivals", self._learn_arrivals, LEARN_EVERY_S),
            Chore("order files", self._forget_files, FORGET_EVERY_S),
        )

    def hand_over_import(self, session: Session, run_id: uuid.UUID) -> None:
        """The row itself is the entry in the queue."""

    def wake(self) -> None:
        for chore in self._chores:
            chore.wake()

    async def start(self) -> None:
        for chore in self._chores:
            chore.start()

    async def close(self) -> None:
        await asyncio.gather(*(chore.close() for chore in self._chores))

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

    async def _forget_files(self) -> None:
        await forgetting.forget_old(self._db)
