"""The first page of a report: which product, or the one whose QR code was scanned."""

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from sqlmodel import Session

from backend.assets.models import Product
from backend.cases.models import Channel
from backend.db.session import Database
from backend.errors import NotFoundError, TooManyAttemptsError
from backend.evidence.store import LocalBlobStore
from backend.organisations.models import Organisation
from backend.report import catalogue, drafts, letters, limits, repository
from backend.report.catalogue import MOST_SOUGHT, Shelf
from backend.report.service import plain_text
from backend.report.showing import TRAP, client_of, language_of, show
from backend.report.view import start_view
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.framed_page import AnyRequest, FramedPage, Lang, pages

Sku = Annotated[str, QueryParameter(name="sku")]
Serial = Annotated[str, QueryParameter(name="sn")]
Mail = Annotated[str, QueryParameter(name="mail")]
Sought = Annotated[str, QueryParameter(name="q")]
MOST_SERIAL = 60


@dataclass(frozen=True)
class Entrance:
    """An organisation's page, what may be reported there, and the product that is named already."""

    org: Organisation
    slug: str
    is_open: bool
    shelf: Shelf
    named: Product | None


def entrance(session: Session, slug: str, sku: str = "", sought: str = "") -> Entrance:
    """The page at an address; raises NotFoundError where there is none."""
    org = repository.organisation_at(session, slug)
    if org is None:
        raise NotFoundError("No such page.")
    shelf = catalogue.shelf(session, org.id, plain_text(sought, MOST_SOUGHT))
    is_open = repository.rules_of(session, org.id).is_open and (shelf.is_long or bool(shelf.products))
    named = repository.served_product(session, org.id, sku) if sku else None
    return Entrance(org, slug, is_open, shelf, named)


def _only_slug(session: Session) -> str:
    org = repository.only_organisation(session)
    if org is None:
        raise NotFoundError("No such page.")
    return repository.rules_of(session, org.id).slug


@get("/")
async def only_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    sku: Sku = "",
    sn: Serial = "",
    q: Sought = "",
    lang: Lang = "",
) -> Response[Any]:
    """Where one organisation has the server to itself its page needs no name, and no way round by one."""
    here = await db.read(lambda session: entrance(session, _only_slug(session), sku, q))
    return _shown(_page_of(request, here, lang), here, plain_text(sn, MOST_SERIAL))


@get("/{slug:str}")
async def start_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    slug: FromPath[str],
    sku: Sku = "",
    sn: Serial = "",
    mail: Mail = "",
    q: Sought = "",
    lang: Lang = "",
) -> Response[Any]:
    """Which product it is about; known already when the appliance's QR code led here."""
    here = await db.read(entrance, slug, sku, q)
    page = _page_of(request, here, lang)
    return _shown(page, here, plain_text(sn, MOST_SERIAL), mail=mail)


def _page_of(request: AnyRequest, here: Entrance, lang: str) -> FramedPage:
    return FramedPage(request, f"/report/{here.slug}", here.org.name, language_of(request, here.org, lang))


def _shown(
    page: FramedPage,
    here: Entrance,
    serial: str,
    *,
    mail: str = "",
    alert: str = "",
    status: int = 200,
) -> Response[Any]:
    if not here.is_open:
        return show(page, "closed", status=503)
    view = start_view(here.shelf, here.named, serial, page.language)
    return show(page, "start", alert=alert, status=status, view=view, mail=mail)


@post("/{slug:str}")
async def begin(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    slug: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Open a draft and go on to what is wrong."""
    form = await request.form()
    sku, serial = str(form.get("sku", "")), plain_text(str(form.get("serial", "")), MOST_SERIAL)
    here = await db.read(entrance, slug, sku, str(form.get("q", "")))
    page = _page_of(request, here, lang)
    if form.get(TRAP):
        return show(page, "thanks")
    if not here.is_open or here.named is None:
        mail = str(form.get("mail", ""))
        return _shown(page, here, serial, mail=mail, alert="rep_pick", status=422)
    said = await db.read(_said_before, secret, here.org, str(form.get("mail", "")))
    channel = Channel.EMAIL if said else Channel.QR if form.get("qr") else Channel.WEB
    await _forget_expired(db, settings)
    try:
        draft = await db.write(
            drafts.start,
            here.org,
            client_of(request),
            sku=sku,
            serial=serial,
            channel=channel,
            locale=page.language.value,
            said=said,
        )
    except TooManyAttemptsError as error:
        return _shown(page, here, serial, alert=limits.told(error), status=429)
    return replace(page, path=f"/report/draft/{links.seal(secret, draft.id, drafts.PURPOSE)}").go("/need")


def _said_before(session: Session, secret: bytes, org: Organisation, mail: str) -> dict[str, object]:
    """What the e-mail said whose answer led here; nothing for any other address."""
    letter = letters.open_letter(session, secret, org.id, mail) if mail else None
    return letters.said(letter) if letter is not None else {}


async def _forget_expired(db: Database, settings: Settings) -> None:
    """Whoever begins a report makes room: what others left is dropped."""
    files, store = await db.write(drafts.forget_expired), LocalBlobStore(settings.blob_dir)
    for name in files:
        await asyncio.to_thread(store.drop, name)


router = pages("/report", [only_page, start_page, begin])
