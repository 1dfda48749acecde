"""What nobody's deed sets off: customers who don't answer, and technicians who come late."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.auth.actor import system_actor
from backend.board import repository as board
from backend.board.lateness import Lateness
from backend.board.service import lateness_of
from backend.booking.policies import WITHOUT_APPOINTMENT
from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.messages import outbox, policies, tasks
from backend.messages.models import AgentTask, Message, MessageEvent, MessageRules, MessageState, TaskKind
from backend.messages.service import rules_of
from backend.organisations.models import Organisation, Region
from backend.tracking.coming import expected

AT_ONCE = 200
TO_COME = frozenset({JobStatus.ASSIGNED, JobStatus.ACCEPTED, JobStatus.EN_ROUTE})
ASKED = (MessageState.SENT, MessageState.DELIVERED)


async def chase(db: Database) -> None:
    """Look once at everybody who waits; several servers may, as each deed has its key."""
    for org_id in await db.read(_organisations):
        await db.write(call_unanswered, org_id)
    for region_id in await db.read(_regions):
        await db.write(tell_delays, region_id)


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


def tell_delays(session: Session, region_id: uuid.UUID, now: dt.datetime | None = None) -> int:
    """Tell today's customers of a region whose technician will be late; returns how many were told."""
    now, region = now or utc_now(), session.get_one(Region, region_id)
    rules, day = rules_of(session, region.org_id), now.astimezone(ZoneInfo(region.zone)).date()
    rows = board.visit_rows(session, system_actor(region.org_id, "messages"), region.id, day)
    late = lateness_of(rows, now)
    return sum(
        _tell(session, row.id, late[row.id], rules, now)
        for row in rows
        if row.id in late and row.status in TO_COME
    )


def _tell(session: Session, job_id: uuid.UUID, late: Lateness, rules: MessageRules, now: dt.datetime) -> bool:
    job = session.get_one(Job, job_id)
    window = {"window_start": job.window_start.isoformat()} if job.window_start is not None else {}
    last = outbox.last_told(session, job, MessageEvent.DELAYED)
    told = None
    if last is not None and last.data.get("window_start") == window.get("window_start"):
        said = last.data.get("projected_start", last.data["range_start"])
        told = last.not_before, dt.datetime.fromisoformat(said)
    is_worth = policies.is_worth_telling(
        late.minutes, late.projected_start, told, now,
        delay_min=rules.delay_min, delay_gap_min=rules.delay_gap_min,
    )  # fmt: skip
    if is_worth:
        found = expected(session, job, now)
        start, end = (found.earliest, found.latest) if found else policies.told_range(late.projected_start)
        data = {
            **window, "range_start": start.isoformat(), "range_end": end.isoformat(),
            "projected_start": late.projected_start.isoformat(),
        }  # fmt: skip
        outbox.put(session, job, MessageEvent.DELAYED, f"{job.id}:delayed:{start.isoformat()}", now, data)
    return is_worth
