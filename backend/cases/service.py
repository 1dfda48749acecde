"""Opening and closing cases, and making the jobs of a case."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from backend.assets import service as assets
from backend.assets.models import Product, ServiceSpec
from backend.assets.service import Told
from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.cases.models import Case, CaseStatus, Channel
from backend.customers.models import Customer, LocationSource, Place
from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.jobs import events, repository
from backend.jobs.lifecycle import Action, JobType
from backend.jobs.models import Job
from backend.messages import outbox, tasks
from backend.messages.models import TaskKind
from backend.organisations.models import Region

CASE_PREFIX = "C"
JOB_PREFIX = "J"


@dataclass(frozen=True)
class PlaceInput:
    """Where a customer is visited: an address, and coordinates (WGS-84) when they are known."""

    address: str
    community: str = ""
    district: str = ""
    lat: float | None = None
    lng: float | None = None
    source: LocationSource = LocationSource.MISSING


@dataclass(frozen=True)
class JobInput:
    """One piece of work wanted: product and type decide time, skill, checklist and price.

    `window` is the promised appointment (start, end; UTC); without one the job waits to be booked.
    """

    product: Product
    type: JobType
    window: tuple[dt.datetime, dt.datetime] | None = None
    serial: str | None = None
    description: str = ""
    note: str = ""
    priority: int = 0
    purchased_on: dt.date | None = None
    order_no: str = ""


def _numbered(session: Session, org_id: uuid.UUID, prefix: str, zone: str) -> str:
    day = utc_now().astimezone(ZoneInfo(zone)).strftime("%y%m%d")
    return f"{prefix}{day}{repository.take_number(session, org_id, prefix + day):04d}"


def find_or_add_customer(
    session: Session, actor: Actor, name: str, phone: str, locale: str = "zh-CN"
) -> Customer:
    """The customer with this phone number and name, added when new."""
    query = select(Customer).where(
        Customer.org_id == actor.org_id, Customer.phone == phone, Customer.name == name
    )
    found = session.exec(query).first()
    if found is not None:
        return found
    customer = Customer(org_id=actor.org_id, name=name, phone=phone, locale=locale)
    session.add(customer)
    session.flush()
    audit.record(session, actor, "create", "customer", customer.id)
    return customer


def find_or_add_place(
    session: Session, actor: Actor, customer: Customer, region: Region, place: PlaceInput
) -> Place:
    """The customer's place at this address; a known pin stays, an unlocated place takes new coordinates."""
    query = select(Place).where(Place.customer_id == customer.id, Place.address == place.address)
    found = session.exec(query).first()
    if found is None:
        found = Place(
            org_id=actor.org_id,
            customer_id=customer.id,
            region_id=region.id,
            address=place.address,
            community=place.community,
            district=place.district,
        )
        session.add(found)
    if found.lat is None and place.lat is not None:
        found.lat, found.lng, found.source = place.lat, place.lng, place.source
    session.flush()
    return found


def open_case(
    session: Session, actor: Actor, customer: Customer, channel: Channel, zone: str, text: str = ""
) -> Case:
    """A new case; its jobs are added with `add_job`."""
    actor.require(Permission.JOB_INTAKE)
    case = Case(
        org_id=actor.org_id,
        number=_numbered(session, actor.org_id, CASE_PREFIX, zone),
        channel=channel,
        customer_id=customer.id,
        description=text,
    )
    session.add(case)
    session.flush()
    audit.record(session, actor, "open", "case", case.id, channel=channel)
    return case


def service_spec(session: Session, product: Product, job_type: JobType) -> ServiceSpec:
    """How this type of job is done on this product; BadInputError when the organisation has not said."""
    query = select(ServiceSpec).where(
        ServiceSpec.org_id == product.org_id,
        ServiceSpec.category == product.category,
        ServiceSpec.job_type == job_type,
    )
    spec = session.exec(query).first()
    if spec is None:
        raise BadInputError(
            f"There is no service for {job_type} of {product.category}.", code="no_service_spec"
        )
    return spec


def add_job(session: Session, actor: Actor, case: Case, place: Place, wanted: JobInput) -> Job:
    """Add one job to a case; it is qualified at once, and booked when a window is already agreed."""
    from backend.jobs import service as jobs  # jobs closes cases, cases make jobs

    spec = service_spec(session, wanted.product, wanted.type)
    told = Told(wanted.product, wanted.serial, wanted.purchased_on, wanted.order_no)
    appliance = assets.of_job(session, case.customer_id, told)
    region = session.get_one(Region, place.region_id)
    job = Job(
        org_id=actor.org_id,
        number=_numbered(session, actor.org_id, JOB_PREFIX, region.zone),
        region_id=region.id,
        case_id=case.id,
        customer_id=case.customer_id,
        place_id=place.id,
        product_id=wanted.product.id,
        asset_id=appliance.asset_id,
        type=wanted.type,
        priority=wanted.priority,
        description=wanted.description,
        note=wanted.note,
        duration_s=spec.duration_s,
        skill=spec.skill,
        level=spec.level,
        certificate=spec.certificate,
        price_fen=spec.price_fen,
        unserved_fen=spec.unserved_fen,
        checklist=list(spec.checklist),
        parts=list(spec.parts),
    )
    session.add(job)
    session.flush()
    if appliance.is_elsewhere:
        key = f"serial_elsewhere:{job.id}"
        tasks.open_task(session, job, TaskKind.SERIAL_ELSEWHERE, key, utc_now(), wanted.serial or "")
    events.take(session, actor, job, Action.QUALIFY)
    session.flush()
    if wanted.window is None:
        events.announce(session, job)
        outbox.invite(session, job)
    else:
        jobs.book(session, actor, job, *wanted.window)
    return job


def held(session: Session, case_id: uuid.UUID) -> Case:
    """A case as it is now; whoever else ends or adds a job of it waits until the transaction is over."""
    # Not against rows that refer to it: those who write such hold other rows already.
    query = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


def close(session: Session, actor: Actor, case: Case) -> None:
    """Close a case whose jobs are all closed or cancelled."""
    if case.status is CaseStatus.OPEN:
        case.status, case.closed_at = CaseStatus.CLOSED, utc_now()
        audit.record(session, actor, "close", "case", case.id)
