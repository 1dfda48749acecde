"""Checking what a form says of a person, and sending a finished draft."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from backend.cases.models import Channel
from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.geocoding.datum import Point
from backend.geocoding.locate import Location, Source
from backend.jobs.models import Job
from backend.report import drafts, letters, limits, service
from backend.report.drafts import Opened
from backend.report.models import AttachmentKind, CaseReport
from backend.report.service import BadPhoneError, Report, plain_text
from backend.report.view import DoneView, done_view
from backend.tracking import links
from backend.tracking.models import CustomerLink
from backend.tracking.words import Language

LEAST_ADDRESS = 5
EARLIEST_PURCHASE = dt.date(1990, 1, 1)


@dataclass(frozen=True)
class Contact:
    """What the last form says; `missing` is the key of what to put right, "" when nothing is."""

    said: dict[str, Any]
    missing: str
    phone: str = ""


def contact_of(form: Any, country: str) -> Contact:  # noqa: ANN401 - Litestar's form has no public type
    """Read name, phone, address, consent and position from the form."""
    said: dict[str, Any] = {
        "name": plain_text(str(form.get("name", "")), 120),
        "phone": plain_text(str(form.get("phone", "")), 30),
        "address": " ".join(plain_text(str(form.get("address", "")), 300).split()),
    }
    point = _point(str(form.get("lat", "")), str(form.get("lng", "")))
    if point is not None:
        said |= {"lat": point.lat, "lng": point.lng}
    try:
        phone = service.phone_number(said["phone"], country)
    except BadPhoneError:
        phone = ""
    checks = (
        (bool(said["name"]), "rep_bad_name"),
        (bool(phone), "rep_bad_phone"),
        (len(said["address"]) >= LEAST_ADDRESS, "rep_bad_address"),
        (bool(form.get("consent")), "rep_no_consent"),
    )
    return Contact(said, next((key for is_fine, key in checks if not is_fine), ""), phone)


def _point(lat: str, lng: str) -> Point | None:
    try:
        found = Point(float(lat), float(lng))
    except ValueError:
        return None
    is_on_earth = -90 <= found.lat <= 90 and -180 <= found.lng <= 180
    return found if is_on_earth and (found.lat, found.lng) != (0, 0) else None


def position_of(opened: Opened) -> Point | None:
    """The position the phone gave or the pin on the map, WGS-84."""
    lat, lng = opened.data.get("lat"), opened.data.get("lng")
    return Point(float(lat), float(lng)) if lat is not None and lng is not None else None


def purchase_day(text: str) -> dt.date | None:
    """A day typed into a date field; None for none. Raises ValueError for one that cannot be."""
    if not text.strip():
        return None
    day = dt.date.fromisoformat(text.strip())
    if not EARLIEST_PURCHASE <= day <= utc_now().date() + dt.timedelta(days=1):
        raise ValueError("not a day anything was bought on")
    return day


def send(
    session: Session,
    secret: bytes,
    token: str,
    client: str,
    contact: Contact,
    location: Location,
    link_life: dt.timedelta,
) -> CaseReport:
    """Make a case of the draft, once; a second time gives back the first report.

    Raises TooManyAttemptsError, and NotFoundError for a draft whose product or need is gone.
    """
    opened = drafts.open_draft(session, secret, token, for_update=True)
    if opened.draft.submitted_at is not None:
        return _sent(session, opened)[0]
    if opened.need not in drafts.needs(session, opened.product):
        raise NotFoundError("No such service.")
    limits.count_sent(session, client, contact.phone)
    actor = drafts.reporter(opened.org.id)
    row, job = service.take(session, actor, _report(opened, contact, location))
    if letter_id := opened.data.get("letter_id"):
        letters.settle(session, str(letter_id), job.id)
    drafts.close(session, opened.draft, job.id, row.id)
    if not row.is_joined:
        link = links.share(session, actor, job.id, link_life)
        opened.draft.data = opened.draft.data | {"link_id": str(link.id)}
        session.flush()
    return row


def _report(opened: Opened, contact: Contact, location: Location) -> Report:
    data = opened.data
    bought = str(data.get("bought", ""))
    return Report(
        key=opened.draft.id,
        channel=Channel(data.get("channel", Channel.WEB)),
        product=opened.product,
        type=opened.job_type,
        name=contact.said["name"],
        phone=contact.phone,
        address=contact.said["address"],
        location=location,
        locale=str(data.get("locale", "zh-CN")),
        symptom=opened.need.partition(":")[2],
        text=str(data.get("text", "")),
        serial=str(data.get("serial", "")),
        purchased_on=dt.date.fromisoformat(bought) if bought else None,
        helped=data.get("helped"),
        consent_at=utc_now(),
        pictures=tuple((AttachmentKind(one["kind"]), str(one["sha256"])) for one in data.get("pictures", [])),
    )


def _sent(session: Session, opened: Opened) -> tuple[CaseReport, Job]:
    row = session.get(CaseReport, uuid.UUID(str(opened.data.get("report_id"))))
    if row is None:
        raise NotFoundError("The report is gone.")
    return row, session.get_one(Job, row.job_id)


def confirmation(
    session: Session, secret: bytes, base_url: str, opened: Opened, language: Language
) -> DoneView:
    """What the last page says; the link is given to whoever opened the case, for as long as it opens."""
    row, job = _sent(session, opened)
    link_id = opened.data.get("link_id")
    link = session.get(CustomerLink, uuid.UUID(str(link_id))) if link_id else None
    is_live = link is not None and link.revoked_at is None
    url = links.url_of(base_url, secret, link) if link is not None and is_live else ""
    return done_view(session, row, job, url, language)


def located(location: Location, point: Point | None, source: Source = Source.FILE) -> Location:
    """What the address says, with the point somebody gave in its place."""
    if point is None:
        return location
    return Location(point, source, location.community, location.district)
