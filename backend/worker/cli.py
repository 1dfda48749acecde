"""`shangmen worker` and `shangmen warm-up`."""

import argparse
import asyncio
import time
from typing import Any

from backend.errors import BadInputError


def register(subparsers: Any) -> None:  # noqa: ANN401 - argparse's own type is private
    """Add the commands of the queue's workers."""
    worker = subparsers.add_parser("worker")
    worker.add_argument("--searches", type=int, default=None, help="searches side by side")
    worker.add_argument("--heartbeat-s", type=float, default=5.0, help="how often the worker says it lives")
    worker.add_argument("--dead-after-s", type=float, default=30.0, help="silence that means a worker died")
    worker.set_defaults(run=_work)
    warm_up = subparsers.add_parser("warm-up")
    warm_up.set_defaults(run=_warm_up)


def _work(arguments: argparse.Namespace) -> int:
    from backend.db.session import is_sqlite
    from backend.ops.logs import configure_logs
    from backend.settings import Settings
    from backend.worker.worker import WorkerRules, run_worker

    settings = Settings()
    if is_sqlite(settings.resolved_database_url):
        raise BadInputError("A worker needs PostgreSQL; set SHANGMEN_DATABASE_URL.")
    if arguments.dead_after_s <= arguments.heartbeat_s:
        raise BadInputError("--dead-after-s must be longer than --heartbeat-s.")
    rules = WorkerRules(
        searches=arguments.searches or settings.solver_processes,
        heartbeat_s=arguments.heartbeat_s,
        dead_after_s=arguments.dead_after_s,
        osrm_url=settings.osrm_url,
    )
    configure_logs(settings)
    asyncio.run(run_worker(settings.resolved_database_url, settings.database_pool, rules))
    return 0


def _warm_up(_arguments: argparse.Namespace) -> int:
    from backend.scheduling.adapter import compile_all

    began = time.perf_counter()
    compile_all()
    print(f"solver ready in {time.perf_counter() - began:.1f} s")
    return 0
