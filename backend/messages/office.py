"""What the office does with messages: reads them, sends them again, sets rules and words."""

import uuid
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.cases.models import SalesOrder
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.jobs.models import Job
from backend.messages import outbox, service, wording
from backend.messages.models import Message, MessageEvent, MessageRules, MessageState, MessageWords
from backend.messages.schemas import (
    MessageRead,
    MessageRulesRead,
    MessageRulesWrite,
    OrderMoved,
    PreviewRead,
    SmsRead,
    TemplateRead,
    TemplatesRead,
    TemplateWrite,
)
from backend.messages.words import NAMES, SAMPLE
from backend.privacy.disclosure import SHOWN_DIGITS, masked_contact
from backend.tracking.words import Language

COLUMNS = tuple(name for name in MessageRead.__struct_fields__ if name not in ("job_number", "customer_name"))


@dataclass(frozen=True)
class Wanted:
    """Which messages of the list."""

    job_id: uuid.UUID | None = None
    event: MessageEvent | None = None
    state: MessageState | None = None
    q: str = ""
    after: uuid.UUID | None = None
    limit: int = 50


def listed(session: Session, actor: Actor, wanted: Wanted) -> list[MessageRead]:
    """The organisation's messages, newest first; only for those who may share a customer's link."""
    actor.require(Permission.LINK_SHARE)
    query = (
        sa.select(Message, col(Job.number), col(Customer.name))
        .join(Job, col(Job.id) == col(Message.job_id))
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .where(col(Message.org_id) == actor.org_id)
    )
    for column, value in ((Message.job_id, wanted.job_id), (Message.event, wanted.event)):
        if value is not None:
            query = query.where(col(column) == value)
    if wanted.state is not None:
        query = query.where(col(Message.state) == wanted.state)
    if wanted.after is not None:
        query = query.where(col(Message.id) < wanted.after)
    if wanted.q:
        query = query.where(_holds(wanted.q, knows_all=actor.may(Permission.CONTACT_SHOW)))
    rows = session.execute(query.order_by(col(Message.id).desc()).limit(wanted.limit))
    return [_read(message, number, name) for message, number, name in rows]


def _holds(text: str, *, knows_all: bool) -> sa.ColumnElement[bool]:
    # A masked address must not be told by what finds it, one letter after the other.
    shown_end = col(Message.address).endswith(text[-SHOWN_DIGITS:], autoescape=True)
    return sa.or_(
        col(Message.address).icontains(text, autoescape=True) if knows_all else shown_end,
        *(col(one).icontains(text, autoescape=True) for one in (Message.text, Job.number, Customer.name)),
    )


def _read(message: Message, number: str, name: str) -> MessageRead:
    values = {column: getattr(message, column) for column in COLUMNS}
    if message.event is not MessageEvent.ALERT:  # of the office itself only the channel's name is kept
        values["address"] = masked_contact(message.address)
    return MessageRead(**values, job_number=number, customer_name=name)


def send_again(session: Session, actor: Actor, message_id: uuid.UUID, again_id: uuid.UUID) -> MessageRead:
    """Send a message once more, as a new one with its words made anew; the same `again_id` once."""
    actor.require(Permission.LINK_SHARE)
    query = sa.select(Message).where(col(Message.id) == message_id, col(Message.org_id) == actor.org_id)
    old = session.scalars(query).one_or_none()
    if old is None:
        raise NotFoundError("No such message.")
    job = session.get_one(Job, old.job_id)
    channel = old.channel if old.event is MessageEvent.ALERT else ""
    key, data = f"{outbox.AGAIN}{again_id}", {**old.data, "is_by_hand": True}
    outbox.put(session, job, old.event, key, utc_now(), data, channel)
    made = session.scalars(
        sa.select(Message).where(col(Message.org_id) == actor.org_id, col(Message.key) == key)
    ).one()
    audit.record(session, actor, "message.again", "job", job.id, event=old.event)
    return _read(made, job.number, session.get_one(Customer, job.customer_id).name)


def order_moved(session: Session, actor: Actor, moved: OrderMoved) -> int:
    """Invite the customer of an order that was shipped or has arrived, where the rules wait for that.

    Raises NotFoundError for an order nobody has imported.
    """
    actor.require(Permission.JOB_INTAKE)
    query = sa.select(SalesOrder).where(
        col(SalesOrder.org_id) == actor.org_id,
        col(SalesOrder.channel) == moved.channel,
        col(SalesOrder.order_no) == moved.order_no,
    )
    order = session.scalars(query).one_or_none()
    if order is None:
        raise NotFoundError("No such order.")
    audit.record(session, actor, f"order.{moved.what}", "case", order.case_id)
    if service.rules_of(session, actor.org_id).invite_on != moved.what:
        return 0
    jobs = sa.select(Job).where(col(Job.case_id) == order.case_id, col(Job.window_start).is_(None))
    waiting = session.scalars(jobs).all()
    for job in waiting:
        outbox.ask(session, job, "invited")
    session.flush()
    return len(waiting)


def templates(session: Session, actor: Actor) -> TemplatesRead:
    """Every event's words in every language as they read, and what single channels say instead."""
    actor.require(Permission.LINK_SHARE)
    own = session.scalars(
        sa.select(MessageWords).where(
            col(MessageWords.org_id) == actor.org_id, col(MessageWords.channel) != ""
        )
    ).all()
    items = [
        _template(session, actor.org_id, event, "", language)
        for event in MessageEvent
        for language in Language
    ]
    items += [_template(session, actor.org_id, one.event, one.channel, Language(one.language)) for one in own]
    return TemplatesRead(list(NAMES), {str(key.value): value for key, value in SAMPLE.items()}, items)


def _template(
    session: Session, org_id: uuid.UUID, event: MessageEvent, channel: str, language: Language
) -> TemplateRead:
    subject, text = service.words_of(session, org_id, event, channel, language)
    shown = preview(subject, text, language)
    is_own = service.own_words(session, org_id, event, channel, language) is not None
    return TemplateRead(
        event, channel, language.value, subject, text, shown.subject, shown.text, shown.sms, is_own
    )


def preview(subject: str, text: str, language: Language) -> PreviewRead:
    """Words with sample values; raises BadTemplateError with the place of a mistake."""
    wording.check(text)
    wording.check(subject)
    filled = wording.fill(text, SAMPLE[language])
    length = wording.sms_length(filled)
    return PreviewRead(
        wording.fill(subject, SAMPLE[language]), filled, SmsRead(length.units, length.parts, length.encoding)
    )


def write_template(
    session: Session, actor: Actor, event: MessageEvent, language: Language, wanted: TemplateWrite
) -> TemplateRead:
    """Set an organisation's own words; the audit log keeps who did."""
    actor.require(Permission.RULES_MANAGE)
    service.set_words(
        session, actor.org_id, event, wanted.channel, language, subject=wanted.subject, text=wanted.text
    )
    audit.record(
        session, actor, "message.template", "organisation", actor.org_id,
        event=event, channel=wanted.channel, text=wanted.text,
    )  # fmt: skip
    session.flush()
    return _template(session, actor.org_id, event, wanted.channel, language)


def read_rules(session: Session, actor: Actor) -> MessageRulesRead:
    """The rules in force; the standard ones where none were set."""
    actor.require(Permission.LINK_SHARE)
    return _rules(service.rules_of(session, actor.org_id))


def write_rules(session: Session, actor: Actor, wanted: MessageRulesWrite) -> MessageRulesRead:
    """Set all of them."""
    actor.require(Permission.RULES_MANAGE)
    rules = session.get(MessageRules, actor.org_id) or MessageRules(org_id=actor.org_id)
    values = msgspec.structs.asdict(wanted)
    values["silent"] = sorted({event.value for event in wanted.silent})
    values["alerts"] = sorted(set(wanted.alerts))
    for name, value in values.items():
        setattr(rules, name, value)
    session.add(rules)
    session.flush()
    audit.record(session, actor, "message.rules", "organisation", actor.org_id, **values)
    return _rules(rules)


def _rules(rules: MessageRules) -> MessageRulesRead:
    values = {name: getattr(rules, name) for name in MessageRulesRead.__struct_fields__}
    return MessageRulesRead(**{**values, "silent": list(rules.silent), "alerts": list(rules.alerts)})
