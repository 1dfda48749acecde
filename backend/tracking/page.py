"""The customer's pages behind a signed link. They need no script, no cookie and no other server."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Stream

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import BadInputError, NotFoundError
from backend.sync.hub import FeedHub, Subscription
from backend.sync.stream import HEADERS as STREAM_HEADERS
from backend.sync.stream import PING_S, audience
from backend.tracking import notes, receipt
from backend.tracking.linked_page import LinkedPage, linked_pages
from backend.tracking.render import PRIVATE
from backend.tracking.view import PageBuilder

# A stream is cut from time to time, so that a link that was closed meanwhile does not live on in it.
STREAM_LIFE_S = 900.0
CHANGE = b"event: change\ndata: {}\n\n"
FRAGMENT = "x-fragment"


@get("/{token:str}")
async def page(at: NamedDependency[LinkedPage]) -> Response[str]:
    """Who comes, when, and where they are now. With X-Fragment only the part that changes."""
    view = PageBuilder(at.facts, at.language).build(at.link.expires_at)
    template = "parts.html" if FRAGMENT in at.request.headers else "page.html"
    return at.show(template, has_form=False, view=view)


@get("/{token:str}/note")
async def note_page(at: NamedDependency[LinkedPage]) -> Response[str]:
    """A few words for the technician."""
    return at.show("note.html", can_note=at.facts.can_note, alert="")


@post("/{token:str}/note")
async def send_note(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Response[Any]:
    """Keep the words; an empty form, or one too many, shows the page again, which says so."""
    text = str((await at.request.form()).get("text", ""))
    try:
        await db.write(notes.write, at.customer, text)
    except BadInputError:
        return at.show("note.html", status=422, can_note=True, alert=at.words["note_empty"])
    except notes.NoteRefusedError:
        return at.go("/note")
    return at.go(part="details")  # where it stands now


@get("/{token:str}/copy")
async def copy(at: NamedDependency[LinkedPage], db: NamedDependency[Database]) -> Response[Any]:
    """What was signed, printed from the signed text; before the signature it leads to the progress page."""
    signed = await db.read(receipt.signed_acceptance, at.customer)
    if signed is None:
        return at.go()
    view = receipt.receipt_view(signed, at.language, at.words)
    return at.show("receipt.html", has_form=False, view=view)


@get("/{token:str}/copy.json")
async def signed_text(customer: NamedDependency[Actor], db: NamedDependency[Database]) -> Response[bytes]:
    """The very bytes whose SHA-256 was signed."""
    signed = await db.read(receipt.signed_acceptance, customer)
    if signed is None:
        raise NotFoundError("Nothing was signed.")
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="signed-{signed.sha256[:12]}.json"'}
    return Response(signed.text.encode(), media_type="application/json", headers=headers)


@get("/{token:str}/certificate")
async def certificate(at: NamedDependency[LinkedPage]) -> Response[bytes]:
    """The paper that who comes holds for this job, as long as the page shows who comes."""
    who = PageBuilder(at.facts, at.language).build(at.link.expires_at).who
    if who is None or at.facts.who is None or at.facts.who.certificate is None:
        raise NotFoundError("No certificate is shown.")
    return Response(at.facts.who.certificate, media_type="image/webp", headers=PRIVATE)


@get("/{token:str}/live")
async def live(customer: NamedDependency[Actor], hub: NamedDependency[FeedHub]) -> Stream:
    """Says that something changed, never what: the page fetches itself again through its link."""
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


router = linked_pages([page, note_page, send_note, copy, signed_text, certificate, live])
