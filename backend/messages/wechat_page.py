"""A customer connects WeChat on their page: to WeChat, which says who they are there, and back.

Their link stays here: WeChat is told an address that is the same for everybody, and a state that is theirs.
"""

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import structlog
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import NotFoundError
from backend.messages import address_requests, contacts
from backend.messages import settings as channel_settings
from backend.messages.address_requests import LIFETIME
from backend.messages.channels import ChannelError
from backend.messages.gate import OuterGate
from backend.messages.page import AGAIN, DONE, LATER, contact_of, customer_id_of, shown
from backend.messages.wechat_openid import CodeRefusedError, authorize_url, openid_of
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.framed_page import AnyRequest, notice
from backend.tracking.linked_page import LinkedPage, linked_pages
from backend.tracking.render import PRIVATE

BACK = "/c/wechat"
# Whoever comes back has to be the browser that left: a state alone could have been passed on.
COOKIE = "shangmen_wechat"
Code = Annotated[str, QueryParameter(name="code", max_length=200)]
Brought = Annotated[str, QueryParameter(name="state", max_length=128)]
log = structlog.get_logger("backend.messages")


@dataclass(frozen=True)
class _Asked:
    """Whom WeChat is asked about, and by which account."""

    token: str
    options: Mapping[str, str]


def _forget(session: Session, customer: Actor) -> None:
    contacts.set_own(session, customer, customer_id_of(session, customer), contacts.WECHAT, "")


def _begin(session: Session, secret: bytes, token: str, language: str) -> tuple[str, dict[str, Any]]:
    """The state that brings the customer back, and the account's options without its secrets."""
    link = links.open_link(session, secret, token)
    account = contacts.wechat_account(session, link.org_id)
    if account is None:
        raise NotFoundError("No such account.")
    return address_requests.begin(session, link.id, language), dict(account.options)


def _asked(session: Session, secret: bytes, link_id: uuid.UUID) -> _Asked | None:
    """None where the account was taken away meanwhile; raises LinkClosedError where the link was."""
    token = links.seal(secret, link_id)
    account = contacts.wechat_account(session, links.open_link(session, secret, token).org_id)
    return _Asked(token, channel_settings.opened(secret, account)) if account is not None else None


def _keep(session: Session, secret: bytes, token: str, openid: str) -> None:
    customer = links.resolve(session, secret, token)
    contacts.set_own(session, customer, customer_id_of(session, customer), contacts.WECHAT, openid)


@post("/{token:str}/messages/wechat", status_code=200)
async def connect(
    at: NamedDependency[LinkedPage],
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Forget the customer's WeChat address, or leave for WeChat with their consent to be written to there."""
    form = await at.request.form()
    if "forget" in form:
        await db.write(_forget, at.customer)
        return at.go("/messages")
    if not form.get("consent"):
        return await shown(at, db, status=422, alert="contact_consent")
    contact = await db.read(contact_of, at.customer, at.request.headers.get("user-agent", ""))
    if not contact.wechat_origin:
        return at.go("/messages")
    state, options = await db.write(_begin, secret, at.token, at.language.value)
    url = authorize_url(options, f"{settings.base_url}{BACK}", state)
    return Redirect(url, status_code=303, headers=PRIVATE, cookies=[_cookie(settings, state)])


@get("/wechat")
async def come_back(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    code: Code = "",
    brought: Brought = "",
) -> Response[Any]:
    """Who comes back from WeChat, to the page they came from; what they had set stays unless this worked."""
    is_same = hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), brought.encode())
    returned = await db.write(address_requests.take_back, brought) if is_same and brought else None
    if returned is None:
        return notice(request, "contact_lost", 404)
    asked = await db.read(_asked, secret, returned.link_id)
    said = await _connected(db, secret, settings, asked, code) if asked is not None else LATER
    page = f"/c/{links.seal(secret, returned.link_id)}/messages?lang={returned.language}&wechat={said}"
    return Redirect(page, status_code=303, headers=PRIVATE, cookies=[_cookie(settings, "", lasts_s=0)])


async def _connected(db: Database, secret: bytes, settings: Settings, asked: _Asked, code: str) -> str:
    """Keep who WeChat says it is; what came of it."""
    if not code:  # they said no over there
        return AGAIN
    try:
        openid = await openid_of(asked.options, code, OuterGate(settings.channel_hosts))
    except CodeRefusedError:
        return AGAIN
    except ChannelError as error:
        log.warning("wechat does not say who it is", error=error.detail)
        return LATER
    await db.write(_keep, secret, asked.token, openid)
    return DONE


def _cookie(settings: Settings, state: str, lasts_s: int = int(LIFETIME.total_seconds())) -> Cookie:
    return Cookie(
        COOKIE,
        path=BACK,
        value=state,
        max_age=lasts_s,
        httponly=True,
        samesite="lax",
        secure=settings.base_url.startswith("https://"),
    )


router = linked_pages([connect, come_back])
