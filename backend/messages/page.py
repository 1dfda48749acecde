"""Where a customer says that they want no messages but their appointment's: a plain form, no script."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlmodel import Session

from backend.db.session import Database
from backend.errors import NotFoundError
from backend.jobs.models import Job
from backend.messages import service
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.facts import Facts, gather
from backend.tracking.page import Lang, broken, closed
from backend.tracking.render import PRIVATE, html
from backend.tracking.words import WORDS, Language, choose

ONE_CLICK = "List-Unsubscribe"
AnyRequest = Request[Any, Any, Any]


def _known(session: Session, secret: bytes, token: str) -> tuple[Facts, bool]:
    link = links.open_link(session, secret, token)
    customer_id = session.get_one(Job, link.job_id).customer_id
    return gather(session, links.customer_of(link)), service.is_refused(session, customer_id)


def _decide(session: Session, secret: bytes, token: str, is_refused: bool, said: str) -> None:
    link = links.open_link(session, secret, token)
    customer_id = session.get_one(Job, link.job_id).customer_id
    service.choose_contact(session, customer_id, is_refused=is_refused, how="link", said=said)


@get("/{token:str}/messages")
async def page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[str]:
    """What we write about, and the one button to change it."""
    facts, is_refused = await db.read(_known, secret, token)
    language = choose(lang, facts.locale, request.headers.get("accept-language", ""), facts.org_locale)
    return html(
        "messages/choice.html",
        language,
        settings.front_end_dir,
        has_form=True,
        t=WORDS[language],
        path=f"/c/{token}",
        org_name=facts.org_name,
        other_language=next(one for one in Language if one is not language),
        is_refused=is_refused,
    )


@post("/{token:str}/messages", status_code=200)
async def decide(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Keep the choice. A mail program that unsubscribes for its reader needs no page after it."""
    form = await request.form()
    is_one_click = ONE_CLICK in form
    is_refused = is_one_click or str(form.get("choice", "")) == "refuse"
    await db.write(_decide, secret, token, is_refused, "one click" if is_one_click else "")
    if is_one_click:
        return Response("", media_type="text/plain", headers=PRIVATE)
    tail = f"?lang={lang}" if lang in set(Language) else ""
    return Redirect(f"/c/{token}/messages{tail}", status_code=303, headers=PRIVATE)


router = Router(
    "/c",
    route_handlers=[page, decide],
    include_in_schema=False,
    exception_handlers={NotFoundError: closed, Exception: broken},
)
