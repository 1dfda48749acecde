"""What every customer's page shares: its frame, where its forms lead, the answers when it does not open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import structlog
from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.params import QueryParameter
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from backend.errors import NotFoundError
from backend.settings import Settings
from backend.tracking.render import PRIVATE, SCRIPT, html
from backend.tracking.words import WORDS, Language, Words, choose

AnyRequest = Request[Any, Any, Any]
Lang = Annotated[str, QueryParameter(name="lang")]
log = structlog.get_logger("backend.customer_page")


@dataclass(frozen=True)
class FramedPage:
    """A page at `path`, with the name of who runs it above and a way into the other language."""

    request: AnyRequest
    path: str
    org_name: str
    language: Language

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    def show(
        self,
        template: str,
        *,
        status: int = 200,
        script_source: str = SCRIPT,
        has_form: bool = True,
        **data: Any,
    ) -> Response[str]:
        """One of the templates that extend `tracking/layout.html`; its forms come back to this server."""
        return html(
            template,
            self.language,
            front_end_of(self.request),
            status=status,
            has_form=has_form,
            script_source=script_source,
            t=self.words,
            path=self.path,
            org_name=self.org_name,
            other_language=other_than(self.language),
            **data,
        )

    def go(self, tail: str = "") -> Redirect:
        """After a form, to a page that can be reloaded without sending the form again."""
        return Redirect(f"{self.path}{tail}?lang={self.language.value}", status_code=303, headers=PRIVATE)


def pages(
    path: str, handlers: Sequence[ControllerRouterHandler], dependencies: Mapping[str, Provide] | None = None
) -> Router:
    """Customers' pages below a path: none of them is in the API, all answer alike when they don't open."""
    return Router(
        path,
        route_handlers=handlers,
        dependencies=dependencies,
        include_in_schema=False,
        exception_handlers={NotFoundError: closed, Exception: broken},
    )


def accepted_by(request: AnyRequest) -> str:
    """The languages a browser asks for."""
    return request.headers.get("accept-language", "")


def other_than(language: Language) -> Language:
    return next(one for one in Language if one is not language)


def front_end_of(request: AnyRequest) -> Path:
    settings: Settings = request.app.state.services.settings
    return settings.front_end_dir


def closed(request: AnyRequest, error: Exception) -> Response[str]:
    """The one answer to every link that does not open: wrong, expired, withdrawn, or never made."""
    status = error.status_code if isinstance(error, HTTPException) and error.status_code < 500 else 404
    return notice(request, "closed", status)


def broken(request: AnyRequest, error: Exception) -> Response[str]:
    """Our own failure, told so that nobody fears for the appointment."""
    if isinstance(error, HTTPException) and error.status_code < 500:
        return closed(request, error)
    log.error("customer page failed", error=type(error).__name__, exc_info=error)
    return notice(request, "broken", 500)


def notice(request: AnyRequest, kind: str, status: int) -> Response[str]:
    """A page that says one thing; its words begin with `kind`."""
    asked = str(request.query_params.get("lang", ""))
    language = choose(asked, "", accepted_by(request), Language.CHINESE)
    front_end = front_end_of(request)
    return html("notice.html", language, front_end, status=status, t=WORDS[language], kind=kind)
