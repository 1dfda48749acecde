"""Where a customer says what they want to be told, and where else to: plain forms, no script."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import BadInputError, NotFoundError
from backend.jobs import service as jobs
from backend.messages import contacts, service
from backend.messages.wechat_openid import authorize_origin, is_wechat
from backend.tracking.linked_page import LinkedPage, linked_pages
from backend.tracking.render import PRIVATE
from backend.tracking.words import day_text

ONE_CLICK = "List-Unsubscribe"
# What came of asking WeChat, as the address of the page after it says.
DONE, AGAIN, LATER = "done", "again", "later"
FAILED = frozenset({AGAIN, LATER})
Said = Annotated[str, QueryParameter(name="wechat", max_length=10)]


@dataclass(frozen=True)
class Contact:
    """How a customer is written to; `email` is masked, as a link may be passed on.

    `wechat_origin` is where WeChat says who they are, "" where it can't: outside its own browser, which in
    turn shows no alerts (`can_alert`).
    """

    is_refused: bool
    email: str
    can_mail: bool
    has_wechat: bool
    wechat_since: dt.datetime | None
    wechat_origin: str
    can_alert: bool


def customer_id_of(session: Session, customer: Actor) -> uuid.UUID:
    if customer.job_id is None:
        raise NotFoundError("No such job.")
    return jobs.get(session, customer, customer.job_id).customer_id


def contact_of(session: Session, customer: Actor, user_agent: str) -> Contact:
    """How the customer behind a link is written to, and could be."""
    customer_id = customer_id_of(session, customer)
    email, wechat = (contacts.known(session, customer_id, one) for one in (contacts.EMAIL, contacts.WECHAT))
    in_wechat = is_wechat(user_agent)
    account = contacts.wechat_account(session, customer.org_id) if in_wechat else None
    return Contact(
        service.is_refused(session, customer_id),
        contacts.masked(email.address if email is not None else ""),
        contacts.is_written_to(session, customer.org_id, contacts.EMAIL),
        wechat is not None,
        wechat.consented_at if wechat is not None else None,
        authorize_origin(account.options) if account is not None else "",
        not in_wechat,
    )


async def shown(
    at: LinkedPage, db: Database, *, status: int = 200, alert: str = "", done: str = "", typed: str = ""
) -> Response[str]:
    """The page of what we write about and where to; `alert` and `done` name what it says of the last step."""
    contact = await db.read(contact_of, at.customer, at.request.headers.get("user-agent", ""))
    since = contact.wechat_since.astimezone(ZoneInfo(at.facts.zone)).date() if contact.wechat_since else None
    reply = at.show(
        "messages/choice.html", status=status, contact=contact, alert=alert, done=done, typed=typed,
        since=day_text(since, dt.date.min, at.language) if since is not None else "",
    )  # fmt: skip
    if contact.wechat_origin:
        # A form that leads on to another server is refused by browsers unless the page names it.
        policy = reply.headers["Content-Security-Policy"]
        allowed = f"form-action 'self' {contact.wechat_origin};"
        reply.headers["Content-Security-Policy"] = policy.replace("form-action 'self';", allowed)
    return reply


def _decide(session: Session, customer: Actor, is_refused: bool, said: str) -> None:
    service.choose_contact(
        session, customer_id_of(session, customer), is_refused=is_refused, how="link", said=said
    )


def _set_email(session: Session, customer: Actor, address: str) -> None:
    contacts.set_own_email(session, customer, customer_id_of(session, customer), address)


@get("/{token:str}/messages")
async def page(
    at: NamedDependency[LinkedPage], db: NamedDependency[Database], wechat: Said = ""
) -> Response[str]:
    """What we write about, and where to; `wechat` is what came of asking WeChat."""
    return await shown(
        at, db,
        alert=f"contact_wechat_{wechat}" if wechat in FAILED else "",
        done="contact_wechat_done" if wechat == DONE else "",
    )  # fmt: skip


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
    alert = "" if "forget" in form or form.get("consent") else "contact_consent"
    if not alert:
        try:
            await db.write(_set_email, at.customer, typed)
        except BadInputError:
            alert = "contact_mail_bad"
    if alert:
        return await shown(at, db, status=422, alert=alert, typed=typed)
    return at.go("/messages")


router = linked_pages([page, decide, set_email])
