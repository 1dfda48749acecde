"""Customers somebody of the office should call, because messages did not do it."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.errors import ConflictError, NotFoundError
from backend.jobs.models import Job
from backend.messages.models import AgentTask, TaskKind

MOST = 200
DUE_IN = {
    TaskKind.UNANSWERED: dt.timedelta(hours=8),
    TaskKind.UNDELIVERED: dt.timedelta(hours=2),
    TaskKind.NO_SHOW: dt.timedelta(hours=1),
    TaskKind.PROMISE_MOVED: dt.timedelta(hours=1),
    TaskKind.PART_TO_VAN: dt.timedelta(hours=2),
    TaskKind.SERIAL_ELSEWHERE: dt.timedelta(hours=24),
}
# An appointment says nothing of whose an appliance is.
OUTLIVES_BOOKING = (TaskKind.SERIAL_ELSEWHERE,)


def open_task(
    session: Session, job: Job, kind: TaskKind, key: str, now: dt.datetime, detail: str = ""
) -> None:
    """Ask the office to call a job's customer; once per key."""
    row = AgentTask(
        org_id=job.org_id, job_id=job.id, kind=kind, key=key, detail=detail, due_at=now + DUE_IN[kind]
    )
    statement = insert_into(session, AgentTask).values(**row.model_dump())
    session.execute(statement.on_conflict_do_nothing(index_elements=["org_id", "key"]))


def settle(session: Session, job: Job, by: str) -> None:
    """What was asked for has happened: nobody need call about this job any more."""
    session.execute(
        sa.update(AgentTask)
        .where(
            col(AgentTask.job_id) == job.id,
            col(AgentTask.closed_at).is_(None),
            col(AgentTask.kind).not_in(OUTLIVES_BOOKING),
        )
        .values(closed_at=utc_now(), closed_by=by[:120], outcome="settled")
    )


def withdraw(session: Session, job: Job, key: str) -> None:
    """One task of a job is no longer wanted, and may be asked for again later."""
    session.execute(
        sa.delete(AgentTask).where(
            col(AgentTask.job_id) == job.id, col(AgentTask.key) == key, col(AgentTask.closed_at).is_(None)
        )
    )


def open_tasks(session: Session, actor: Actor) -> Sequence[tuple[AgentTask, Job, Customer]]:
    """The calls that are owed, the most urgent first."""
    actor.require(Permission.LINK_SHARE)
    query = (
        sa.select(AgentTask, Job, Customer)
        .join(Job, col(Job.id) == col(AgentTask.job_id))
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .where(col(AgentTask.org_id) == actor.org_id, col(AgentTask.closed_at).is_(None))
        .order_by(col(AgentTask.due_at), col(AgentTask.id))
        .limit(MOST)
    )
    return [(task, job, customer) for task, job, customer in session.execute(query)]


def close_task(session: Session, actor: Actor, task_id: uuid.UUID, outcome: str) -> None:
    """The customer was called; `outcome` says what came of it."""
    actor.require(Permission.LINK_SHARE)
    query = select(AgentTask).where(AgentTask.id == task_id, AgentTask.org_id == actor.org_id)
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFoundError("No such task.")
    if row.closed_at is not None:
        raise ConflictError("It is closed already.", code="closed")
    row.closed_at, row.closed_by, row.outcome = utc_now(), actor.name, outcome[:1_000]
    audit.record(session, actor, "task.closed", "job", row.job_id, kind=row.kind)
    session.flush()
