"""The page on which a customer checks and signs on their own phone, and the technician's way to offer it."""

import datetime as dt
import io
import json
import uuid
from dataclasses import replace
from functools import partial
from typing import Any

import segno
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.documents import signing
from backend.documents.service import verify_url
from backend.documents.signing import ChangedError, Offered, Signature
from backend.errors import NotFoundError, RejectedError
from backend.jobs.lifecycle import TransitionRefusedError
from backend.jobs.models import Visit
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.framed_page import AnyRequest, FramedPage, Lang, accepted_by, pages
from backend.tracking.linked_page import LinkedPage, linked_pages
from backend.tracking.receipt import receipt_view
from backend.tracking.words import choose
from backend.web.schemas import Reply

SCRIPT = "src/customer/sign.ts"
MOST_TOKEN = 100
PROBLEMS = {"bad_signer": "sign_bad_name", "bad_signature": "sign_bad_ink"}


class SigningRead(Reply):
    """Where the customer signs: as an address, and as a QR code for their camera."""

    url: str
    qr_svg: str
    expires_at: dt.datetime


@post("/api/jobs/{job_id:uuid}/signing", operation_id="offerSigning", status_code=201, tags=["documents"])
async def offer_signing(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    job_id: FromPath[uuid.UUID],
) -> SigningRead:
    """Let the customer check and sign on their own phone; lives two hours, opens nothing but this visit.

    409 `transition_refused` unless the work is done and not signed.
    """
    token, expires_at = await db.read(signing.offer, actor, job_id, secret)
    url, picture = f"{settings.base_url}/sign/{token}", io.BytesIO()
    segno.make(url, error="l", micro=False).save(picture, kind="svg", scale=4, xmldecl=False)
    return SigningRead(url, picture.getvalue().decode(), expires_at)


def _customers_token(session: Session, secret: bytes, customer: Actor) -> str:
    if customer.job_id is None:
        raise NotFoundError("No such job.")
    return signing.offer(session, customer, customer.job_id, secret)[0]


@get("/{token:str}/sign")
async def from_the_link(
    at: NamedDependency[LinkedPage], db: NamedDependency[Database], secret: NamedDependency[bytes]
) -> Response[Any]:
    """The same page behind the customer's own link; with nothing to sign, on to the progress page."""
    try:
        token = await db.read(_customers_token, secret, at.customer)
    except TransitionRefusedError:
        return at.go()
    return await _shown(at.request, db, secret, token, at.language.value, link=at.token)


def _home(session: Session, secret: bytes, token: str, link: str) -> str:
    """The progress page the customer came from; "" for whoever came by the technician's code."""
    try:
        customer = links.resolve(session, secret, link)
    except links.LinkClosedError:
        return ""
    visit = session.get_one(Visit, signing.unseal(secret, token))
    return f"/c/{link}" if visit.job_id == customer.job_id else ""


async def _opened(
    request: AnyRequest, db: Database, secret: bytes, token: str, lang: str
) -> tuple[FramedPage, Offered]:
    """The page of a signing token, in its customer's language; NotFoundError for one that opens nothing."""

    def known(session: Session) -> tuple[FramedPage, Offered]:
        reader = signing.reader(session, secret, token)
        language = choose(lang, reader.locale, accepted_by(request), reader.org_locale)
        page = FramedPage(request, f"/sign/{token}", reader.org_name, language)
        return page, signing.offered(session, secret, token, language)

    return await db.read(known)


@get("/{token:str}")
async def sign_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """The exact work, parts and price, and a place to sign."""
    return await _shown(request, db, secret, token, lang)


async def _shown(
    request: AnyRequest,
    db: Database,
    secret: bytes,
    token: str,
    lang: str,
    *,
    alert: str = "",
    signer: str = "",
    link: str = "",
    status: int = 200,
) -> Response[Any]:
    settings: Settings = request.app.state.services.settings
    page, found = await _opened(request, db, secret, token, lang)
    return page.show(
        "documents/sign.html",
        status=status,
        script_source=SCRIPT,
        offered=found,
        view=receipt_view(found.paper, page.language, page.words) if found.paper else None,
        verify=verify_url(settings.base_url, found.signed) if found.signed else "",
        alert=page.words[alert] if alert else "",
        link=link,
        signer=signer or (json.loads(found.paper.text)["customer"] if found.paper else ""),
    )


@post("/{token:str}")
async def send_signature(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Keep the signature; sent twice, once. Who came from their progress page is back there."""
    form = await request.form()

    def field(name: str) -> str:
        return str(form.get(name, ""))

    signer, link = field("signer").strip()[:120], field("link")[:MOST_TOKEN]
    said = Signature(
        field("language"),
        field("prepared_at"),
        field("sha256"),
        signer,
        field("strokes"),
        bool(form.get("typed")),
    )
    again = partial(_shown, request, db, secret, token, lang, signer=signer, link=link)
    try:
        await db.write(signing.sign, secret, token, said)
    except ChangedError:
        return await again(alert="sign_changed", status=409)
    except RejectedError as error:
        return await again(alert=PROBLEMS.get(error.code, "sign_changed"), status=422)
    page, _ = await _opened(request, db, secret, token, lang)
    home = await db.read(_home, secret, token, link)
    return replace(page, path=home or page.path).go()


router = Router(
    "/",
    route_handlers=[
        linked_pages([from_the_link]),
        pages("/sign", [sign_page, send_signature]),
        offer_signing,
    ],
)
