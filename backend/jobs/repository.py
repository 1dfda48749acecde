"""Every query over jobs, visits and their history. Lists and ids alike start from `visible_to`."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.auth.models import Account, Role
from backend.db.upsert import insert_into
from backend.errors import NotFoundError
from backend.jobs.models import Job, JobEvent, NumberSeries, Visit
from backend.technicians.models import Technician


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The row rule of jobs: own organisation; a vendor's, a technician's and a customer's only their own."""
    rules: list[sa.ColumnElement[bool]] = [col(Job.org_id) == actor.org_id]
    if actor.role is Role.VENDOR_DISPATCHER:
        rules.append(col(Job.vendor_id) == actor.vendor_id)
    elif actor.role is Role.TECHNICIAN:
        rules.append(col(Job.technician_id) == actor.technician_id)
    elif actor.role is Role.CUSTOMER:
        rules.append(col(Job.id) == actor.job_id)
    return sa.and_(*rules)


def get_visible(session: Session, actor: Actor, job_id: uuid.UUID, *, for_update: bool = False) -> Job:
    """One job the actor may see, locked for the transaction when it is to change; NotFoundError otherwise."""
    query = select(Job).where(Job.id == job_id, visible_to(actor))
    job = session.exec(query.with_for_update() if for_update else query).first()
    if job is None:
        raise NotFoundError("No such job.")
    return job


def open_visit(session: Session, job_id: uuid.UUID) -> Visit | None:
    """The attempt under way, if any."""
    return session.exec(select(Visit).where(Visit.job_id == job_id, col(Visit.outcome).is_(None))).first()


def last_visit(session: Session, job_id: uuid.UUID) -> Visit | None:
    return session.exec(
        select(Visit).where(Visit.job_id == job_id).order_by(col(Visit.attempt).desc())
    ).first()


def open_visits(session: Session, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Visit]:
    """Open visits by job id."""
    query = select(Visit).where(col(Visit.job_id).in_(list(job_ids)), col(Visit.outcome).is_(None))
    return {visit.job_id: visit for visit in session.exec(query)}


def last_visits(session: Session, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Visit]:
    """The newest visit of each job."""
    query = select(Visit).where(col(Visit.job_id).in_(list(job_ids))).order_by(col(Visit.attempt))
    return {visit.job_id: visit for visit in session.exec(query)}


def lock_jobs(session: Session, org_id: uuid.UUID, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Job]:
    """Jobs of an organisation by id, locked in id order so that two plans cannot deadlock."""
    query = select(Job).where(col(Job.id).in_(list(job_ids)), Job.org_id == org_id)
    return {job.id: job for job in session.exec(query.order_by(col(Job.id)).with_for_update())}


def next_attempts(session: Session, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The number of the next attempt of each job that has had one."""
    query = (
        sa.select(col(Visit.job_id), sa.func.max(col(Visit.attempt)))
        .where(col(Visit.job_id).in_(list(job_ids)))
        .group_by(col(Visit.job_id))
    )
    return {job_id: attempt + 1 for job_id, attempt in session.execute(query)}


def last_event_seqs(session: Session, job_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The last history number of each job that has a history."""
    query = (
        sa.select(col(JobEvent.job_id), sa.func.max(col(JobEvent.seq)))
        .where(col(JobEvent.job_id).in_(list(job_ids)))
        .group_by(col(JobEvent.job_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def history(session: Session, job_id: uuid.UUID) -> Sequence[JobEvent]:
    """A job's events, oldest first."""
    return session.exec(select(JobEvent).where(JobEvent.job_id == job_id).order_by(col(JobEvent.seq))).all()


def vendor_people(session: Session, vendor_id: uuid.UUID, job_id: uuid.UUID) -> set[uuid.UUID]:
    """Ids of a vendor's technicians and of everybody's account who works there.

    Who came to this job for another vendor is that one's, and who came to it for this one still theirs.
    """
    query = select(Visit.technician_id, Visit.vendor_id).where(Visit.job_id == job_id)
    came = session.exec(query).all()
    theirs = {who for who, whose in came if whose == vendor_id}
    others = {who for who, whose in came if whose != vendor_id} - theirs
    theirs |= set(session.exec(select(Technician.id).where(Technician.vendor_id == vendor_id))) - others
    accounts = select(Account.id).where(
        sa.or_(
            sa.and_(col(Account.vendor_id) == vendor_id, col(Account.technician_id).is_(None)),
            col(Account.technician_id).in_(theirs),
        )
    )
    return {*theirs, *session.exec(accounts)}


def take_number(session: Session, org_id: uuid.UUID, prefix: str) -> int:
    """The next number of a series, never given twice; holds the series until the transaction ends."""
    statement = (
        insert_into(session, NumberSeries)
        .values(org_id=org_id, prefix=prefix, value=1)
        .on_conflict_do_update(
            index_elements=["org_id", "prefix"], set_={"value": col(NumberSeries.value) + 1}
        )
        .returning(col(NumberSeries.value))
    )
    return int(session.execute(statement).scalar_one())


def day_filter(region_id: uuid.UUID | None, day: dt.date | None) -> list[sa.ColumnElement[bool]]:
    """Conditions for a region and a day, where given."""
    filters: list[sa.ColumnElement[bool]] = []
    if region_id is not None:
        filters.append(col(Job.region_id) == region_id)
    if day is not None:
        filters.append(col(Job.day) == day)
    return filters
