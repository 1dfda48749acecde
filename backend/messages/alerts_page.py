"""Where a customer asks for news on their lock screen; messages come without it as well."""

from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from sqlmodel import Session

from backend.db.session import Database
from backend.errors import DomainError
from backend.messages import alerts
from backend.push import service as subscriptions
from backend.push.schemas import SubscriptionCreate, SubscriptionRemove
from backend.push.sender import PushSender
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.framed_page import ANSWERS
from backend.tracking.linked_page import LinkedPage, provide_linked_page
from backend.tracking.render import PRIVATE, asset

SCRIPT, WORKER = "src/customer/alerts.ts", "src/customer/worker.ts"


def _ask(session: Session, secret: bytes, token: str, wish: SubscriptionCreate, services: list[str]) -> None:
    link = links.open_link(session, secret, token)
    alerts.forget_closed(session)
    subscriptions.subscribe(session, link.org_id, alerts.person_of(link), wish, services)


def _stop(session: Session, secret: bytes, token: str, endpoint: str) -> None:
    subscriptions.unsubscribe(session, alerts.person_of(links.open_link(session, secret, token)), endpoint)


@get("/{token:str}/alerts", dependencies={"at": Provide(provide_linked_page)})
async def page(at: NamedDependency[LinkedPage], push: NamedDependency[PushSender]) -> Response[str]:
    """What it is, and the button that asks the browser; nothing is asked before it is pressed."""
    reply = at.show("messages/alerts.html", script_source=SCRIPT, public_key=push.keys.public)
    reply.headers["Content-Security-Policy"] += "; worker-src 'self'"
    return reply


@post("/{token:str}/alerts", status_code=204)
async def ask(
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
    data: JSONBody[SubscriptionCreate],
) -> None:
    """Tell this browser of this visit, as long as its link opens."""
    await db.write(_ask, secret, token, data, settings.push_services)


@post("/{token:str}/alerts/remove", status_code=204)
async def stop(
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    data: JSONBody[SubscriptionRemove],
) -> None:
    """Tell this browser no more; one that is not known is no error."""
    await db.write(_stop, secret, token, data.endpoint)


@get("/worker.js")
async def worker(settings: NamedDependency[Settings]) -> Response[str]:
    """The few lines that show a notice while the page is closed. It keeps nothing and fetches nothing."""
    text = asset(settings.front_end_dir, WORKER)
    headers = {**PRIVATE, "Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'"}
    return Response(text, media_type="text/javascript; charset=utf-8", headers=headers)


def _refused(_request: Any, error: DomainError) -> Response[dict[str, str]]:  # noqa: ANN401 - a handler's form
    return Response({"code": error.code}, status_code=error.status, headers=PRIVATE)


router = Router(
    "/c",
    route_handlers=[page, ask, stop, worker],
    include_in_schema=False,
    exception_handlers={**ANSWERS, DomainError: _refused},
)
