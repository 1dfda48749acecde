"""The office's view of jobs and its actions, by name."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.auth.permissions import Permission
from backend.cases.models import Case
from backend.customers.models import Customer, Place
from backend.errors import BadInputError
from backend.jobs import field_versions, lifecycle, repository, schemas, service
from backend.jobs.models import Job, JobEvent
from backend.privacy.disclosure import SHOWN_DIGITS, disclosure
from backend.sync import conflicts
from backend.sync.sheets import build_sheets
from backend.web.schemas import Body

Handler = Callable[[Session, Actor, Job, Any], object]
HANDLERS: dict[str, tuple[type[Body], Handler]] = {
    "qualify": (schemas.Empty, lambda s, actor, job, _d: service.qualify(s, actor, job)),
    "book": (
        schemas.Book,
        lambda s, actor, job, d: service.book(s, actor, job, d.window_start, d.window_end),
    ),
    "assign": (
        schemas.AssignTo,
        lambda s, actor, job, d: service.assign(s, actor, job, d.technician_id, d.start),
    ),
    "unassign": (schemas.Empty, lambda s, actor, job, _d: service.unassign(s, actor, job)),
    "report_no_show": (
        schemas.Remark,
        lambda s, actor, job, d: service.report_no_show(s, actor, job, d.text),
    ),
    "cancel": (schemas.Reason, lambda s, actor, job, d: service.cancel(s, actor, job, d.reason)),
    "close": (schemas.Empty, lambda s, actor, job, _d: service.close(s, actor, job)),
}
# What each decision rests on: anything else may have changed meanwhile.
RESTS_ON: dict[str, tuple[str, ...]] = {"qualify": ("status",), "close": ("status",)}


def act(session: Session, actor: Actor, job_id: uuid.UUID, request: schemas.ActionRequest) -> schemas.JobRead:
    """Take one of the office's actions on a job as it was when the decision was made."""
    data_type, handler = HANDLERS[request.action]
    try:
        data = msgspec.convert(request.data, data_type)
    except msgspec.ValidationError as error:
        raise BadInputError(str(error)[:300]) from error
    job = service.get_for_change(session, actor, job_id)
    field_versions.require_fresh(job, request.version, RESTS_ON.get(request.action, field_versions.PLAN))
    handler(session, actor, job, data)
    session.flush()
    return read(session, actor, job)


def lock(session: Session, actor: Actor, job_id: uuid.UUID, request: schemas.LockRequest) -> schemas.JobRead:
    """Lock a job's technician, time or both against the optimiser."""
    job = service.get_for_change(session, actor, job_id)
    field_versions.require_fresh(job, request.version, (*field_versions.PLAN, "lock"))
    service.lock(session, actor, job, technician=request.technician, time=request.time)
    return read(session, actor, job)


def edit(session: Session, actor: Actor, job_id: uuid.UUID, request: schemas.EditRequest) -> schemas.JobRead:
    """Change what both the office and the technician write; 409 `edited_by_both` {field, value}."""
    actor.require(Permission.JOB_INTAKE)
    job = service.get_for_change(session, actor, job_id)
    wanted = {field: getattr(request, field) for field in field_versions.SHARED}
    values = {field: value for field, value in wanted.items() if value is not None}
    service.edit(session, actor, job, values, field_versions.Side.OFFICE, request.version)
    return read(session, actor, job)


def get(session: Session, actor: Actor, job_id: uuid.UUID) -> schemas.JobRead:
    """One visible job with everything about it."""
    actor.require(Permission.JOB_READ)
    return read(session, actor, service.get(session, actor, job_id))


def read(session: Session, actor: Actor, job: Job) -> schemas.JobRead:
    """A loaded job as sent to the office."""
    case = session.get_one(Case, job.case_id)
    visit = repository.last_visit(session, job.id)
    return schemas.JobRead(
        sheet=build_sheets(session, [job], actor)[0],
        case=schemas.CaseRead(
            case.id, case.number, case.channel, case.status, case.description, case.created_at
        ),
        region_id=job.region_id,
        technician_id=job.technician_id,
        vendor_id=job.vendor_id,
        skill=job.skill,
        level=job.level,
        certificate=job.certificate,
        service_s=job.duration_s,
        priority=job.priority,
        lock_technician=job.lock_technician,
        lock_time=job.lock_time,
        unserved_reason=dict(job.unserved_reason) if job.unserved_reason else None,
        why=dict(visit.why) if visit and visit.why and job.technician_id else None,
        conflicts=[
            schemas.FieldConflictRead(row.field, dict(row.standing), dict(row.came), row.created_at)
            for row in conflicts.open_ones(session, job.id)
        ],
        actions=[action for action in lifecycle.allowed_actions(job.status, actor) if action in HANDLERS],
    )


# Whose name a vendor reads in a job's history only when they work there.
FIELD_STAFF = frozenset({Role.TECHNICIAN, Role.VENDOR_DISPATCHER})


def history(session: Session, actor: Actor, job_id: uuid.UUID) -> list[schemas.EventRead]:
    """A visible job's events, oldest first; a vendor is not told who of others had the job before."""
    job = service.get(session, actor, job_id)
    own = repository.vendor_people(session, actor.vendor_id, job.id) if actor.vendor_id else None
    return [_event_read(event, own) for event in repository.history(session, job.id)]


def _event_read(event: JobEvent, own: set[uuid.UUID] | None) -> schemas.EventRead:
    data, name = dict(event.data), event.actor_name
    if own is not None:
        if event.actor_kind in FIELD_STAFF and event.actor_id not in own:
            name = ""
        if data.get("technician_id") not in {str(each) for each in own}:
            data.pop("technician_id", None)
    return schemas.EventRead(
        at=event.at,
        device_at=event.device_at,
        action=event.action,
        from_status=event.from_status,
        to_status=event.to_status,
        actor=schemas.EventActor(event.actor_kind, name),
        data=data,
    )


def search(
    session: Session,
    actor: Actor,
    *,
    region_id: uuid.UUID | None,
    day: dt.date | None,
    status: Sequence[lifecycle.JobStatus],
    text: str,
    after: uuid.UUID | None,
    limit: int,
) -> list[schemas.JobSummary]:
    """Visible jobs in order of creation; `text` matches number, customer, phone tail or address.

    For those who may be sent a masked contact: the tail that masking leaves, and the community.
    """
    actor.require(Permission.JOB_READ)
    query = (
        select(Job, col(Customer.name), col(Place.address), Product)
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .where(repository.visible_to(actor), *repository.day_filter(region_id, day))
    )
    if status:
        query = query.where(col(Job.status).in_(status))
    if text:
        query = query.where(_matches(text, knows_all=actor.may(Permission.CONTACT_SHOW)))
    if after is not None:
        query = query.where(col(Job.id) > after)
    rows = session.exec(query.order_by(col(Job.id)).limit(limit))
    shown = disclosure(session, actor.org_id)
    return [_summary(job, name, shown.address(job, address), product) for job, name, address, product in rows]


def _matches(text: str, *, knows_all: bool) -> sa.ColumnElement[bool]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    anywhere = f"%{escaped}%"
    # A number or a house that is masked must not be told by what finds it, one digit after the other.
    tail = text if knows_all else text[-SHOWN_DIGITS:]
    place = Place.address if knows_all else Place.community
    return sa.or_(
        col(Job.number).ilike(anywhere, escape="\\"),
        col(Customer.name).ilike(anywhere, escape="\\"),
        col(Customer.phone).endswith(tail, autoescape=True),
        col(place).ilike(anywhere, escape="\\"),
    )


def _summary(job: Job, customer_name: str, address: str, product: Product) -> schemas.JobSummary:
    return schemas.JobSummary(
        id=job.id,
        number=job.number,
        type=job.type,
        status=job.status,
        version=job.version,
        region_id=job.region_id,
        day=job.day,
        window_start=job.window_start,
        window_end=job.window_end,
        technician_id=job.technician_id,
        customer_name=customer_name,
        address=address,
        product_name=product.name,
        product_name_en=product.name_en or product.name,
    )
