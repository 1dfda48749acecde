"""Who does what nobody waits for: this process, or workers on any number of machines."""

import uuid
from typing import Protocol, runtime_checkable

from sqlmodel import Session

from backend.background.embedded import EmbeddedBackground
from backend.db.session import Database
from backend.settings import Settings


@runtime_checkable  # Litestar checks what it injects
class BackgroundPort(Protocol):
    """Where imports go that are to be applied, and who lets offers run out."""

    def hand_over_import(self, session: Session, run_id: uuid.UUID) -> None:
        """Hand an import over in the caller's transaction: it is applied if, and only if, that commits."""
        ...

    def wake(self) -> None:
        """Say that a transaction that handed something over has committed."""
        ...

    async def start(self) -> None:
        """Begin to work; what an earlier process left unfinished is taken up again."""
        ...

    async def close(self) -> None:
        """Stop. What is half done is gone on with by whoever starts next."""
        ...


def make_background(settings: Settings, db: Database) -> BackgroundPort:
    """The one the settings ask for: where workers search for plans, they do this too."""
    if settings.solver == "queue":
        from backend.worker.queue import QueueBackground

        return QueueBackground()
    return EmbeddedBackground(db)
