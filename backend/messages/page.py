"""Where a customer says what they want to be told, and where else to: plain forms, no script."""

import uuid
from dataclasses import dataclass
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import BadInputError, NotFoundError
from backend.jobs import service as jobs
from backend.messages import contacts, service
from backend.tracking.linked_page import LinkedPage, provide_linked_page
from backend.tracking.page import broken, closed
from backend.tracking.render import PRIVATE

ONE_CLICK = "List-Unsubscribe"


@dataclass(frozen=True)
class Contact:
    """How a customer is written to; `email` is masked, as a link may be passed on."""

    is_refused: bool
    email: str
    can_mail: bool


def _customer_id(session: Session, customer: Actor) -> uuid.UUID:
    if customer.job_id is None:
        raise NotFoundError("No such job.")
    return jobs.get(session, customer, customer.job_id).customer_id


def _contact(session: Session, customer: Actor) -> Contact:
    customer_id = _customer_id(session, customer)
    return Contact(
        service.is_refused(session, customer_id),
        contacts.masked(contacts.email_of(session, customer_id)),
        contacts.is_mail_used(session, customer.org_id),
    )


def _decide(session: Session, customer: Actor, is_refused: bool, said: str) -> None:
    service.choose_contact(
        session, _customer_id(session, customer), is_refused=is_refused, how="link", said=said
    )


def _set_email(session: Session, customer: Actor, address: str) -> None:
    contacts.set_own_email(session, customer, _customer_id(session, customer), address)


@get("/{token:str}/messages")
async def page(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Response[str]:
    """What we write about, and where to."""
    return at.show("messages/choice.html", contact=await db.read(_contact, at.customer), alert="", typed="")


@post("/{token:str}/messages", status_code=200)
async def decide(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Response[Any]:
    """Keep the choice. A mail program that unsubscribes for its reader needs no page after it."""
    form = await at.request.form()
    is_one_click = ONE_CLICK in form
    choice = "refuse" if is_one_click else str(form.get("choice", ""))
    if choice in ("refuse", "allow"):
        await db.write(_decide, at.customer, choice == "refuse", "one click" if is_one_click else "")
    if is_one_click:
        return Response("", media_type="text/plain", headers=PRIVATE)
    return at.go("/messages")


@post("/{token:str}/messages/email", status_code=200)
async def set_email(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Response[Any]:
    """Keep or forget the customer's e-mail address; one that can't be is shown again with the reason."""
    form = await at.request.form()
    typed = "" if "forget" in form else str(form.get("email", ""))[:300]
    alert = "" if "forget" in form or form.get("consent") else "contact_mail_consent"
    if not alert:
        try:
            await db.write(_set_email, at.customer, typed)
        except BadInputError:
            alert = "contact_mail_bad"
    if alert:
        contact = await db.read(_contact, at.customer)
        return at.show("messages/choice.html", status=422, contact=contact, alert=alert, typed=typed)
    return at.go("/messages")


router = Router(
    "/c",
    dependencies={"at": Provide(provide_linked_page)},
    route_handlers=[page, decide, set_email],
    include_in_schema=False,
    exception_handlers={NotFoundError: closed, Exception: broken},
)
