"""The web server's side of the queue: a task is enqueued in the transaction that asks for it."""

import json
import uuid

import sqlalchemy as sa
from sqlmodel import Session

from backend.db.session import is_sqlite
from backend.errors import BadInputError
from backend.scheduling.models import PlanRun

PLAN_TASK = "plan_run"
PLAN_QUEUE = "plan"
IMPORT_TASK = "import_apply"
IMPORT_QUEUE = "import"
UPKEEP_QUEUE = "upkeep"
# A stopped worker's job goes to another one; a run that kills its workers is given up after these.
MAX_ATTEMPTS = 5

_DEFER = sa.text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY["
    "ROW(:queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL)::procrastinate_job_to_defer_v1])"
)


def defer(session: Session, queue: str, task: str, lock: str, arguments: dict[str, str]) -> None:
    """Put a task into a queue in the caller's transaction; those with one lock are done one by one."""
    values = {"queue": queue, "task": task, "lock": lock, "args": json.dumps(arguments)}
    session.execute(_DEFER, values)


class QueueSolver:
    """Hands plan runs to workers. Runs of one region and day are worked on one after the other."""

    def __init__(self, database_url: str) -> None:
        if is_sqlite(database_url):
            raise BadInputError("SHANGMEN_SOLVER=queue needs PostgreSQL; set SHANGMEN_DATABASE_URL.")

    def enqueue(self, session: Session, run: PlanRun) -> None:
        lock = f"plan:{run.region_id}:{run.day.isoformat()}"
        defer(session, PLAN_QUEUE, PLAN_TASK, lock, {"run_id": str(run.id)})

    def wake(self) -> None:
        """The database wakes the workers when the transaction commits."""

    async def start(self) -> None:
        """Workers are processes of their own."""

    async def close(self) -> None:
        """Workers are processes of their own."""


class QueueBackground:
    """Hands imports to workers, who also let offers run out."""

    def hand_over_import(self, session: Session, run_id: uuid.UUID) -> None:
        defer(session, IMPORT_QUEUE, IMPORT_TASK, f"import:{run_id}", {"run_id": str(run_id)})

    def wake(self) -> None:
        """The database wakes the workers when the transaction commits."""

    async def start(self) -> None:
        """Workers are processes of their own."""

    async def close(self) -> None:
        """Workers are processes of their own."""
