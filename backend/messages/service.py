"""The outbox in the database: claiming what is due, filling in its words, recording what became of it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from string import Formatter
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Product
from backend.auth.actor import system_actor
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError
from backend.jobs.models import Job
from backend.messages import policies
from backend.messages.channels import Outgoing
from backend.messages.models import (
    ContactRefusal,
    Message,
    MessageEvent,
    MessageRules,
    MessageState,
    MessageWords,
)
from backend.messages.words import NAMES, STANDARD
from backend.organisations.models import Organisation, Region
from backend.technicians.models import Technician
from backend.tracking import links
from backend.tracking.people import family_name
from backend.tracking.words import WORDS, Language, choose, day_text, span_text

AT_ONCE = 20
CLAIMED_FOR = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Sealing:
    """What a link in a message is made of."""

    secret: bytes
    base_url: str
    link_lifetime: dt.timedelta


@dataclass(frozen=True)
class Claimed:
    """A message this sender may send now, and the attempt that fences it."""

    outgoing: Outgoing
    channel: str
    attempt: int


def _due(now: dt.datetime) -> sa.ColumnElement[bool]:
    waits = sa.and_(col(Message.state) == MessageState.QUEUED, col(Message.not_before) <= now)
    lost = sa.and_(col(Message.state) == MessageState.SENDING, col(Message.claimed_until) <= now)
    return sa.or_(waits, lost)


def has_due(session: Session) -> bool:
    """Whether anything is to be sent now."""
    return session.scalar(sa.select(sa.exists().where(_due(utc_now())))) or False


def claim(session: Session, sealing: Sealing, now: dt.datetime | None = None) -> list[Claimed]:
    """Take what is due, oldest first; what may not leave now is put off or dropped, with the reason."""
    now = now or utc_now()
    query = sa.select(Message).where(_due(now)).order_by(col(Message.id)).limit(AT_ONCE)
    claimed = []
    for message in session.scalars(query.with_for_update(skip_locked=True)):
        if (taken := _take(session, message, sealing, now)) is not None:
            claimed.append(taken)
            session.flush()  # the next one to the same number counts this one
    session.flush()
    return claimed


def _take(session: Session, message: Message, sealing: Sealing, now: dt.datetime) -> Claimed | None:
    rules = rules_of(session, message.org_id)
    job = session.get_one(Job, message.job_id)
    region, customer = session.get_one(Region, job.region_id), session.get_one(Customer, job.customer_id)
    if why := _obstacle(session, message, job, customer, rules, now):
        message.state, message.why = MessageState.DROPPED, why
        return None
    later = policies.quiet_until(now, region.zone, message.event, rules.quiet_from_h, rules.quiet_until_h)
    if later is not None:
        message.state, message.not_before, message.why = MessageState.QUEUED, later, "quiet_hours"
        return None
    language, values = _values(session, message, job, region, customer, sealing)
    template = template_of(session, message.org_id, message.event, language)
    message.text, message.language = template.format_map(values)[:1_000], language.value
    message.address, message.channel = customer.phone, message.channel or rules.channel
    message.state, message.why = MessageState.SENDING, ""
    message.attempts, message.claimed_until = message.attempts + 1, now + CLAIMED_FOR
    outgoing = Outgoing(message.id, message.event.value, customer.phone, language.value, message.text, values)
    return Claimed(outgoing, message.channel, message.attempts)


def _obstacle(
    session: Session, message: Message, job: Job, customer: Customer, rules: MessageRules, now: dt.datetime
) -> str:
    """Why a message is not sent at all; "" when it may be."""
    if policies.is_stale(message.event, message.not_before, now):
        return "stale"
    if message.event is MessageEvent.INVITED and job.window_end is not None and job.window_end > now:
        return "overtaken"
    if message.event is MessageEvent.BOOKED and not _is_current(message, job):
        return "overtaken"
    if message.event in policies.OPTIONAL and session.get(ContactRefusal, customer.id) is not None:
        return "refused"
    if message.attempts == 0 and message.event not in policies.URGENT:
        since = now - dt.timedelta(days=1)
        sent = sa.select(sa.func.count()).where(
            col(Message.org_id) == message.org_id,
            col(Message.address) == customer.phone,
            col(Message.state).in_([MessageState.SENDING, MessageState.SENT]),
            sa.or_(col(Message.sent_at) > since, col(Message.claimed_until) > since),
        )
        if session.execute(sent).scalar_one() >= rules.most_per_day:
            return "too_many"
    return ""


def _is_current(message: Message, job: Job) -> bool:
    """Whether the appointment a message tells of still stands."""
    start = message.data.get("window_start")
    return job.window_start is not None and start == job.window_start.isoformat()


def _values(
    session: Session, message: Message, job: Job, region: Region, customer: Customer, sealing: Sealing
) -> tuple[Language, dict[str, str]]:
    org, product = session.get_one(Organisation, job.org_id), session.get_one(Product, job.product_id)
    language = choose("", customer.locale, "", org.locale)
    link = links.share(session, system_actor(job.org_id, "messages"), job.id, sealing.link_lifetime)
    who = session.get(Technician, job.technician_id) if job.technician_id else None
    is_english = language is Language.ENGLISH
    return language, {
        "org": org.name,
        "product": (product.name_en or product.name) if is_english else product.name,
        "service": WORDS[language][f"type_{job.type.value}"],
        "window": _window(job, region, language),
        "technician": WORDS[language]["master"].format(surname=family_name(who.name) or who.name)
        if who
        else "",
        "link": links.url_of(sealing.base_url, sealing.secret, link),
    }


def _window(job: Job, region: Region, language: Language) -> str:
    if job.window_start is None or job.window_end is None:
        return WORDS[language]["no_window"]
    start, end = (at.astimezone(ZoneInfo(region.zone)) for at in (job.window_start, job.window_end))
    # A message is read at any time, so its day has no "today".
    return f"{day_text(start.date(), dt.date.min, language)} {span_text(start, end)}"


def record_sent(session: Session, claimed: Claimed, receipt: str) -> bool:
    """Note the receipt; False when another sender has taken the message over."""
    message = _owned(session, claimed)
    if message is None:
        return False
    message.state, message.receipt, message.sent_at = MessageState.SENT, receipt[:120], utc_now()
    message.claimed_until = None
    session.flush()
    return True


def record_failed(session: Session, claimed: Claimed, detail: str, *, is_final: bool) -> None:
    """Put it off, hand it to the fallback channel, or give it up; it stays to be seen in each case."""
    message = _owned(session, claimed)
    if message is None:
        return
    rules, now = rules_of(session, message.org_id), utc_now()
    message.why, message.claimed_until = detail[:300], None
    if not is_final and message.attempts < policies.MAX_ATTEMPTS:
        message.state, message.not_before = MessageState.QUEUED, now + policies.back_off(message.attempts)
    elif rules.fallback and rules.fallback != message.channel:
        message.state, message.channel, message.attempts = MessageState.QUEUED, rules.fallback, 0
    else:
        message.state = MessageState.FAILED
    session.flush()


def _owned(session: Session, claimed: Claimed) -> Message | None:
    query = sa.select(Message).where(
        col(Message.id) == claimed.outgoing.id,
        col(Message.attempts) == claimed.attempt,
        col(Message.channel) == claimed.channel,
        col(Message.state) == MessageState.SENDING,
    )
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def rules_of(session: Session, org_id: uuid.UUID) -> MessageRules:
    """The organisation's rules; the standard ones where it has set none."""
    return session.get(MessageRules, org_id) or MessageRules(org_id=org_id)


def template_of(session: Session, org_id: uuid.UUID, event: MessageEvent, language: Language) -> str:
    """The organisation's words for an event, else the standard ones."""
    own = session.get(MessageWords, (org_id, event, "", language.value))
    return own.text if own is not None else STANDARD[language][event]


def set_template(
    session: Session, org_id: uuid.UUID, event: MessageEvent, language: Language, text: str
) -> None:
    """Keep an organisation's own words; none at all brings the standard ones back.

    Raises BadInputError when they name something a message does not know.
    """
    own = session.get(MessageWords, (org_id, event, "", language.value))
    if not text.strip():
        if own is not None:
            session.delete(own)
        return
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise BadInputError(str(error), code="bad_template") from error
    # Only whole names: a format or an attribute could make a message say more than it should.
    named = {f"{name}{spec or ''}{turn or ''}" for _, name, spec, turn in parts}
    if unknown := named - NAMES:
        listed = ", ".join(sorted(unknown))
        raise BadInputError(f"A message knows no {listed}.", code="bad_template", names=sorted(NAMES))
    if own is None:
        own = MessageWords(org_id=org_id, event=event, language=language.value, text=text)
        session.add(own)
    own.text = text
    session.flush()


def refuse_contact(session: Session, customer_id: uuid.UUID) -> None:
    """The customer wants no message that is not about an appointment."""
    if session.get(Customer, customer_id) is None:
        raise NotFoundError("No such customer.")
    if session.get(ContactRefusal, customer_id) is None:
        session.add(ContactRefusal(customer_id=customer_id, refused_at=utc_now()))
        session.flush()
