"""What the customer's page may know: their own job, and of everybody else nothing but a count."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.booking.present import present
from backend.booking.standing import Standing, standing
from backend.customers.models import Customer, Place
from backend.errors import NotFoundError
from backend.jobs import repository as jobs
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job, Visit
from backend.organisations.calling import call_number
from backend.organisations.models import Organisation, Region
from backend.ratings import service as ratings
from backend.technicians.models import (
    CertificatePicture,
    LastPosition,
    Technician,
    TechnicianCertificate,
    TechnicianPortrait,
)
from backend.tracking import lessons, notes, repository
from backend.tracking.attempts import Attempt, attempt_of
from backend.tracking.experience import Experience
from backend.tracking.receipt import Fee, fees_of
from backend.tracking.timeline import Happening
from backend.vendors.models import Vendor


@dataclass(frozen=True)
class Who:
    """Who comes. `vendor` is None for the brand's own people; `photo` and `certificate` are WebP pictures.

    `certified_as` is the code of the valid certificate this job needs, None without one. `call` is what to
    dial to reach them about this job, "" when calls are not relayed: their own number is nobody's business.
    """

    name: str
    vendor: str | None
    certified_as: str | None
    photo: bytes | None = None
    call: str = ""
    certificate: bytes | None = None


@dataclass(frozen=True)
class Seen:
    """A position reported on the way to this customer, in WGS-84 degrees."""

    at: dt.datetime
    lat: float
    lng: float


@dataclass(frozen=True)
class Facts:
    """Everything the page is made of. `now` is the present of the job's day; a replay has its own clock."""

    now: dt.datetime
    number: str
    type: JobType
    status: JobStatus
    window: tuple[dt.datetime, dt.datetime] | None
    org_name: str
    org_locale: str
    zone: str
    locale: str
    address: str
    home: tuple[float, float] | None
    product: str
    product_en: str
    who: Who | None = None
    attempt: Attempt | None = None
    experience: Experience = field(default_factory=Experience)
    seen: Seen | None = None
    history: list[Happening] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)
    is_ratable: bool = False
    can_note: bool = False
    notes: list[str] = field(default_factory=list)
    stars: int | None = None
    fees: tuple[Fee, ...] = ()
    currency: str = "CNY"


def gather(session: Session, actor: Actor, now: dt.datetime | None = None) -> Facts:
    """The facts of the customer's job, as of `now` (the present); raises NotFoundError when there is none."""
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    job = jobs.get_visible(session, actor, actor.job_id)
    org, region, customer, place, product = _surroundings(session, job)
    now = now or present(session, region, job.day)
    visit = jobs.open_visit(session, job.id) or jobs.last_visit(session, job.id)
    is_held = visit is not None and job.technician_id is not None
    experience = lessons.experience_of(session, org.id)
    return Facts(
        now=now,
        number=job.number,
        type=job.type,
        status=job.status,
        window=(job.window_start, job.window_end) if job.window_start and job.window_end else None,
        org_name=org.name,
        org_locale=org.locale,
        zone=region.zone,
        locale=customer.locale,
        address=place.address,
        home=(place.lat, place.lng) if place.lat is not None and place.lng is not None else None,
        product=product.name,
        product_en=product.name_en,
        who=_who(session, org, job, job.technician_id) if job.technician_id else None,
        attempt=attempt_of(session, job.status, visit, now, experience) if visit and is_held else None,
        experience=experience,
        seen=_seen(session, job, visit) if visit else None,
        history=[
            Happening(event.action, _when(event.at, event.device_at, org))
            for event in jobs.history(session, job.id)
        ],
        standing=standing(session, job, now),
        is_ratable=ratings.is_ratable(session, job),
        can_note=notes.may_write(job),
        notes=[line.removeprefix(notes.MARK) for line in job.note.split("\n") if line.startswith(notes.MARK)],
        stars=rating.stars if (rating := ratings.rating_of(session, job)) else None,
        fees=fees_of(session, job.id),
        currency=org.currency,
    )


def _when(at: dt.datetime, device_at: dt.datetime | None, org: Organisation) -> dt.datetime:
    """When it really happened; a phone whose clock is ahead is not believed, except in a replay."""
    if device_at is None:
        return at
    return device_at if org.is_replay else min(at, device_at)


def _surroundings(session: Session, job: Job) -> tuple[Organisation, Region, Customer, Place, Product]:
    query = (
        sa.select(Organisation, Region, Customer, Place, Product)
        .join(Region, col(Region.org_id) == col(Organisation.id))
        .join(Customer, col(Customer.org_id) == col(Organisation.id))
        .join(Place, col(Place.org_id) == col(Organisation.id))
        .join(Product, col(Product.org_id) == col(Organisation.id))
        .where(
            col(Organisation.id) == job.org_id,
            col(Region.id) == job.region_id,
            col(Customer.id) == job.customer_id,
            col(Place.id) == job.place_id,
            col(Product.id) == job.product_id,
        )
    )
    org, region, customer, place, product = session.execute(query).one()
    return org, region, customer, place, product


def _who(session: Session, org: Organisation, job: Job, technician_id: uuid.UUID) -> Who:
    query = (
        sa.select(
            col(Technician.name),
            col(Technician.phone),
            col(Vendor.name),
            col(TechnicianCertificate.expires_on),
            col(TechnicianPortrait.webp),
            col(CertificatePicture.webp),
        )
        .outerjoin(Vendor, col(Vendor.id) == col(Technician.vendor_id))
        .outerjoin(TechnicianPortrait, col(TechnicianPortrait.technician_id) == col(Technician.id))
        .outerjoin(
            TechnicianCertificate,
            sa.and_(
                col(TechnicianCertificate.technician_id) == col(Technician.id),
                col(TechnicianCertificate.code) == job.certificate,
            ),
        )
        .outerjoin(
            CertificatePicture,
            sa.and_(
                col(CertificatePicture.technician_id) == col(Technician.id),
                col(CertificatePicture.code) == job.certificate,
            ),
        )
        .where(col(Technician.id) == technician_id)
    )
    name, phone, vendor, expires_on, photo, certificate = session.execute(query).one()
    is_certified = expires_on is not None and (job.day is None or expires_on >= job.day)
    call = call_number(org, job.number, phone) if org.relay_number else ""
    certified_as = job.certificate if is_certified else None
    return Who(name, vendor, certified_as, photo, call, certificate if is_certified else None)


def _seen(session: Session, job: Job, visit: Visit) -> Seen | None:
    """The last position, only while this technician is on the way to this door."""
    if job.status is not JobStatus.EN_ROUTE:
        return None
    return seen_on_the_way(visit, repository.last_position(session, visit.technician_id))


def seen_on_the_way(visit: Visit, last: LastPosition | None) -> Seen | None:
    """A technician's last position, where it is of their way to this door."""
    if last is None or visit.departed_at is None or last.at < visit.departed_at:
        return None
    return Seen(last.at, last.lat, last.lng)
