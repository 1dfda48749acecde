"""An organisation's rules and words, and what its customers want to be told."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.jobs import service as jobs
from backend.messages import wording
from backend.messages.kinds import BY_PHONE
from backend.messages.models import (
    ContactAddress,
    ContactChoice,
    ContactRefusal,
    MessageEvent,
    MessageRules,
    MessageWords,
)
from backend.messages.words import STANDARD
from backend.tracking.words import Language

# What a text message says that means "no more of these", and what takes it back.
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "td", "t", "退订", "r"})
START_WORDS = frozenset({"start", "unstop", "yes", "恢复"})


def rules_of(session: Session, org_id: uuid.UUID) -> MessageRules:
    """The organisation's rules; the standard ones where it has set none."""
    return session.get(MessageRules, org_id) or MessageRules(org_id=org_id)


def words_of(
    session: Session, org_id: uuid.UUID, event: MessageEvent, channel: str, language: Language
) -> tuple[str, str]:
    """Subject and text of an event: the channel's own words, the organisation's, or the standard ones."""
    for of_channel in (channel, ""):
        own = own_words(session, org_id, event, of_channel, language)
        if own is not None:
            return own.subject or STANDARD[language][event][0], own.text
    return STANDARD[language][event]


def own_words(
    session: Session, org_id: uuid.UUID, event: MessageEvent, channel: str, language: Language
) -> MessageWords | None:
    """What the organisation set for exactly this channel; "" is every channel without words of its own."""
    return session.get(MessageWords, (org_id, event, channel, language.value))


def set_words(
    session: Session,
    org_id: uuid.UUID,
    event: MessageEvent,
    channel: str,
    language: Language,
    *,
    subject: str,
    text: str,
) -> None:
    """Keep an organisation's own words; no text brings the standard ones back.

    Raises BadTemplateError, with the place of the mistake, for words no message can be made of.
    """
    own = own_words(session, org_id, event, channel, language)
    if not text.strip():
        if own is not None:
            session.delete(own)
        return
    wording.check(text)
    wording.check(subject)
    if own is None:
        own = MessageWords(org_id=org_id, event=event, channel=channel, language=language.value, text=text)
        session.add(own)
    own.subject, own.text = subject.strip(), text
    session.flush()


def address_of(session: Session, customer: Customer, channel: str) -> str:
    """Where the customer is reached by a channel; "" where they are not."""
    if channel in BY_PHONE:
        return customer.phone
    found = session.get(ContactAddress, (customer.id, channel))
    return found.address if found is not None else ""


def is_refused(session: Session, customer_id: uuid.UUID) -> bool:
    """Whether the customer wants nothing that is not about an appointment."""
    return session.get(ContactRefusal, customer_id) is not None


def choose_contact(
    session: Session, customer_id: uuid.UUID, *, is_refused: bool, how: str, said: str = ""
) -> None:
    """Keep what a customer decided, when and how; the same decision again changes nothing."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFoundError("No such customer.")
    refusal = session.get(ContactRefusal, customer_id)
    if is_refused == (refusal is not None):
        return
    if refusal is None:
        session.add(ContactRefusal(customer_id=customer_id, refused_at=utc_now()))
    else:
        session.delete(refusal)
    session.add(
        ContactChoice(
            org_id=customer.org_id, customer_id=customer_id, is_refused=is_refused, how=how, said=said[:200]
        )
    )
    session.flush()


def choices_of(session: Session, customer_id: uuid.UUID) -> Sequence[ContactChoice]:
    """What the customer decided, newest first."""
    query = select(ContactChoice).where(ContactChoice.customer_id == customer_id)
    return session.exec(query.order_by(col(ContactChoice.id).desc()).limit(50)).all()


def hear(session: Session, org_id: uuid.UUID, phone: str, text: str) -> bool | None:
    """A text message from a customer: True when it stops messages, False when it brings them back.

    None for anything else, or a number nobody of the organisation has. Every customer with it is meant.
    """
    word = text.strip().strip(".。!！").lower()
    if word not in STOP_WORDS | START_WORDS:
        return None
    wants = {phone, f"+86{phone}", f"+{phone}"} if not phone.startswith("+") else {phone}
    found = session.scalars(
        sa.select(Customer).where(col(Customer.org_id) == org_id, col(Customer.phone).in_(wants))
    ).all()
    for customer in found:
        choose_contact(session, customer.id, is_refused=word in STOP_WORDS, how="sms", said=text)
    return word in STOP_WORDS if found else None


def customer_of_job(session: Session, actor: Actor, job_id: uuid.UUID) -> Customer:
    """The customer of a job the actor may share the link of."""
    actor.require(Permission.LINK_SHARE)
    return session.get_one(Customer, jobs.get(session, actor, job_id).customer_id)


def set_contact(
    session: Session, actor: Actor, job_id: uuid.UUID, addresses: dict[str, str], *, is_refused: bool
) -> Customer:
    """Note where a job's customer is reached, and whether they want messages beside their appointment's."""
    customer = customer_of_job(session, actor, job_id)
    for channel, address in addresses.items():
        known = session.get(ContactAddress, (customer.id, channel))
        if known is not None and not address:
            session.delete(known)
        elif known is not None and known.address != address:
            known.address, known.consented_at = address, None  # they agreed to another one
        elif known is None and address:
            session.add(ContactAddress(customer_id=customer.id, channel=channel, address=address))
    choose_contact(session, customer.id, is_refused=is_refused, how="office", said=actor.name)
    audit.record(
        session, actor, "contact.set", "customer", customer.id,
        channels=sorted(name for name, address in addresses.items() if address), is_refused=is_refused,
    )  # fmt: skip
    session.flush()
    return customer
