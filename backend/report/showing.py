"""Showing a report page: its language, its frame, and the two answers to those who send too much."""

from typing import Any

from litestar import Request, Response
from litestar.response import Redirect

from backend.organisations.models import Organisation
from backend.settings import Settings
from backend.tracking.render import PRIVATE, html
from backend.tracking.words import WORDS, Language, choose

AnyRequest = Request[Any, Any, Any]
SCRIPT = "src/customer/report.ts"
# People never see this field; programs that fill in forms do.
TRAP = "website"


def language_of(request: AnyRequest, org: Organisation, lang: str, known: str = "") -> Language:
    """As asked in the address, else as the draft was begun, else the browser's, else the shop's."""
    accept = request.headers.get("accept-language", "")
    return choose(lang or known, org.locale, accept, org.locale)


def show(
    request: AnyRequest,
    name: str,
    language: Language,
    org: Organisation,
    path: str,
    *,
    status: int = 200,
    alert: str = "",
    **data: Any,
) -> Response[Any]:
    """One of the report templates; `alert` is the key of what to put right first."""
    settings: Settings = request.app.state.services.settings
    words = WORDS[language]
    return html(
        f"report/{name}.html",
        language,
        settings.front_end_dir,
        status=status,
        has_form=True,
        script_source=SCRIPT,
        t=words,
        org_name=org.name,
        other_language=next(one for one in Language if one is not language),
        path=path,
        alert=words[alert] if alert else "",
        **data,
    )


def go(path: str, language: Language) -> Response[Any]:
    """After a form, to a page that can be reloaded without sending the form again."""
    return Redirect(f"{path}?lang={language.value}", status_code=303, headers=PRIVATE)


def client_of(request: AnyRequest) -> str:
    """The address a request comes from."""
    return request.client.host if request.client else ""
