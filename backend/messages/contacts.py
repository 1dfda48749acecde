"""Addresses that customers give themselves, on the page behind their link."""

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


def known(session: Session, customer_id: uuid.UUID, channel: str) -> ContactAddress | None:
    """Where a customer is reached by a channel, and when they agreed to it."""
    return session.get(ContactAddress, (customer_id, channel))


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


def set_own_email(session: Session, customer: Actor, customer_id: uuid.UUID, address: str) -> None:
    """Keep what a customer typed, with when they agreed to it; "" forgets it. Raises BadEmailError."""
    wanted = address.strip().lower()
    if wanted and (len(wanted) > MOST_LENGTH or not ADDRESS.fullmatch(wanted)):
        raise BadEmailError("Not an e-mail address.")
    set_own(session, customer, customer_id, EMAIL, wanted)


def set_own(session: Session, customer: Actor, customer_id: uuid.UUID, channel: str, address: str) -> None:
    """Keep an address a customer gave themselves, with when they agreed to it; "" forgets it."""
    found = known(session, customer_id, channel)
    if found is not None and not address:
        session.delete(found)
    elif address:
        row = found or ContactAddress(customer_id=customer_id, channel=channel, address=address)
        row.address, row.consented_at = address, utc_now()
        session.add(row)
    audit.record(session, customer, f"contact.own_{channel}", "customer", customer_id, is_set=bool(address))
    session.flush()
