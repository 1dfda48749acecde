"""Taking a call: who it is, what is wrong, whether we know already, and a case in under a minute."""

import dataclasses
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Asset, Product
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.cases.models import Case, Channel, SalesOrder
from backend.customers.models import Customer, Place
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError
from backend.geocoding.address_text import canonical
from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import Community, beijing
from backend.geocoding.locate import Location
from backend.jobs import repository as job_rows
from backend.jobs.lifecycle import FINISHED, JobType
from backend.jobs.models import Job
from backend.organisations.models import Organisation
from backend.privacy.disclosure import HIDDEN, SHOWN_DIGITS, disclosure, masked_address, masked_phone
from backend.report import duplicates, guide, letter_list, letters, repository, service
from backend.report.models import CaseReport, ReportLetter
from backend.report.schemas import (
    AddressRead,
    ApplianceRead,
    AttachmentRead,
    BookedRead,
    CallerRead,
    Check,
    CheckRead,
    DuplicateRead,
    Intake,
    IntakeRead,
    OpenJobRead,
    ProductRead,
    ReportRead,
    ReportsRead,
)
from backend.report.sending import located
from backend.report.service import Report
from backend.technicians.models import Technician

MOST_CALLERS, MOST_ADDRESSES = 8, 8
LEAST_TYPED = 2


def callers(
    session: Session, actor: Actor, text: str, customer_id: uuid.UUID | None = None
) -> list[CallerRead]:
    """People by the end of a phone, the start of a serial or order number, or a part of name or address.

    Somebody already found is asked for by `customer_id` alone.
    """
    actor.require(Permission.JOB_INTAKE)
    said = text.strip()
    if len(said) < LEAST_TYPED and customer_id is None:
        return []
    fits = _matches(actor, said) if customer_id is None else Customer.id == customer_id
    query = (
        select(Customer)
        .where(Customer.org_id == actor.org_id, col(Customer.erased_at).is_(None), fits)
        .order_by(col(Customer.id).desc())
        .limit(MOST_CALLERS)
    )
    return [_caller(session, actor, one) for one in session.exec(query)]


def _matches(actor: Actor, said: str) -> sa.ColumnElement[bool]:
    # Who may not be shown a masked number or house is not told it by what finds it, digit after digit.
    knows_all = actor.may(Permission.CONTACT_SHOW)
    rules = [col(Customer.name).icontains(said, autoescape=True)]
    digits = "".join(c for c in said if c.isdigit())
    if len(digits) >= SHOWN_DIGITS and len(digits) >= len(said.replace(" ", "").replace("-", "")) - 1:
        rules.append(col(Customer.phone).endswith(digits if knows_all else digits[-SHOWN_DIGITS:]))
    serial = sa.cast(Asset.serial, sa.String).istartswith(said, autoescape=True)
    ordered = col(SalesOrder.order_no).istartswith(said, autoescape=True)
    there = col(Place.address if knows_all else Place.community).icontains(said, autoescape=True)
    found = (
        sa.select(col(Asset.customer_id)).where(serial),
        sa.select(col(SalesOrder.customer_id)).where(ordered),
        sa.select(col(Place.customer_id)).where(there),
    )
    return sa.or_(*rules, *(col(Customer.id).in_(one) for one in found))


def _caller(session: Session, actor: Actor, customer: Customer) -> CallerRead:
    jobs = session.exec(
        select(Job)
        .where(Job.customer_id == customer.id, job_rows.visible_to(actor), col(Job.status).not_in(FINISHED))
        .order_by(col(Job.id).desc())
        .limit(5)
    ).all()
    shown = disclosure(session, actor.org_id)
    visited = {job.place_id for job in jobs if shown.is_open(job)}
    owned = session.execute(
        sa.select(Product, col(Asset.serial))
        .join(Asset, col(Asset.product_id) == col(Product.id))
        .where(col(Asset.customer_id) == customer.id)
        .limit(5)
    )
    return CallerRead(
        customer_id=customer.id,
        name=customer.name,
        phone=customer.phone if visited else masked_phone(customer.phone),
        addresses=[
            place.address if place.id in visited else masked_address(place.address)
            for place in _places(session, customer.id)[:3]
        ],
        appliances=[ApplianceRead(p.sku, p.name, p.name_en, serial or "") for p, serial in owned],
        open_jobs=[open_job(session, job) for job in jobs],
    )


def _places(session: Session, customer_id: uuid.UUID) -> Sequence[Place]:
    return session.exec(
        select(Place).where(Place.customer_id == customer_id).order_by(col(Place.id).desc())
    ).all()


def _address(session: Session, actor: Actor, said: str, customer_id: uuid.UUID | None) -> str:
    """The address in full, where a masked one of theirs was chosen; nobody need see it to send it."""
    said = " ".join(said.split())
    customer = session.get(Customer, customer_id) if HIDDEN in said and customer_id is not None else None
    if customer is None or customer.org_id != actor.org_id:
        return said
    known = [place.address for place in _places(session, customer.id)]
    return next((address for address in known if masked_address(address) == said), said)


def open_job(session: Session, job: Job) -> OpenJobRead:
    product = session.get_one(Product, job.product_id)
    return OpenJobRead(
        job_id=job.id,
        number=job.number,
        status=job.status,
        type=job.type,
        sku=product.sku,
        product=product.name,
        product_en=product.name_en,
        window_start=job.window_start,
        window_end=job.window_end,
    )


def booked(session: Session, job: Job) -> BookedRead:
    """What was promised on the phone, and who was given the visit."""
    visit = job_rows.open_visit(session, job.id)
    technician = session.get(Technician, job.technician_id) if job.technician_id else None
    return BookedRead(
        open_job(session, job), technician.name if technician else None, visit.busy_from if visit else None
    )


def products(session: Session, actor: Actor) -> list[ProductRead]:
    """What a report may be about."""
    actor.require(Permission.JOB_INTAKE)
    return [
        ProductRead(
            one.sku, one.name, one.name_en, one.category, [str(t) for t in repository.services(session, one)]
        )
        for one in repository.products(session, actor.org_id)
    ]


def faults(session: Session, actor: Actor, text: str, sku: str) -> list[guide.Symptom]:
    """Symptoms that hold every word typed: of one product, or of all that are served."""
    actor.require(Permission.JOB_INTAKE)
    served = repository.products(session, actor.org_id)
    categories = dict.fromkeys(one.category for one in served if not sku or one.sku == sku)
    return guide.search(text, list(categories))


def addresses(text: str) -> list[AddressRead]:
    """Communities whose name or district begins with or holds what was typed."""
    said = canonical(text)
    if len(said) < LEAST_TYPED:
        return []

    def rank(one: Community) -> tuple[int, str]:
        name = canonical(one.name)
        return (0 if name.startswith(said) else 1 if said in name or name in said else 2, one.name)

    found = [one for one in beijing().communities if rank(one)[0] < 2 or said in canonical(one.address)]
    return [
        AddressRead(one.name, one.district, one.address, one.point.lat, one.point.lng)
        for one in sorted(found, key=rank)[:MOST_ADDRESSES]
    ]


def check(session: Session, actor: Actor, asked: Check) -> CheckRead:
    """Whether there is an open job this call is about."""
    actor.require(Permission.JOB_INTAKE)
    try:
        phone = _phone(session, actor, asked.phone, asked.customer_id)
    except BadInputError:
        phone = ""
    product = _product(session, actor, asked.sku)
    address = _address(session, actor, asked.address, asked.customer_id)
    known = duplicates.find(
        session, actor, product, JobType(asked.type), phone, asked.serial.strip(), address
    )
    return CheckRead(DuplicateRead(known.by, open_job(session, known.job)) if known else None)


def take_call(session: Session, actor: Actor, call: Intake, location: Location) -> IntakeRead:
    """A case of a call, or the open one it is about; raises BadPhoneError when nobody can be called back."""
    actor.require(Permission.JOB_INTAKE)
    phone = _phone(session, actor, call.phone, call.customer_id)
    product = _product(session, actor, call.sku)
    if not call.name.strip():
        raise BadInputError("A customer has a name.", code="bad_name")
    letter = _letter(session, actor, call)
    point = Point(call.lat, call.lng) if call.lat is not None and call.lng is not None else None
    report = Report(
        key=call.key,
        channel=Channel.EMAIL if call.letter_id else Channel.HOTLINE,
        pictures=letter_list.pictures(letter) if letter else (),
        product=product,
        type=JobType(call.type),
        name=call.name.strip(),
        phone=phone,
        address=_address(session, actor, call.address, call.customer_id),
        location=located(location, point),
        symptom=call.symptom,
        text=call.text.strip(),
        serial=call.serial.strip(),
        helped=call.helped,
        is_urgent=call.is_urgent,
        consent_at=utc_now(),
    )
    row, job = service.take(session, actor, report)
    if letter is not None:
        letters.settle(session, str(letter.id), job.id)
    place = session.get_one(Place, job.place_id)
    return IntakeRead(
        row.case_id, open_job(session, job), row.is_joined, place.lat is not None, row.answer_by
    )


def _letter(session: Session, actor: Actor, call: Intake) -> ReportLetter | None:
    """The letter a case is made of; None for a call, and for the same report sent again."""
    is_again = repository.report_by_key(session, actor.org_id, call.key) is not None
    if call.letter_id is None or is_again:
        return None
    return letter_list.taken_up(session, actor, call.letter_id)


def _product(session: Session, actor: Actor, sku: str) -> Product:
    product = repository.product(session, actor.org_id, sku)
    if product is None:
        raise BadInputError("No such product.", code="unknown_product")
    return product


def _phone(session: Session, actor: Actor, typed: str, customer_id: uuid.UUID | None) -> str:
    if customer_id is not None and not typed.strip():
        customer = session.get(Customer, customer_id)
        if customer is None or customer.org_id != actor.org_id:
            raise NotFoundError("No such customer.")
        return customer.phone
    return service.phone_number(typed, session.get_one(Organisation, actor.org_id).phone_region)


def customers_place(session: Session, actor: Actor, job_id: uuid.UUID) -> Actor:
    """The actor at one job they may book, as booking asks for it."""
    actor.require(Permission.JOB_INTAKE)
    job = job_rows.get_visible(session, actor, job_id)
    return dataclasses.replace(actor, job_id=job.id)


def reports_of(session: Session, actor: Actor, job_id: uuid.UUID) -> ReportsRead:
    """What customers said of a job's case, and their pictures."""
    job = job_rows.get_visible(session, actor, job_id)
    session.get_one(Case, job.case_id)
    rows: Sequence[CaseReport] = repository.reports_of_case(session, job.case_id)
    return ReportsRead(
        [
            ReportRead(
                one.id,
                one.created_at,
                one.channel,
                one.is_joined,
                one.symptom,
                one.text,
                one.serial,
                one.helped,
                one.answer_by,
            )
            for one in rows
        ],
        [AttachmentRead(one.sha256, one.kind) for one in repository.attachments(session, job.case_id)],
    )
