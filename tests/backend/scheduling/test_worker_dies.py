"""Workers as real processes: one that is killed or frozen in the middle of a run costs time, not a plan."""

import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from backend.audit.feed import CHANNEL
from backend.scheduling import runs
from backend.scheduling.models import Plan, PlanRun, PlanVisit, RunState
from backend.worker.queue import QueueSolver
from backend.worker.worker import driver_dsn
from tests.databases import LentDatabases, PostgresServer
from tests.factories.calls import Calls, calls_to
from tests.factories.scheduling import DAY, PlanningDay, empty_day, in_short
from tests.forked import ForkedCommand
from tests.servers import shangmen_env

WITHIN_S = 120.0
SEARCH_S = 4.0


@pytest.fixture
def url(postgres_server: PostgresServer, lent_databases: LentDatabases) -> Iterator[str]:
    name = lent_databases.lend()
    try:
        yield postgres_server.driver_url(name)
    finally:
        lent_databases.take_back(name)


@contextmanager
def worker(url: str, folder: Path) -> Iterator[ForkedCommand]:
    """`shangmen worker`, quick to notice that another one is dead."""
    env = shangmen_env(folder, SHANGMEN_DATABASE_URL=url)
    command = ["worker", "--heartbeat-s", "0.5", "--dead-after-s", "3"]
    process = ForkedCommand(command, folder, env, folder / "worker.log", folder / "worker.log")
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def full_day() -> PlanningDay:
    day = empty_day()
    for name in ("王建国", "李明", "周强"):
        day.technician(name)
    for number in range(30):
        day.job(9 + number % 8)
    return day


def ask(calls: Calls, day: PlanningDay, url: str) -> uuid.UUID:
    wish = runs.Wish(day.region.id, DAY, SEARCH_S)
    return calls.write(runs.request_run, day.dispatcher, wish, QueueSolver(url).enqueue).id


def until(calls: Calls, url: str, run_id: uuid.UUID, condition: Callable[[PlanRun], bool]) -> PlanRun:
    """The run as soon as it fulfils a condition; looks again when the feed says that something changed."""
    deadline = time.monotonic() + WITHIN_S
    with psycopg.connect(driver_dsn(url), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}".encode())
        while True:
            run = calls.read(lambda session: session.get_one(PlanRun, run_id))
            if condition(run):
                return run
            assert time.monotonic() < deadline, f"still {run.state}: {run.progress} {run.error}"
            list(listener.notifies(timeout=5, stop_after=1))


def is_searching(run: PlanRun) -> bool:
    return run.progress.get("best_cost_fen") is not None


def is_over(run: PlanRun) -> bool:
    return run.state in (RunState.DONE, RunState.FAILED)


def stored(session: Session) -> tuple[int, int]:
    """Plans, and visits in them."""
    plans = session.scalar(sa.select(sa.func.count()).select_from(Plan)) or 0
    return plans, session.scalar(sa.select(sa.func.count()).select_from(PlanVisit)) or 0


@pytest.mark.slow
def test_a_run_whose_worker_is_killed_is_run_again_and_ends_once(url: str, tmp_path: Path) -> None:
    day = full_day()
    with calls_to(url) as calls:
        calls.write(day.save)
        run_id = ask(calls, day, url)
        with worker(url, tmp_path) as first:
            until(calls, url, run_id, is_searching)
            first.send_signal(signal.SIGKILL)
            first.wait()
        calls.write(in_short, run_id)
        with worker(url, tmp_path):
            run = until(calls, url, run_id, is_over)
        assert (run.state, run.attempt, run.error) == (RunState.DONE, 2, None)
        plans, visits = calls.read(stored)
        assert plans == 1
        assert visits > 0


@pytest.mark.slow
def test_a_worker_that_wakes_up_too_late_writes_nothing(url: str, tmp_path: Path) -> None:
    day = full_day()
    with calls_to(url) as calls:
        calls.write(day.save)
        run_id = ask(calls, day, url)
        with worker(url, tmp_path) as frozen:
            until(calls, url, run_id, is_searching)
            frozen.send_signal(signal.SIGSTOP)
            calls.write(in_short, run_id)
            with worker(url, tmp_path):
                run = until(calls, url, run_id, is_over)
            assert (run.state, run.attempt) == (RunState.DONE, 2)
            before = calls.read(stored)
            frozen.send_signal(signal.SIGCONT)
            frozen.send_signal(signal.SIGTERM)
            frozen.wait(timeout=60)
        assert calls.read(stored) == before
        assert before[0] == 1
        after = calls.read(lambda session: session.get_one(PlanRun, run_id))
        assert (after.state, after.attempt, after.plan_id) == (run.state, run.attempt, run.plan_id)
