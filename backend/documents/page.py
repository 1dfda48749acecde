"""The customer's PDF behind their link, the console's, and the page that verifies a hash."""

import json
import re
import uuid
from typing import Annotated, Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, PathParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.documents import service
from backend.errors import NotFoundError
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.page import Lang, broken, closed
from backend.tracking.receipt import Signed
from backend.tracking.render import PRIVATE, html
from backend.tracking.words import WORDS, Language, choose, day_text, money_text

AnyRequest = Request[Any, Any, Any]
PDF = "application/pdf"
SHA256 = re.compile(r"[0-9a-f]{64}")
ROBOTS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}


def _customers(session: Session, secret: bytes, token: str) -> Signed:
    actor = links.resolve(session, secret, token)
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    return service.signed_of(session, actor, actor.job_id)


async def _document(signed: Signed, settings: Settings) -> Response[bytes]:
    data = await service.pdf_of(signed, settings.base_url)
    name = service.file_name(json.loads(signed.text)["job_number"])
    headers = {**PRIVATE, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type=PDF, headers=headers)


@get("/c/{token:str}/copy.pdf", include_in_schema=False)
async def customer_pdf(
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    settings: NamedDependency[Settings],
    token: FromPath[str],
) -> Response[bytes]:
    """The signed report to keep."""
    return await _document(await db.read(_customers, secret, token), settings)


@get(
    "/api/jobs/{job_id:uuid}/report.pdf",
    operation_id="getServiceReport",
    media_type=PDF,
    tags=["documents"],
    responses={200: ResponseSpec(bytes, generate_examples=False, media_type=PDF, description="The document")},
)
async def job_pdf(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    job_id: FromPath[uuid.UUID],
) -> Response[bytes]:
    """The signed service report of a job as a PDF; 404 while nothing is signed, 409 `not_intact`."""
    return await _document(await db.read(service.signed_of, actor, job_id), settings)


@get("/verify/{sha256:str}", include_in_schema=False)
async def verify_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sha256: Annotated[str, PathParameter()],
    lang: Lang = "",
) -> Response[Any]:
    """Whether a hash is that of a signed document; nothing personal is shown."""
    found = await db.read(service.verified, sha256) if SHA256.fullmatch(sha256) else None
    org_locale = found.org_locale if found else Language.CHINESE.value
    language = choose(lang, "", request.headers.get("accept-language", ""), org_locale)
    words = WORDS[language]
    facts: list[tuple[str, str]] = []
    if found is not None:
        day = found.signed_on
        date = f"{day.year}年{day_text(day, day.min, language)}"
        if language is Language.ENGLISH:
            date = f"{day_text(day, day.min, language)} {day.year}"
        facts = [
            (words["ver_org"], found.org_name),
            (words["job_number"], found.number),
            (words["ver_service"], f"{words[f'type_{found.type.value}']} · {found.product}"),
            (words["ver_day"], date),
            (words["ver_total"], money_text(found.total_fen, found.currency)),
        ]
    return html(
        "documents/verify.html",
        language,
        settings.front_end_dir,
        status=200 if found else 404,
        script_source="",
        t=words,
        state="unknown" if found is None else "valid" if found.is_intact else "altered",
        facts=facts,
        sha256=sha256 if found else "",
        other_language=next(one for one in Language if one is not language),
    )


router = Router(
    "/",
    route_handlers=[
        Router(
            "/",
            route_handlers=[customer_pdf, verify_page],
            exception_handlers={NotFoundError: closed, Exception: broken},
        ),
        job_pdf,
    ],
)
