"""The customer's PDF behind their link, the console's, and the page that verifies a hash."""

import json
import re
import uuid
from typing import Annotated, Any

from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, PathParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.documents import service
from backend.errors import NotFoundError
from backend.settings import Settings
from backend.tracking.framed_page import AnyRequest, FramedPage, Lang, accepted_by, pages
from backend.tracking.linked_page import linked_pages
from backend.tracking.receipt import Signed
from backend.tracking.render import PRIVATE
from backend.tracking.words import WORDS, Language, choose, day_text, money_text

PDF = "application/pdf"
SHA256 = re.compile(r"[0-9a-f]{64}")
ROBOTS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}


def _customers(session: Session, customer: Actor) -> Signed:
    if customer.job_id is None:
        raise NotFoundError("No such job.")
    return service.signed_of(session, customer, customer.job_id)


async def _document(signed: Signed, settings: Settings) -> Response[bytes]:
    data = await service.pdf_of(signed, settings.base_url)
    name = service.file_name(json.loads(signed.text)["job_number"])
    headers = {**PRIVATE, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type=PDF, headers=headers)


@get("/{token:str}/copy.pdf")
async def customer_pdf(
    customer: NamedDependency[Actor], db: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """The signed report to keep."""
    return await _document(await db.read(_customers, customer), settings)


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


@get("/{sha256:str}")
async def verify_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    sha256: Annotated[str, PathParameter()],
    lang: Lang = "",
) -> Response[Any]:
    """Whether a hash is that of a signed document; nothing personal is shown."""
    found = await db.read(service.verified, sha256) if SHA256.fullmatch(sha256) else None
    org_locale = found.org_locale if found else Language.CHINESE.value
    language = choose(lang, "", accepted_by(request), org_locale)
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
    return FramedPage(request, f"/verify/{sha256}", words["ver_title"], language).show(
        "documents/verify.html",
        status=200 if found else 404,
        script_source="",
        has_form=False,
        state="unknown" if found is None else "valid" if found.is_intact else "altered",
        facts=facts,
        sha256=sha256 if found else "",
    )


router = Router("/", route_handlers=[linked_pages([customer_pdf]), pages("/verify", [verify_page]), job_pdf])
