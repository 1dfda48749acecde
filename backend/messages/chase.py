"""What nobody's deed sets off: customers who don't answer, and promises that will not be kept."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.background.chore import each
from backend.booking.policies import WITHOUT_APPOINTMENT
from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.messages import delays, tasks
from backend.messages.models import AgentTask, Message, MessageEvent, MessageState, TaskKind
from backend.messages.service import rules_of
from backend.organisations.models import Organisation, Region

AT_ONCE = 200
ASKED = (MessageState.SENT, MessageState.DELIVERED)


async def chase(db: Database) -> None:
    """Look once at everybody who waits; several servers may, as each deed has its key."""

    async def tell(region_id: uuid.UUID) -> int:
        # Looking takes longer than telling, and mostly there is nothing to tell.
        return await db.write(delays.tell, region_id) if await db.read(delays.due, region_id) else 0

    await each("unanswered", await db.read(_organisations), lambda org_id: db.write(call_unanswered, org_id))
    await each("delays", await db.read(_regions), tell)


def _organisations(session: Session) -> list[uuid.UUID]:
    return list(session.scalars(sa.select(col(Organisation.id))))


def _regions(session: Session) -> list[uuid.UUID]:
    """Where days run by the wall's clock; in a replay nobody comes late now."""
    query = sa.select(col(Region.id)).join(Organisation, col(Organisation.id) == col(Region.org_id))
    return list(session.scalars(query.where(col(Organisation.is_replay).is_(False))))


def call_unanswered(session: Session, org_id: uuid.UUID, now: dt.datetime | None = None) -> int:
    """A task for each customer who chose no time after the reminder; returns how many there are now."""
    now, rules = now or utc_now(), rules_of(session, org_id)
    has_task = sa.exists().where(
        col(AgentTask.job_id) == col(Job.id),
        col(AgentTask.kind) == TaskKind.UNANSWERED,
        col(AgentTask.created_at) > col(Message.created_at),
    )
    query = (
        sa.select(Job, col(Message.id))
        .join(Message, col(Message.job_id) == col(Job.id))
        .where(
            col(Message.org_id) == org_id,
            col(Message.event) == MessageEvent.INVITED_AGAIN,
            col(Message.state).in_(ASKED),
            col(Message.sent_at) <= now - dt.timedelta(hours=rules.task_after_h),
            col(Job.status).in_(WITHOUT_APPOINTMENT),
            ~has_task,
        )
        .limit(AT_ONCE)
    )
    found = [(job, message_id) for job, message_id in session.execute(query)]
    for job, message_id in found:
        tasks.open_task(session, job, TaskKind.UNANSWERED, f"unanswered:{message_id}", now)
    return len(found)
