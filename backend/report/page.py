"""The steps of a report: what is wrong, what helps, details and pictures, whom to call, and what is next."""

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE
from sqlmodel import Session

from backend.db.session import Database
from backend.errors import TooManyAttemptsError
from backend.evidence.store import LocalBlobStore
from backend.geocoding.locate import Source
from backend.imports.intake import locator_for
from backend.report import drafts, limits, sending
from backend.report.drafts import Opened
from backend.report.pin import View
from backend.report.service import plain_text
from backend.report.showing import client_of, language_of, show
from backend.report.uploads import FIELDS, Desk
from backend.report.view import DraftView, draft_view
from backend.settings import Settings
from backend.tracking.framed_page import AnyRequest, FramedPage, Lang, pages

MOST_TEXT = 1_500
# Six photos as phones take them, two of the proof, and a video.
MOST_UPLOAD_BYTES = 100_000_000


@dataclass(frozen=True)
class Writing:
    """A draft somebody is at, in their language."""

    page: FramedPage
    token: str
    opened: Opened
    view: DraftView

    @property
    def request(self) -> AnyRequest:
        return self.page.request

    @property
    def is_sent(self) -> bool:
        return self.opened.draft.submitted_at is not None

    def show(self, name: str, *, alert: str = "", status: int = 200, **data: Any) -> Response[Any]:
        return show(self.page, name, alert=alert, status=status, view=self.view, **data)

    def go(self, step: str) -> Response[Any]:
        return self.page.go(f"/{step}")


async def provide_writing(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Writing:
    """Whose draft this is; NotFoundError for a token that opens nothing."""

    def known(session: Session) -> Writing:
        opened = drafts.open_draft(session, secret, token)
        language = language_of(request, opened.org, lang, str(opened.data.get("locale", "")))
        page = FramedPage(request, f"/report/draft/{token}", opened.org.name, language)
        return Writing(page, token, opened, draft_view(session, opened, language))

    return await db.read(known)


def _may_show(at: Writing, name: str, *, needs_choice: bool = True) -> Response[Any]:
    """A step's page; a report that was sent shows its end, one without a need begins with it."""
    if at.is_sent:
        return at.go("done")
    if needs_choice and not at.view.need:
        return at.go("need")
    return at.show(name)


@get("/{token:str}/need")
async def need_page(at: NamedDependency[Writing]) -> Response[Any]:
    """What is wrong, or which service."""
    return _may_show(at, "need", needs_choice=False)


@post("/{token:str}/need")
async def choose_need(
    at: NamedDependency[Writing], db: NamedDependency[Database], secret: NamedDependency[bytes]
) -> Response[Any]:
    need = str((await at.request.form()).get("need", ""))
    offered = {one.value for one in (*at.view.faults, *at.view.services)}
    if need not in offered:
        return at.show("need", alert="rep_pick", status=422)
    opened = await db.write(drafts.choose_need, secret, at.token, need)
    found = opened.symptom
    return at.go("help" if found is not None and found.steps else "details")


@get("/{token:str}/help")
async def help_page(at: NamedDependency[Writing]) -> Response[Any]:
    """What the customer may try before anybody comes."""
    return _may_show(at, "help") if at.view.has_steps or at.is_sent else at.go("details")


@post("/{token:str}/help")
async def say_helped(
    at: NamedDependency[Writing], db: NamedDependency[Database], secret: NamedDependency[bytes]
) -> Response[Any]:
    is_solved = str((await at.request.form()).get("helped", "")) == "yes"
    await db.write(drafts.helped, secret, at.token, is_solved=is_solved)
    return at.go("solved" if is_solved else "details")


@get("/{token:str}/solved")
async def solved_page(at: NamedDependency[Writing]) -> Response[Any]:
    """No case was needed."""
    return _may_show(at, "solved") if at.view.is_solved or at.is_sent else at.go("details")


@get("/{token:str}/details")
async def details_page(at: NamedDependency[Writing]) -> Response[Any]:
    """Words, photos, a video and proof of purchase."""
    return _may_show(at, "details")


@post("/{token:str}/details", request_max_body_size=MOST_UPLOAD_BYTES)
async def keep_details(
    at: NamedDependency[Writing],
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Keep all that can be kept, then say what could not."""
    try:
        form = await at.request.form()
    except HTTPException as error:
        if error.status_code != HTTP_413_REQUEST_ENTITY_TOO_LARGE:
            raise
        return at.show("details", alert="rep_too_large", status=413)
    alert, bought = "", str(form.get("bought", ""))
    try:
        day = sending.purchase_day(bought)
    except ValueError:
        alert, day = "rep_bad_date", None
    text = plain_text(str(form.get("text", "")), MOST_TEXT)
    await db.write(drafts.say, secret, at.token, text=text, bought=day.isoformat() if day else "")
    desk = Desk(db, LocalBlobStore(settings.blob_dir), secret, at.token, client_of(at.request))
    for name, kind in FIELDS:
        for upload in form.getall(name, []):
            alert = await desk.keep(kind, upload) or alert
    if form.get("remove"):
        await db.write(drafts.drop_picture, secret, at.token, str(form.get("remove")))
        return at.go("details")
    if alert:
        fresh = await provide_writing(at.request, db, secret, at.token, at.page.language.value)
        return fresh.show("details", alert=alert, status=422)
    return at.go("contact")


@get("/{token:str}/contact")
async def contact_page(at: NamedDependency[Writing]) -> Response[Any]:
    """Whom to call and where to come."""
    return _may_show(at, "contact")


@post("/{token:str}/contact")
async def send_report(
    at: NamedDependency[Writing],
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Send the report; sending it twice opens one case."""
    if at.is_sent:
        return at.go("done")
    form = await at.request.form()
    contact = sending.contact_of(form, at.opened.org.phone_region)
    opened = await db.write(drafts.say, secret, at.token, **contact.said)
    if form.get("to") == "map":
        await _look_there(db, secret, settings, opened, at.token)
        return at.go("map")
    if contact.missing or not at.view.need:
        fresh = await provide_writing(at.request, db, secret, at.token, at.page.language.value)
        return fresh.show("contact", alert=contact.missing or "rep_pick", status=422)
    locator = locator_for(settings)
    location = await asyncio.to_thread(locator.locate, contact.said["address"])
    location = sending.located(location, sending.position_of(opened), Source.PIN)
    life = dt.timedelta(days=settings.customer_link_days)
    try:
        await db.write(sending.send, secret, at.token, client_of(at.request), contact, location, life)
    except TooManyAttemptsError as error:
        fresh = await provide_writing(at.request, db, secret, at.token, at.page.language.value)
        return fresh.show("contact", alert=limits.told(error), status=429)
    return at.go("done")


async def _look_there(db: Database, secret: bytes, settings: Settings, opened: Opened, token: str) -> None:
    """Open the map where the address is, unless a pin says better; a map looked at stays as it was."""
    if sending.position_of(opened) is not None or opened.data.get("map"):
        return
    location = await asyncio.to_thread(locator_for(settings).locate, str(opened.data.get("address", "")))
    if location.point is not None:
        await db.write(drafts.say, secret, token, map=View(location.point).kept())


@get("/{token:str}/done")
async def done_page(
    at: NamedDependency[Writing],
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """What happens next, and by when."""
    if not at.is_sent:
        return at.go("need")
    done = await db.read(sending.confirmation, secret, settings.base_url, at.opened, at.page.language)
    return at.show("done", done=done)


router = pages(
    "/report/draft",
    [
        need_page,
        choose_need,
        help_page,
        say_helped,
        solved_page,
        details_page,
        keep_details,
        contact_page,
        send_report,
        done_page,
    ],
    {"at": Provide(provide_writing)},
)
