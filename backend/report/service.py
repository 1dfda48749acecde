"""A report becomes a case, or joins the one that is open: the same for the page and for the hotline."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.cases import service as cases
from backend.cases.models import Channel
from backend.cases.service import JobInput, PlaceInput
from backend.customers.models import LocationSource
from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.errors import BadInputError, NotFoundError
from backend.geocoding.datum import Point, distance_m
from backend.geocoding.locate import Location
from backend.imports.phones import phone as read_phone
from backend.imports.reasons import LineError
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobType
from backend.jobs.models import Job
from backend.messages import outbox
from backend.messages.models import MessageEvent
from backend.organisations import service as organisations
from backend.organisations.models import Region
from backend.report import duplicates, guide, repository, rules
from backend.report.models import AttachmentKind, CaseAttachment, CaseReport

UNSAFE_MARK = "\x00"
URGENT = 1


class BadPhoneError(BadInputError):
    """No phone number anybody could be called under."""

    code = "bad_phone"


@dataclass(frozen=True)
class Report:
    """What somebody reports. `key` tells the same report sent twice; `location` is where the address is."""

    key: uuid.UUID
    channel: Channel
    product: Product
    type: JobType
    name: str
    phone: str
    address: str
    location: Location
    locale: str = "zh-CN"
    symptom: str = ""
    text: str = ""
    serial: str = ""
    purchased_on: dt.date | None = None
    order_no: str = ""
    helped: bool | None = None
    is_urgent: bool = False
    consent_at: dt.datetime | None = None
    pictures: tuple[tuple[AttachmentKind, str], ...] = ()


def take(session: Session, actor: Actor, report: Report) -> tuple[CaseReport, Job]:
    """Keep a report: a new case, or the open one it repeats. The same key again gives the first answer.

    Raises BadInputError where the organisation offers no such service.
    """
    # One at a time: two reports sent at once are one case, and the same one twice is one report.
    region = region_for(session, actor.org_id, report.location.point)
    organisations.held(session, actor.org_id)
    earlier = repository.report_by_key(session, actor.org_id, report.key)
    if earlier is not None:
        return earlier, session.get_one(Job, earlier.job_id)
    known = duplicates.find(
        session, actor, report.product, report.type, report.phone, report.serial, report.address
    )
    job = jobs.as_it_is(session, known.job) if known else _open(session, actor, region, report)
    row = CaseReport(
        org_id=actor.org_id,
        key=report.key,
        case_id=job.case_id,
        job_id=job.id,
        channel=report.channel,
        is_joined=known is not None,
        symptom=report.symptom,
        text=report.text,
        name=report.name,
        phone=report.phone,
        address=report.address,
        serial=report.serial,
        helped=report.helped,
        consent_at=report.consent_at,
        answer_by=rules.answer_by(session, actor.org_id, region.zone),
    )
    session.add(row)
    session.flush()
    attach(session, job, report.pictures)
    audit.record(session, actor, "reported", "case", job.case_id, channel=report.channel, joined=bool(known))
    if known is not None:
        _remind(session, job, row)
        job.priority = max(job.priority, URGENT if report.is_urgent else 0)
        jobs.touch(session, job)
    return row, job


def _open(session: Session, actor: Actor, region: Region, report: Report) -> Job:
    customer = cases.find_or_add_customer(session, actor, report.name, report.phone, report.locale)
    point = report.location.point
    place = cases.find_or_add_place(
        session,
        actor,
        customer,
        region,
        PlaceInput(
            address=report.address,
            community=report.location.community,
            district=report.location.district,
            lat=point.lat if point else None,
            lng=point.lng if point else None,
            source=LocationSource(report.location.source),
        ),
    )
    said = description(report)
    case = cases.open_case(session, actor, customer, report.channel, region.zone, said)
    wanted = JobInput(
        product=report.product,
        type=report.type,
        serial=report.serial or None,
        description=said,
        purchased_on=report.purchased_on,
        order_no=report.order_no,
        priority=URGENT if report.is_urgent else 0,
    )
    return cases.add_job(session, actor, case, place, wanted)


def description(report: Report) -> str:
    """What the technician reads: the symptom by its Chinese name, what was tried, the customer's words."""
    found = guide.symptom(report.product.category, report.symptom)
    parts = [found.title["zh"]] if found else []
    if report.helped is False:
        parts.append("已按自助步骤试过，未解决")
    parts.append(report.text)
    return "；".join(part for part in parts if part)[:2_000]


def _remind(session: Session, job: Job, row: CaseReport) -> None:
    """Whoever has the case's phone gets its link again while a time is still to be chosen."""
    if job.window_start is None:
        outbox.put(session, job, MessageEvent.INVITED, f"{job.id}:again:{row.id}", utc_now())


def attach(session: Session, job: Job, pictures: tuple[tuple[AttachmentKind, str], ...]) -> None:
    """Keep uploaded pictures with the case; one that is there already stays once."""
    for kind, sha256 in pictures:
        row = CaseAttachment(org_id=job.org_id, case_id=job.case_id, job_id=job.id, kind=kind, sha256=sha256)
        statement = insert_into(session, CaseAttachment).values(**row.model_dump())
        session.execute(statement.on_conflict_do_nothing(index_elements=["case_id", "kind", "sha256"]))


def region_for(session: Session, org_id: uuid.UUID, point: Point | None) -> Region:
    """The region whose centre is nearest; without coordinates the organisation's first."""
    regions = session.exec(select(Region).where(Region.org_id == org_id).order_by(col(Region.id))).all()
    if not regions:
        raise NotFoundError("The organisation serves no region.")
    if point is None:
        return regions[0]
    return min(regions, key=lambda one: distance_m(point, Point(one.center_lat, one.center_lng)))


def phone_number(text: str, country: str) -> str:
    """A phone number as typed, in E.164; raises BadPhoneError."""
    try:
        found, _ = read_phone([text[:60]], country)
    except LineError as error:
        raise BadPhoneError("Not a phone number.") from error
    return found


def plain_text(text: str, most: int) -> str:
    """Words as typed, without control characters and spaces around, cut at `most` characters."""
    return text.replace(UNSAFE_MARK, "").strip()[:most]
