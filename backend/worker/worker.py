"""The worker: takes plan runs and imports out of the queue, and jobs back from workers that have died."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import procrastinate
import structlog
from procrastinate import JobContext

from backend.db.session import Database
from backend.imports import forgetting, intake
from backend.messages.chase import chase
from backend.offers import expiry
from backend.ratings.complaints import escalate_due
from backend.scheduling.executor import GRACE_S, RunExecutor
from backend.scheduling.solver_process import SolverProcess
from backend.tracking import lessons
from backend.worker.queue import IMPORT_QUEUE, IMPORT_TASK, MAX_ATTEMPTS, PLAN_QUEUE, PLAN_TASK, UPKEEP_QUEUE

LOOK_EVERY = "* * * * * */5"  # seconds come last
CHASE_EVERY = "* * * * *"
LEARN_EVERY = "*/10 * * * *"
FORGET_EVERY = "30 * * * *"
log = structlog.get_logger("backend.worker")


@dataclass(frozen=True, slots=True)
class WorkerRules:
    """How many searches run side by side, how often a worker says it lives, when it is taken for dead.

    `grace_s` is what a search may take beyond its time, `shutdown_s` what it may still take at a stop.
    """

    searches: int = 1
    heartbeat_s: float = 5.0
    dead_after_s: float = 30.0
    grace_s: float = GRACE_S
    shutdown_s: float = 5.0
    osrm_url: str = ""


class Solvers:
    """The worker's solver processes, each lent to one run at a time."""

    def __init__(self, count: int, osrm_url: str = "") -> None:
        self._all = [SolverProcess(osrm_url) for _ in range(count)]
        self._free: asyncio.Queue[SolverProcess] = asyncio.Queue()
        for solver in self._all:
            self._free.put_nowait(solver)

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[SolverProcess]:
        """A free solver; waits for one."""
        solver = await self._free.get()
        try:
            yield solver
        finally:
            self._free.put_nowait(solver)

    @property
    def pids(self) -> list[int]:
        """The solver processes that run now."""
        return [solver.pid for solver in self._all if solver.pid is not None]

    async def start(self) -> None:
        """Warm every solver up."""
        await asyncio.gather(*(solver.start() for solver in self._all))

    async def close(self) -> None:
        await asyncio.gather(*(solver.close() for solver in self._all))


def driver_dsn(database_url: str) -> str:
    """The URL as the queue's own driver reads it."""
    return database_url.replace("postgresql+asyncpg://", "postgresql://", 1)


def build_queue(database_url: str, db: Database, solvers: Solvers, rules: WorkerRules) -> procrastinate.App:
    """The queue with its tasks."""
    connector = procrastinate.PsycopgConnector(conninfo=driver_dsn(database_url), min_size=1, max_size=4)
    queue = procrastinate.App(connector=connector)
    retry = procrastinate.RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2)

    @queue.task(name=PLAN_TASK, queue=PLAN_QUEUE, retry=retry)
    async def plan_run(run_id: str) -> None:
        # The queue gives a job to one worker; meeting a claimed run means that its worker is gone.
        async with solvers.lend() as solver:
            await RunExecutor(db, solver, rules.grace_s).run(uuid.UUID(run_id), is_orphaned=True)

    @queue.task(name=IMPORT_TASK, queue=IMPORT_QUEUE, retry=retry)
    async def import_apply(run_id: str) -> None:
        await intake.carry_out(db, uuid.UUID(run_id), is_orphaned=True)

    @queue.periodic(cron=LOOK_EVERY, periodic_id="end_offers")
    @queue.task(name="end_offers", queue=UPKEEP_QUEUE, queueing_lock="end_offers")
    async def end_offers(timestamp: int) -> None:
        await expiry.end_due(db)

    @queue.periodic(cron=CHASE_EVERY, periodic_id="chase")
    @queue.task(name="chase", queue=UPKEEP_QUEUE, queueing_lock="chase")
    async def chase_once(timestamp: int) -> None:
        await chase(db)
        await escalate_due(db)

    @queue.periodic(cron=LEARN_EVERY, periodic_id="learn_arrivals")
    @queue.task(name="learn_arrivals", queue=UPKEEP_QUEUE, queueing_lock="learn_arrivals")
    async def learn_arrivals(timestamp: int) -> None:
        await lessons.learn_due(db)

    @queue.periodic(cron=FORGET_EVERY, periodic_id="forget_order_files")
    @queue.task(name="forget_order_files", queue=UPKEEP_QUEUE, queueing_lock="forget_order_files")
    async def forget_order_files(timestamp: int) -> None:
        await forgetting.forget_old(db)

    @queue.periodic(cron=LOOK_EVERY, periodic_id="rescue")
    @queue.task(name="rescue", queue=UPKEEP_QUEUE, queueing_lock="rescue", pass_context=True)
    async def rescue(context: JobContext, timestamp: int) -> None:
        await rescue_stalled(context.app, rules.dead_after_s)

    return queue


async def rescue_stalled(queue: procrastinate.App, dead_after_s: float) -> int:
    """Put jobs of workers that fell silent back into the queue; the queue itself never does."""
    stalled = list(await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after_s))
    for job in stalled:
        log.warning("job rescued", task=job.task_name, job_id=job.id, attempt=job.attempts)
        await queue.job_manager.retry_job(job)
    return len(stalled)


async def run_worker(database_url: str, pool_size: int, rules: WorkerRules) -> None:
    """Work until SIGTERM or SIGINT; a search under way then goes back into the queue."""
    db = Database(database_url, pool_size=pool_size)
    solvers = Solvers(rules.searches, rules.osrm_url)
    try:
        await solvers.start()
        await take_jobs(database_url, db, solvers, rules)
    finally:
        await solvers.close()
        await db.close()


async def take_jobs(
    database_url: str, db: Database, solvers: Solvers, rules: WorkerRules, *, has_signals: bool = True
) -> None:
    """Take jobs until asked to stop, by a signal or by cancelling."""
    async with build_queue(database_url, db, solvers, rules).open_async() as queue:
        await queue.run_worker_async(
            queues=[PLAN_QUEUE, IMPORT_QUEUE, UPKEEP_QUEUE],
            concurrency=rules.searches + 2,
            update_heartbeat_interval=rules.heartbeat_s,
            stalled_worker_timeout=rules.dead_after_s,
            shutdown_graceful_timeout=rules.shutdown_s,
            install_signal_handlers=has_signals,
            delete_jobs="successful",
        )
