"""Addresses that customers give themselves, on the page behind their link."""

import re
import uuid

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.messages.models import ContactAddress
from backend.messages.service import rules_of

EMAIL = "email"
MOST_LENGTH = 254
ADDRESS = re.compile(r"[^@\s\x00<>]+@[^@\s\x00<>]+\.[^@\s\x00<>]+")


class BadEmailError(BadInputError):
    """No e-mail address anybody could write to."""

    code = "bad_email"


def email_of(session: Session, customer_id: uuid.UUID) -> str:
    """The customer's e-mail address, "" where none is known."""
    found = session.get(ContactAddress, (customer_id, EMAIL))
    return found.address if found is not None else ""


def masked(address: str) -> str:
    """Enough of an address for whoever gave it to know it again."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if domain else ""


def is_mail_used(session: Session, org_id: uuid.UUID) -> bool:
    """Whether the organisation writes e-mails to customers at all."""
    rules = rules_of(session, org_id)
    return EMAIL in (rules.channel, rules.fallback)


def set_own_email(session: Session, customer: Actor, customer_id: uuid.UUID, address: str) -> None:
    """Keep what a customer typed, with when they agreed to it; "" forgets it. Raises BadEmailError."""
    wanted, known = address.strip().lower(), session.get(ContactAddress, (customer_id, EMAIL))
    if wanted and (len(wanted) > MOST_LENGTH or not ADDRESS.fullmatch(wanted)):
        raise BadEmailError("Not an e-mail address.")
    if known is not None and not wanted:
        session.delete(known)
    elif wanted:
        row = known or ContactAddress(customer_id=customer_id, channel=EMAIL, address=wanted)
        row.address, row.consented_at = wanted, utc_now()
        session.add(row)
    audit.record(session, customer, "contact.own_email", "customer", customer_id, is_set=bool(wanted))
    session.flush()
