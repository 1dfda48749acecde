"""What every way of working on plan runs promises: beside the server, and through the queue with a worker."""

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit.models import Change
from backend.db.session import Database
from backend.errors import BadInputError
from backend.scheduling import runs
from backend.scheduling.embedded import EmbeddedSolver
from backend.scheduling.models import Plan, PlanRun, RunState
from backend.scheduling.ports import SolverPort
from backend.settings import Settings
from backend.worker.queue import QueueSolver
from backend.worker.worker import Solvers, WorkerRules, take_jobs
from tests.databases import LentDatabases, PostgresServer, SqliteTemplates
from tests.factories.scheduling import DAY, PlanningDay, empty_day, in_short, small_day

WITHIN_S = 120.0
ENDED = (RunState.DONE, RunState.FAILED)
Condition = Callable[[PlanRun], bool]


class Hands(Protocol):
    """Whoever does the work behind a port."""

    @property
    def pids(self) -> list[int]: ...


@dataclass
class Bench:
    """One database, one port, and those who work behind it."""

    db: Database
    port: SolverPort
    hands: Hands
    day: PlanningDay

    async def ask(self, seconds: float = 0.3) -> uuid.UUID:
        wish = runs.Wish(self.day.region.id, DAY, seconds)
        run = await self.db.write(runs.request_run, self.day.dispatcher, wish, self.port.enqueue)
        self.port.wake()
        return run.id

    async def until(self, run_id: uuid.UUID, condition: Condition) -> PlanRun:
        """The run as soon as it fulfils a condition; looks again after each commit."""
        committed = asyncio.Event()
        self.db.on_commit.append(committed.set)
        try:
            async with asyncio.timeout(WITHIN_S):
                while True:
                    committed.clear()
                    run = await self.db.read(runs.get_run, self.day.dispatcher, run_id)
                    if condition(run):
                        return run
                    await committed.wait()
        finally:
            self.db.on_commit.remove(committed.set)

    async def ended(self, run_id: uuid.UUID) -> PlanRun:
        return await self.until(run_id, lambda run: run.state in ENDED)

    async def searching(self, run_id: uuid.UUID) -> PlanRun:
        return await self.until(run_id, lambda run: run.progress.get("best_cost_fen") is not None)


@asynccontextmanager
async def at_work(kind: str, db: Database) -> AsyncIterator[tuple[SolverPort, Hands]]:
    """A started port of a kind, and its hands."""
    if kind == "embedded":
        solver = EmbeddedSolver(db)
        await solver.start()
        try:
            yield solver, solver
        finally:
            await solver.close()
        return
    solvers = Solvers(1)
    rules = WorkerRules(shutdown_s=0.2)
    worker = asyncio.create_task(take_jobs(db.url, db, solvers, rules, has_signals=False))
    port = QueueSolver(db.url)
    try:
        yield port, solvers
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await solvers.close()


@pytest.fixture(params=["embedded", "queue"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the sort that goes with a port; what the two share is tested on both elsewhere."""
    if kind == "embedded":
        templates: SqliteTemplates = request.getfixturevalue("sqlite_templates")
        yield templates.copy_to(tmp_path / "shangmen.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    databases: LentDatabases = request.getfixturevalue("lent_databases")
    name = databases.lend()
    try:
        yield server.driver_url(name)
    finally:
        databases.take_back(name)


def play(
    kind: str, url: str, day: PlanningDay, scenario: Callable[[Bench], Coroutine[Any, Any, None]]
) -> None:
    async def main() -> None:
        db = Database(Settings(database_url=url).resolved_database_url)
        await db.write(day.save)
        try:
            async with at_work(kind, db) as (port, hands):
                await scenario(Bench(db, port, hands, day))
        finally:
            await db.close()

    asyncio.run(main())


def more_than_enough() -> PlanningDay:
    """A day on which a search always has something left to try."""
    day = empty_day()
    for name in ("王建国", "李明", "周强"):
        day.technician(name)
    for number in range(36):
        day.job(9 + number % 8)
    return day


def count(session: Session, table: type[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_run_becomes_a_draft(kind: str, place: str) -> None:
    async def scenario(bench: Bench) -> None:
        run = await bench.ended(await bench.ask())
        assert (run.state, run.error) == (RunState.DONE, None)
        assert run.plan_id is not None

    play(kind, place, small_day(), scenario)


def test_a_run_that_was_never_committed_is_never_worked_on(kind: str, place: str) -> None:
    async def scenario(bench: Bench) -> None:
        def ask_and_fail(session: Session) -> None:
            wish = runs.Wish(bench.day.region.id, DAY, 1.0)
            runs.request_run(session, bench.day.dispatcher, wish, bench.port.enqueue)
            raise BadInputError("on second thoughts")

        with pytest.raises(BadInputError):
            await bench.db.write(ask_and_fail)
        bench.port.wake()
        await bench.ended(await bench.ask())
        assert await bench.db.read(count, PlanRun) == 1
        assert await bench.db.read(count, Plan) == 1

    play(kind, place, small_day(), scenario)


def test_cancelling_a_search_keeps_its_best_plan(kind: str, place: str) -> None:
    async def scenario(bench: Bench) -> None:
        run_id = await bench.ask(seconds=WITHIN_S * 2)
        await bench.searching(run_id)
        asked = await bench.db.write(runs.cancel_run, bench.day.dispatcher, run_id)
        assert asked.state is RunState.CANCELLING
        run = await bench.ended(run_id)
        assert (run.state, run.error) == (RunState.DONE, None)
        assert run.plan_id is not None

    play(kind, place, more_than_enough(), scenario)


def test_a_killed_solver_fails_its_run_and_nothing_is_half_applied(kind: str, place: str) -> None:
    async def scenario(bench: Bench) -> None:
        run_id = await bench.ask(seconds=WITHIN_S * 2)
        await bench.searching(run_id)
        [pid] = bench.hands.pids
        os.kill(pid, signal.SIGKILL)
        run = await bench.ended(run_id)
        assert (run.state, run.plan_id) == (RunState.FAILED, None)
        assert run.error is not None
        assert run.error.startswith("solver_crashed")
        assert await bench.db.read(count, Plan) == 0
        next_run = await bench.ended(await bench.ask())
        assert next_run.state is RunState.DONE

    play(kind, place, more_than_enough(), scenario)


def test_a_run_survives_the_stop_of_its_solver(kind: str, place: str) -> None:
    async def main() -> None:
        db = Database(Settings(database_url=place).resolved_database_url)
        day = more_than_enough()
        await db.write(day.save)
        try:
            async with at_work(kind, db) as (port, hands):
                bench = Bench(db, port, hands, day)
                run_id = await bench.ask(seconds=3.0)
                await bench.searching(run_id)
            stopped = await db.read(runs.get_run, day.dispatcher, run_id)
            assert (stopped.state, stopped.attempt) == (RunState.QUEUED, 1)
            await db.write(in_short, run_id)
            async with at_work(kind, db) as (port, hands):
                run = await Bench(db, port, hands, day).ended(run_id)
            assert (run.state, run.attempt) == (RunState.DONE, 2)
            assert await db.read(count, Plan) == 1
        finally:
            await db.close()

    asyncio.run(main())


def test_progress_is_told_at_most_twice_a_second(kind: str, place: str) -> None:
    def moments(session: Session) -> list[float]:
        query = sa.select(col(Change.at)).where(col(Change.entity) == "plan_run").order_by(col(Change.seq))
        return [at.timestamp() for at in session.scalars(query)]

    async def scenario(bench: Bench) -> None:
        await bench.ended(await bench.ask(seconds=1.8))
        told = await bench.db.read(moments)
        reports = told[2:-1]  # created, claimed, reports…, done
        assert reports
        assert all(later - earlier >= 0.45 for earlier, later in pairwise(reports))

    play(kind, place, more_than_enough(), scenario)


def test_the_queue_refuses_a_database_it_cannot_live_in() -> None:
    with pytest.raises(BadInputError, match="PostgreSQL"):
        QueueSolver("sqlite:///var/shangmen.db")
