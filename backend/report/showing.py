"""Showing a report page: its language, and its words for what to put right."""

from typing import Any

from litestar import Response

from backend.organisations.models import Organisation
from backend.tracking.framed_page import AnyRequest, FramedPage, accepted_by
from backend.tracking.words import Language, choose

SCRIPT = "src/customer/report.ts"
# People never see this field; programs that fill in forms do.
TRAP = "website"


def language_of(request: AnyRequest, org: Organisation, lang: str, known: str = "") -> Language:
    """As asked in the address, else as the draft was begun, else the browser's, else the shop's."""
    return choose(lang or known, org.locale, accepted_by(request), org.locale)


def show(page: FramedPage, name: str, *, status: int = 200, alert: str = "", **data: Any) -> Response[Any]:
    """One of the report templates; `alert` is the key of what to put right first."""
    said = page.words[alert] if alert else ""
    return page.show(f"report/{name}.html", status=status, script_source=SCRIPT, alert=said, **data)


def client_of(request: AnyRequest) -> str:
    """The address a request comes from."""
    return request.client.host if request.client else ""
