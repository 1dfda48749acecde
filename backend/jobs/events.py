"""What follows every action: history, and telling those who may know."""

import datetime as dt
import uuid
from typing import Any

from sqlmodel import Session

from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.db.types import utc_now
from backend.jobs import lifecycle, repository
from backend.jobs.lifecycle import Action
from backend.jobs.models import Job, JobEvent, Visit
from backend.messages import outbox
from backend.organisations.models import Organisation


def take(
    session: Session, actor: Actor, job: Job, action: Action, visit: Visit | None = None, **data: Any
) -> JobEvent:
    """Apply an action to a job that is loaded for update, append its event, and flush.

    Raises what `lifecycle.apply` raises; a version that somebody else moved on raises StaleDataError.
    """
    event = lifecycle.apply(job, action, actor, utc_now())
    seq = repository.last_event_seqs(session, [job.id]).get(job.id, 0) + 1
    return append(session, actor, job, event, visit, seq, data)


def append(
    session: Session,
    actor: Actor,
    job: Job,
    event: lifecycle.Event,
    visit: Visit | None,
    seq: int,
    data: dict[str, Any],
) -> JobEvent:
    """Write one event of a job's history with a known sequence number."""
    row = JobEvent(
        org_id=job.org_id,
        job_id=job.id,
        visit_id=visit.id if visit else None,
        seq=seq,
        action=event.action,
        from_status=event.source,
        to_status=event.target,
        actor_kind=actor.role,
        actor_id=actor.account_id,
        actor_name=actor.name,
        at=event.at,
        device_at=actor.device_at,
        request_id=actor.request_id,
        data=data,
    )
    session.add(row)
    outbox.tell(session, job, row)
    return row


def acted_at(session: Session, actor: Actor) -> dt.datetime:
    """When the actor did it: their device's clock where it is known, never later than now.

    In a replay the devices' clocks are the truth.
    """
    now = utc_now()
    if actor.device_at is None:
        return now
    return (
        actor.device_at
        if session.get_one(Organisation, actor.org_id).is_replay
        else min(actor.device_at, now)
    )


def announce(
    session: Session, job: Job, previous: tuple[uuid.UUID | None, uuid.UUID | None] | None = None
) -> None:
    """Put a job's change on the feed, also for the technician and vendor (`previous`) it has just left."""
    append_change(
        session,
        job.org_id,
        "job",
        job.id,
        region_id=job.region_id,
        technician_id=job.technician_id,
        vendor_id=job.vendor_id,
        job_id=job.id,
    )
    if previous is None or previous == (job.technician_id, job.vendor_id):
        return
    technician_id, vendor_id = previous
    left_technician = technician_id if technician_id != job.technician_id else None
    left_vendor = vendor_id if vendor_id != job.vendor_id else None
    if left_technician or left_vendor:
        append_change(
            session,
            job.org_id,
            "job",
            job.id,
            kind="removed",
            technician_id=left_technician,
            vendor_id=left_vendor,
        )
