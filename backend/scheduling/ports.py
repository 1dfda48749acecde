"""Who works on plan runs: this process and its solver, or workers on any number of machines."""

from typing import Protocol, runtime_checkable

from sqlmodel import Session

from backend.db.session import Database
from backend.scheduling.embedded import EmbeddedSolver
from backend.scheduling.models import PlanRun
from backend.settings import Settings


@runtime_checkable  # Litestar checks what it injects
class SolverPort(Protocol):
    """Where plan runs go. A run is a row; what is done with it is told by its state alone."""

    def enqueue(self, session: Session, run: PlanRun) -> None:
        """Hand a run over in the caller's transaction: it will be worked on if, and only if, that commits."""
        ...

    def wake(self) -> None:
        """Say that a transaction that handed a run over has committed."""
        ...

    async def start(self) -> None:
        """Begin to work; runs that an earlier process left unfinished are taken up again."""
        ...

    async def close(self) -> None:
        """Stop. A search under way goes back into the queue."""
        ...


def make_solver(settings: Settings, db: Database) -> SolverPort:
    """The solver the settings ask for; the queue needs PostgreSQL."""
    if settings.solver == "queue":
        from backend.worker.queue import QueueSolver

        return QueueSolver(settings.resolved_database_url)
    return EmbeddedSolver(
        db, settings.solver_processes, osrm_url=settings.osrm_url, warm=settings.solver_warm_up
    )
