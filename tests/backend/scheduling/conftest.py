"""One warm solver for all tests of planning, and the planner that uses it on a test's own database."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.scheduling import runs, service
from backend.scheduling.executor import RunExecutor
from backend.scheduling.models import PlanRun
from backend.scheduling.service import PlanView
from backend.scheduling.solver_process import SolverProcess
from backend.settings import Settings
from tests.factories.scheduling import DAY, PlanningDay

SEARCH_S = 0.25  # days of a handful of jobs
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Planner:
    """Services on one database, and a solver beside them."""

    portal: BlockingPortal
    db: Database
    solver: SolverProcess

    def read(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self.portal.call(lambda: self.db.read(work, *args, **kwargs))

    def write(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self.portal.call(lambda: self.db.write(work, *args, **kwargs))

    def ask(self, day: PlanningDay, seconds: float = SEARCH_S) -> PlanRun:
        """A run in the queue."""
        wish = runs.Wish(day.region.id, DAY, seconds)
        return self.write(runs.request_run, day.dispatcher, wish, lambda _session, _run: None)

    def carry_out(self, run: PlanRun, actor: Actor) -> PlanRun:
        """The run at its end."""
        self.portal.call(RunExecutor(self.db, self.solver).run, run.id)
        return self.read(runs.get_run, actor, run.id)

    def plan(self, day: PlanningDay, seconds: float = SEARCH_S) -> PlanView:
        """A draft of the day."""
        run = self.carry_out(self.ask(day, seconds), day.dispatcher)
        assert run.plan_id is not None, run.error
        return self.read(service.view_plan, day.dispatcher, run.plan_id)

    def publish(self, day: PlanningDay, plan_id: uuid.UUID) -> PlanView:
        return self.write(service.publish, day.dispatcher, plan_id)


@pytest.fixture(scope="session")
def warm_solver() -> Iterator[tuple[BlockingPortal, SolverProcess]]:
    """A real solver process, started once."""
    with start_blocking_portal() as portal:
        solver = SolverProcess()
        portal.call(solver.start)
        try:
            yield portal, solver
        finally:
            portal.call(solver.close)


@pytest.fixture
def planner(database_url: str, warm_solver: tuple[BlockingPortal, SolverProcess]) -> Iterator[Planner]:
    portal, solver = warm_solver

    async def opened() -> Database:
        return Database(Settings(database_url=database_url).resolved_database_url)

    database = portal.call(opened)
    try:
        yield Planner(portal, database, solver)
    finally:
        portal.call(database.close)
