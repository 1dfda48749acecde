"""What the words of a message are filled in with."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.assets.models import Product
from backend.auth.actor import system_actor
from backend.booking import repository as booking
from backend.customers.models import Customer
from backend.jobs.models import Job
from backend.messages.models import Message, MessageEvent
from backend.messages.words import WHAT
from backend.organisations.models import Organisation, Region
from backend.technicians.models import Technician
from backend.tracking import links
from backend.tracking.people import family_name
from backend.tracking.words import WORDS, Language, choose, day_text, span_text


@dataclass(frozen=True)
class Sealing:
    """What a link in a message is made of."""

    secret: bytes
    base_url: str
    link_lifetime: dt.timedelta


def language_of(session: Session, job: Job, event: MessageEvent, customer: Customer) -> Language:
    """The customer's language; the office is told in the organisation's."""
    org = session.get_one(Organisation, job.org_id)
    if event is MessageEvent.ALERT:
        return choose("", "", "", org.locale)
    return choose("", customer.locale, "", org.locale)


def values_of(
    session: Session, message: Message, job: Job, region: Region, language: Language, sealing: Sealing
) -> dict[str, str]:
    """Every name a template may use, in one language."""
    org, product = session.get_one(Organisation, job.org_id), session.get_one(Product, job.product_id)
    who = session.get(Technician, job.technician_id) if job.technician_id else None
    is_english = language is Language.ENGLISH
    surname = (family_name(who.name) or who.name) if who else ""
    what = WHAT[language]
    return {
        "org": org.name,
        "product": (product.name_en or product.name) if is_english else product.name,
        "service": WORDS[language][f"type_{job.type.value}"],
        "number": job.number,
        "window": _window(job, region, language),
        "range": _span(message, region, "range_start", "range_end"),
        "technician": WORDS[language]["master"].format(surname=surname) if who else "",
        "link": _link(session, message, job, sealing),
        "hotline": booking.rules_of(session, job.org_id).hotline,
        "due": _due(message, region, language),
        "what": what.get(str(message.data.get("what", "")), ""),
        "detail": str(message.data.get("detail", "")),
    }


def _link(session: Session, message: Message, job: Job, sealing: Sealing) -> str:
    """The customer's page; the office gets no customer's link."""
    if message.event is MessageEvent.ALERT:
        return f"{sealing.base_url}/console/#/day?job={job.id}"
    link = links.share(session, system_actor(job.org_id, "messages"), job.id, sealing.link_lifetime)
    return links.url_of(sealing.base_url, sealing.secret, link)


def _window(job: Job, region: Region, language: Language) -> str:
    if job.window_start is None or job.window_end is None:
        return WORDS[language]["no_window"]
    start, end = (at.astimezone(ZoneInfo(region.zone)) for at in (job.window_start, job.window_end))
    # A message is read at any time, so its day has no "today".
    return f"{day_text(start.date(), dt.date.min, language)} {span_text(start, end)}"


def _span(message: Message, region: Region, start_name: str, end_name: str) -> str:
    if start_name not in message.data:
        return ""
    zone = ZoneInfo(region.zone)
    start, end = (dt.datetime.fromisoformat(message.data[name]) for name in (start_name, end_name))
    return span_text(start.astimezone(zone), end.astimezone(zone))


def _due(message: Message, region: Region, language: Language) -> str:
    if "due_at" not in message.data:
        return ""
    due = dt.datetime.fromisoformat(message.data["due_at"]).astimezone(ZoneInfo(region.zone))
    return f"{day_text(due.date(), dt.date.min, language)} {due:%H:%M}"
