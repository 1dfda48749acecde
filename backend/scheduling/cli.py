"""`shangmen plan`: plan a day from the command line, and publish it when asked to."""

import argparse
import asyncio
import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

from backend.errors import BadInputError

if TYPE_CHECKING:
    from backend.db.session import Database


def register(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add `plan`."""
    plan = subparsers.add_parser("plan")
    plan.add_argument("--region", default=None, help="name or id; may be left out when there is one")
    plan.add_argument("--day", type=_day, default=None, help="YYYY-MM-DD, today in the region if left out")
    plan.add_argument("--seconds", type=float, default=10.0, help="how long to search")
    plan.add_argument("--seed", type=int, default=1)
    plan.add_argument("--publish", action="store_true", help="put the plan in force")
    plan.set_defaults(run=run_plan)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("not a day; write it as 2026-11-23") from error


def run_plan(arguments: argparse.Namespace) -> int:
    """Plan, say what came of it, publish on request; exit status 1 without a plan."""
    return asyncio.run(_plan(arguments))


async def _plan(arguments: argparse.Namespace) -> int:
    from backend.db.session import Database
    from backend.settings import Settings

    settings = Settings()
    db = Database(settings.resolved_database_url)
    try:
        return await _plan_on(db, settings.osrm_url, arguments)
    finally:
        await db.close()


async def _plan_on(db: "Database", osrm_url: str, arguments: argparse.Namespace) -> int:
    from backend.auth.actor import system_actor
    from backend.scheduling import repository, runs, service
    from backend.scheduling.executor import RunExecutor
    from backend.scheduling.models import RunState
    from backend.scheduling.solver_process import SolverProcess

    region = await db.read(repository.region_named, arguments.region)
    if region is None:
        raise BadInputError("Name one region with --region; there is none, or more than one, of that name.")
    actor = system_actor(region.org_id, "shangmen plan")
    day = arguments.day or repository.today(region)
    wish = runs.Wish(region.id, day, arguments.seconds, arguments.seed)
    run = await db.write(runs.request_run, actor, wish, lambda _session, _run: None)
    solver = SolverProcess(osrm_url)
    try:
        await RunExecutor(db, solver).run(run.id)
    finally:
        await solver.close()
    run = await db.read(runs.get_run, actor, run.id)
    if run.state in runs.UNFINISHED:
        print("a running server has taken the run; watch it there", file=sys.stderr)
        return 1
    if run.state is not RunState.DONE or run.plan_id is None:
        print(f"shangmen: no plan: {run.error or run.state}", file=sys.stderr)
        return 1
    view = await db.read(service.view_plan, actor, run.plan_id)
    print(f"{region.name} {day}: {len(view.visits)} visits, {len(view.unserved)} jobs left out,")
    print(f"cost {view.plan.cost['total'] / 100:.2f} (now {view.plan.baseline['total'] / 100:.2f})")
    if arguments.publish:
        await db.write(service.publish, actor, run.plan_id)
        print("published")
    return 0
