"""The web server's side of the queue: a plan run is enqueued in the transaction that creates it."""

import json

import sqlalchemy as sa
from sqlmodel import Session

from backend.db.session import is_sqlite
from backend.errors import BadInputError
from backend.scheduling.models import PlanRun

PLAN_TASK = "plan_run"
PLAN_QUEUE = "plan"
UPKEEP_QUEUE = "upkeep"
# A stopped worker's job goes to another one; a run that kills its workers is given up after these.
MAX_ATTEMPTS = 5

_DEFER = sa.text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY["
    "ROW(:queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL)::procrastinate_job_to_defer_v1])"
)


class QueueSolver:
    """Hands plan runs to workers. Runs of one region and day are worked on one after the other."""

    def __init__(self, database_url: str) -> None:
        if is_sqlite(database_url):
            raise BadInputError("SHANGMEN_SOLVER=queue needs PostgreSQL; set SHANGMEN_DATABASE_URL.")

    def enqueue(self, session: Session, run: PlanRun) -> None:
        session.execute(
            _DEFER,
            {
                "queue": PLAN_QUEUE,
                "task": PLAN_TASK,
                "lock": f"plan:{run.region_id}:{run.day.isoformat()}",
                "args": json.dumps({"run_id": str(run.id)}),
            },
        )

    def wake(self) -> None:
        """The database wakes the workers when the transaction commits."""

    async def start(self) -> None:
        """Workers are processes of their own."""

    async def close(self) -> None:
        """Workers are processes of their own."""
