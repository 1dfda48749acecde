"""The page on which a customer checks and signs on their own phone, and the technician's way to offer it."""

import datetime as dt
import io
import json
import uuid
from typing import Any

import segno
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.documents import signing
from backend.documents.service import verify_url
from backend.documents.signing import ChangedError, Offered, Signature
from backend.errors import NotFoundError, RejectedError
from backend.jobs.lifecycle import TransitionRefusedError
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.page import Lang, broken, closed
from backend.tracking.receipt import receipt_view
from backend.tracking.render import PRIVATE, html
from backend.tracking.words import WORDS, Language, choose
from backend.web.schemas import Reply

AnyRequest = Request[Any, Any, Any]
SCRIPT = "src/customer/sign.ts"
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


def _customers_token(session: Session, secret: bytes, token: str) -> str:
    actor = links.resolve(session, secret, token)
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    return signing.offer(session, actor, actor.job_id, secret)[0]


@get("/c/{token:str}/sign")
async def from_the_link(
    db: NamedDependency[Database], secret: NamedDependency[bytes], token: FromPath[str], lang: Lang = ""
) -> Redirect:
    """The customer's own link leads to the same page; with nothing to sign, to the progress page."""
    tail = f"?lang={lang}" if lang in tuple(Language) else ""
    try:
        target = f"/sign/{await db.read(_customers_token, secret, token)}{tail}"
    except TransitionRefusedError:
        target = f"/c/{token}{tail}"
    return Redirect(target, status_code=303, headers=PRIVATE)


def _known(
    session: Session, secret: bytes, token: str, request: AnyRequest, lang: str
) -> tuple[Offered, Language]:
    language = choose(lang, "", request.headers.get("accept-language", ""), Language.CHINESE)
    return signing.offered(session, secret, token, language), language


@get("/sign/{token:str}")
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
    status: int = 200,
) -> Response[Any]:
    settings: Settings = request.app.state.services.settings
    found, language = await db.read(_known, secret, token, request, lang)
    words = WORDS[language]
    return html(
        "documents/sign.html",
        language,
        settings.front_end_dir,
        status=status,
        has_form=True,
        script_source=SCRIPT,
        t=words,
        path=f"/sign/{token}",
        org_name=found.org_name,
        other_language=next(one for one in Language if one is not language),
        offered=found,
        view=receipt_view(found.paper, language, words) if found.paper else None,
        verify=verify_url(settings.base_url, found.signed) if found.signed else "",
        alert=words[alert] if alert else "",
        signer=signer or (json.loads(found.paper.text)["customer"] if found.paper else ""),
    )


@post("/sign/{token:str}")
async def send_signature(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> Response[Any]:
    """Keep the signature; sent twice, once."""
    form = await request.form()

    def field(name: str) -> str:
        return str(form.get(name, ""))

    signer = field("signer").strip()[:120]
    said = Signature(
        field("language"),
        field("prepared_at"),
        field("sha256"),
        signer,
        field("strokes"),
        bool(form.get("typed")),
    )
    try:
        await db.write(signing.sign, secret, token, said)
    except ChangedError:
        return await _shown(request, db, secret, token, lang, alert="sign_changed", signer=signer, status=409)
    except RejectedError as error:
        alert = PROBLEMS.get(error.code, "sign_changed")
        return await _shown(request, db, secret, token, lang, alert=alert, signer=signer, status=422)
    language = lang if lang in tuple(Language) else Language.CHINESE.value
    return Redirect(f"/sign/{token}?lang={language}", status_code=303, headers=PRIVATE)


router = Router(
    "/",
    route_handlers=[
        Router(
            "/",
            route_handlers=[from_the_link, sign_page, send_signature],
            include_in_schema=False,
            exception_handlers={NotFoundError: closed, Exception: broken},
        ),
        offer_signing,
    ],
)
