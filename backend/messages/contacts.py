"""Addresses that customers give themselves, on the page behind their link."""

import datetime as dt
import re
import uuid

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.messages import settings
from backend.messages.models import ContactAddress, MessageChannel
from backend.messages.service import rules_of

EMAIL, WECHAT = "email", "wechat"
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


def is_written_to(session: Session, org_id: uuid.UUID, channel: str) -> bool:
    """Whether the organisation writes to customers by a channel at all."""
    rules = rules_of(session, org_id)
    return channel in (rules.channel, rules.fallback)


def wechat_account(session: Session, org_id: uuid.UUID) -> MessageChannel | None:
    """The account that may ask customers for their WeChat address; None where nothing would be sent there."""
    return settings.find(session, org_id, WECHAT) if is_written_to(session, org_id, WECHAT) else None


def wechat_since(session: Session, customer_id: uuid.UUID) -> tuple[bool, dt.datetime | None]:
    """Whether a customer's WeChat address is known, and when they gave it themselves."""
    found = session.get(ContactAddress, (customer_id, WECHAT))
    return found is not None, found.consented_at if found is not None else None


def set_own_email(session: Session, customer: Actor, customer_id: uuid.UUID, address: str) -> None:
    """Keep what a customer typed, with when they agreed to it; "" forgets it. Raises BadEmailError."""
    wanted = address.strip().lower()
    if wanted and (len(wanted) > MOST_LENGTH or not ADDRESS.fullmatch(wanted)):
        raise BadEmailError("Not an e-mail address.")
    set_own(session, customer, customer_id, EMAIL, wanted)


def set_own(session: Session, customer: Actor, customer_id: uuid.UUID, channel: str, address: str) -> None:
    """Keep an address a customer gave themselves, with when they agreed to it; "" forgets it."""
    known = session.get(ContactAddress, (customer_id, channel))
    if known is not None and not address:
        session.delete(known)
    elif address:
        row = known or ContactAddress(customer_id=customer_id, channel=channel, address=address)
        row.address, row.consented_at = address, utc_now()
        session.add(row)
    audit.record(session, customer, f"contact.own_{channel}", "customer", customer_id, is_set=bool(address))
    session.flush()
