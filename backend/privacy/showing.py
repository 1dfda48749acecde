"""Showing a masked number to somebody who has to call: a deed with a reason, on record."""

import enum
import uuid
from dataclasses import dataclass

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.customers.models import Customer, Place
from backend.jobs import repository as jobs


class ShowReason(enum.StrEnum):
    """What somebody needs a customer's number for outside the visit's time."""

    BOOK = "book"
    DELAY = "delay"
    COMPLAINT = "complaint"
    QUESTION = "question"
    LOCATE = "locate"
    OTHER = "other"


@dataclass(frozen=True)
class Contact:
    """How a job's customer is reached, in full."""

    name: str
    phone: str
    address: str


def show(session: Session, actor: Actor, job_id: uuid.UUID, reason: ShowReason) -> Contact:
    """A visible job's contact; who asked and what for stays in the audit log.

    Raises ForbiddenError for those whose work needs no number, NotFoundError for a job that is not theirs.
    """
    actor.require(Permission.CONTACT_SHOW)
    job = jobs.get_visible(session, actor, job_id)
    customer, place = session.get_one(Customer, job.customer_id), session.get_one(Place, job.place_id)
    audit.record(session, actor, "contact.shown", "job", job.id, reason=reason.value)
    return Contact(customer.name, customer.phone, place.address)
