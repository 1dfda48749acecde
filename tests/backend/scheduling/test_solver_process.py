"""The solver's process: it answers, it can be stopped, and its death costs one run."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from backend.scheduling.result import PlanningError, PlanRequest, PlanResult, SearchProgress
from backend.scheduling.solver_process import SolverProcess
from tests.factories.region_days import busy_day, job, region_day, technician

LONG_S = 120.0
OWNER = """
import asyncio
from backend.scheduling.solver_process import SolverProcess

async def main():
    solver = SolverProcess()
    await solver.start()
    print("solver", solver.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def ignore(_progress: SearchProgress) -> None:
    """Nobody looks at the progress."""


async def search_until_progress(
    solver: SolverProcess, request: PlanRequest, limit_s: float = LONG_S
) -> asyncio.Task[PlanResult]:
    """A search that has reported at least once."""
    reported = asyncio.Event()
    search: asyncio.Task[PlanResult] = asyncio.create_task(
        solver.solve(request, lambda _progress: reported.set(), limit_s)
    )
    waiting = asyncio.create_task(reported.wait())
    await asyncio.wait({search, waiting}, timeout=LONG_S, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert not search.done(), search.exception()
    return search


def test_cancel_keeps_the_best_plan() -> None:
    async def scenario() -> None:
        solver = SolverProcess()
        search = await search_until_progress(solver, PlanRequest(busy_day(), LONG_S))
        await solver.cancel()
        result = await asyncio.wait_for(search, 30)
        await solver.close()
        assert len(result.visits) > 0
        assert len(result.visits) + len(result.left_out) == 30

    asyncio.run(scenario())


def test_a_killed_solver_fails_its_run_and_is_replaced() -> None:
    async def scenario() -> None:
        solver = SolverProcess()
        search = await search_until_progress(solver, PlanRequest(busy_day(), LONG_S))
        assert solver.pid is not None
        os.kill(solver.pid, signal.SIGKILL)
        with pytest.raises(PlanningError) as failed:
            await search
        assert failed.value.code == "solver_crashed"
        assert "-9" in failed.value.detail
        small = PlanRequest(region_day(technician(), jobs=(job(),)), 1.0)
        assert len((await solver.solve(small, ignore, LONG_S)).visits) == 1
        await solver.close()

    asyncio.run(scenario())


def test_a_search_that_does_not_end_is_stopped() -> None:
    async def scenario() -> None:
        solver = SolverProcess()
        await solver.start()
        with pytest.raises(PlanningError) as failed:
            await solver.solve(PlanRequest(busy_day(), LONG_S), ignore, limit_s=0.5)
        assert failed.value.code == "solver_timeout"
        assert solver.pid is None

    asyncio.run(scenario())


def test_a_solver_that_cannot_start_says_so() -> None:
    async def scenario() -> None:
        solver = SolverProcess(command=("-c", "raise SystemExit(3)"))
        with pytest.raises(PlanningError) as failed:
            await solver.start()
        assert failed.value.code == "solver_crashed"
        assert "(3)" in failed.value.detail
        await solver.close()

    asyncio.run(scenario())


def test_a_day_that_contradicts_itself_is_refused_by_name() -> None:
    async def scenario() -> None:
        solver = SolverProcess()
        impossible = replace(job(7), duration_s=-60)
        with pytest.raises(PlanningError) as failed:
            await solver.solve(PlanRequest(region_day(technician(), jobs=(impossible,)), 1.0), ignore, LONG_S)
        assert failed.value.code == "bad_problem"
        assert str(impossible.id) in failed.value.detail
        assert solver.pid is not None
        await solver.close()

    asyncio.run(scenario())


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="needs Linux to wait for a process of another parent"
)
def test_the_solver_ends_with_its_owner() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        said = next(line for line in owner.stdout if line.startswith("solver "))
    solver = os.pidfd_open(int(said.split()[1]))
    owner.kill()
    owner.wait()
    ended, _, _ = select.select([solver], [], [], 30)
    os.close(solver)
    assert ended, "the solver outlived its owner"
