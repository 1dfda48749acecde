"""The customer's pages behind a signed link. They need no script, no cookie and no other server."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import structlog
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import BadInputError, NotFoundError
from backend.settings import Settings
from backend.sync.hub import FeedHub, Subscription
from backend.sync.stream import HEADERS as STREAM_HEADERS
from backend.sync.stream import PING_S, audience
from backend.tracking import links, notes, receipt
from backend.tracking.facts import Facts, gather
from backend.tracking.models import CustomerLink
from backend.tracking.receipt import Signed
from backend.tracking.render import PRIVATE, html
from backend.tracking.view import PageBuilder
from backend.tracking.words import WORDS, Language, choose

# A stream is cut from time to time, so that a link that was closed meanwhile does not live on in it.
STREAM_LIFE_S = 900.0
CHANGE = b"event: change\ndata: {}\n\n"
FRAGMENT = "x-fragment"
AnyRequest = Request[Any, Any, Any]
Lang = Annotated[str, QueryParameter(name="lang")]
log = structlog.get_logger("backend.customer_page")


def _facts(session: Session, secret: bytes, token: str) -> tuple[CustomerLink, Facts]:
    link = links.open_link(session, secret, token)
    return link, gather(session, links.customer_of(link))


def _signed(session: Session, secret: bytes, token: str) -> Signed | None:
    return receipt.signed_acceptance(session, links.resolve(session, secret, token))


@get("/{token:str}")
async def page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[str]:
    """Who comes, when, and where they are now. With X-Fragment only the part that changes."""
    link, facts = await db.read(_facts, secret, token)
    language = choose(lang, facts.locale, request.headers.get("accept-language", ""), facts.org_locale)
    view = PageBuilder(facts, language).build(link.expires_at)
    template = "parts.html" if FRAGMENT in request.headers else "page.html"
    return html(template, language, settings.front_end_dir, view=view, t=view.words, path=f"/c/{token}")


def _note_form(session: Session, secret: bytes, token: str) -> tuple[Actor, Facts]:
    actor = links.resolve(session, secret, token)
    return actor, gather(session, actor)


@get("/{token:str}/note")
async def note_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[str]:
    """A few words for the technician."""
    _, facts = await db.read(_note_form, secret, token)
    language = choose(lang, facts.locale, request.headers.get("accept-language", ""), facts.org_locale)
    return html(
        "note.html",
        language,
        settings.front_end_dir,
        has_form=True,
        t=WORDS[language],
        path=f"/c/{token}",
        org_name=facts.org_name,
        other_language=next(one for one in Language if one is not language),
        can_note=facts.can_note,
    )


@post("/{token:str}/note")
async def send_note(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Keep the words; an empty form or one too many leads back to the form, which says so."""
    actor, facts = await db.read(_note_form, secret, token)
    language = choose(lang, facts.locale, request.headers.get("accept-language", ""), facts.org_locale)
    tail = ""
    try:
        await db.write(notes.write, actor, str((await request.form()).get("text", "")))
    except (BadInputError, notes.NoteRefusedError):
        tail = "/note"
    return Redirect(f"/c/{token}{tail}?lang={language.value}", status_code=303, headers=PRIVATE)


@get("/{token:str}/copy")
async def copy(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """What was signed, printed from the signed text; before the signature it leads to the progress page."""
    signed = await db.read(_signed, secret, token)
    if signed is None:
        return Redirect(f"/c/{token}", status_code=303, headers=PRIVATE)
    language = choose(lang, "", request.headers.get("accept-language", ""), signed.org_locale)
    view = receipt.receipt_view(signed, language, WORDS[language])
    return html("receipt.html", language, settings.front_end_dir, view=view, t=view.words, path=f"/c/{token}")


@get("/{token:str}/copy.json")
async def signed_text(
    db: NamedDependency[Database], secret: NamedDependency[bytes], token: FromPath[str]
) -> Response[bytes]:
    """The very bytes whose SHA-256 was signed."""
    signed = await db.read(_signed, secret, token)
    if signed is None:
        raise NotFoundError("Nothing was signed.")
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="signed-{signed.sha256[:12]}.json"'}
    return Response(signed.text.encode(), media_type="application/json", headers=headers)


@get("/{token:str}/certificate")
async def certificate(
    db: NamedDependency[Database], secret: NamedDependency[bytes], token: FromPath[str]
) -> Response[bytes]:
    """The paper that who comes holds for this job, as long as the page shows who comes."""
    link, facts = await db.read(_facts, secret, token)
    who = PageBuilder(facts, Language.CHINESE).build(link.expires_at).who
    if who is None or facts.who is None or facts.who.certificate is None:
        raise NotFoundError("No certificate is shown.")
    return Response(facts.who.certificate, media_type="image/webp", headers=PRIVATE)


@get("/{token:str}/live")
async def live(
    db: NamedDependency[Database],
    hub: NamedDependency[FeedHub],
    secret: NamedDependency[bytes],
    token: FromPath[str],
) -> Stream:
    """Says that something changed, never what: the page fetches itself again through its link."""
    customer = await db.read(links.resolve, secret, token)
    headers = {**PRIVATE, **STREAM_HEADERS}
    return Stream(_changes(hub, customer), media_type="text/event-stream", headers=headers)


async def _changes(hub: FeedHub, customer: Actor) -> AsyncIterator[bytes]:
    ends_at = time.monotonic() + STREAM_LIFE_S
    async with hub.subscribe(audience(customer)) as subscription:
        yield b"retry: 3000\n\n"
        while not hub.is_closing and time.monotonic() < ends_at:
            yield await _next_chunk(subscription)


async def _next_chunk(subscription: Subscription) -> bytes:
    """One notice for all that has come in, or a comment that keeps the connection open."""
    try:
        await asyncio.wait_for(subscription.queue.get(), PING_S)
    except TimeoutError:
        return b": ping\n\n"
    while not subscription.queue.empty():
        subscription.queue.get_nowait()
    return CHANGE


def closed(request: AnyRequest, error: Exception) -> Response[str]:
    """The one answer to every link that does not open: wrong, expired, withdrawn, or never made."""
    status = error.status_code if isinstance(error, HTTPException) and error.status_code < 500 else 404
    return _notice(request, "closed", status)


def broken(request: AnyRequest, error: Exception) -> Response[str]:
    """Our own failure, told so that nobody fears for the appointment."""
    if isinstance(error, HTTPException) and error.status_code < 500:
        return closed(request, error)
    log.error("customer page failed", error=type(error).__name__, exc_info=error)
    return _notice(request, "broken", 500)


def _notice(request: AnyRequest, kind: str, status: int) -> Response[str]:
    settings: Settings = request.app.state.services.settings
    asked = str(request.query_params.get("lang", ""))
    language = choose(asked, "", request.headers.get("accept-language", ""), Language.CHINESE)
    words = WORDS[language]
    return html("notice.html", language, settings.front_end_dir, status=status, t=words, kind=kind)


router = Router(
    "/c",
    route_handlers=[page, note_page, send_note, copy, signed_text, certificate, live],
    include_in_schema=False,
    exception_handlers={NotFoundError: closed, Exception: broken},
)
