"""Plan runs worked on beside the web server: the table is the queue, a warm child process is the solver."""

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backend.db.session import Database
from backend.db.types import utc_now
from backend.scheduling import runs
from backend.scheduling.executor import GRACE_S, RunExecutor
from backend.scheduling.models import PlanRun
from backend.scheduling.result import PlanningError
from backend.scheduling.solver_process import SolverProcess

LOOK_AGAIN_S = 5.0
log = structlog.get_logger("backend.solver")


class EmbeddedSolver:
    """Takes waiting runs, oldest first, on `processes` solvers of this machine.

    Several servers on one database share the runs: each is claimed by one, and taken over when that one falls
    silent.
    """

    def __init__(
        self,
        db: Database,
        processes: int = 1,
        *,
        osrm_url: str = "",
        grace_s: float = GRACE_S,
        warm: bool = True,
    ) -> None:
        self._db, self._grace_s, self._warm = db, grace_s, warm
        self._solvers = [SolverProcess(osrm_url) for _ in range(processes)]
        self._tasks: list[asyncio.Task[None]] = []
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def pids(self) -> list[int]:
        """The solver processes that run now."""
        return [solver.pid for solver in self._solvers if solver.pid is not None]

    def enqueue(self, session: Session, run: PlanRun) -> None:
        """The row itself is the entry in the queue."""

    def wake(self) -> None:
        self._woken.set()

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work(solver)) for solver in self._solvers]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await asyncio.gather(*(solver.close() for solver in self._solvers))

    async def _work(self, solver: SolverProcess) -> None:
        executor = RunExecutor(self._db, solver, self._grace_s)
        if self._warm:
            await self._warm_up(solver)
        while True:
            self._woken.clear()
            try:
                is_waiting = await self._take_all(executor)
            except (SQLAlchemyError, OSError) as error:
                log.error("plan runs cannot be read", error=type(error).__name__, exc_info=error)
                is_waiting = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN_S if is_waiting else None)

    async def _warm_up(self, solver: SolverProcess) -> None:
        try:
            await solver.start()
        except PlanningError as error:
            # The next run tries again, and says so to whoever asked for it.
            log.error("solver does not start", code=error.code, detail=error.detail)

    async def _take_all(self, executor: RunExecutor) -> bool:
        """Work until nothing waits; whether a run in other hands may have to be taken over later."""
        while waiting := await self._db.read(runs.waiting_runs, utc_now()):
            for run_id in waiting:
                await executor.run(run_id)
        return await self._db.read(runs.has_unfinished)
