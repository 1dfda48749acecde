"""What every customer's page shares: its frame, where its forms lead, the answers when it does not open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.params import QueryParameter
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from backend.errors import NotFoundError
from backend.settings import Settings
from backend.tracking.render import PRIVATE, SCRIPT, html
from backend.tracking.words import WORDS, Language, Words, choose
from backend.web.problems import EXCEPTION_HANDLERS

AnyRequest = Request[Any, Any, Any]
Lang = Annotated[str, QueryParameter(name="lang")]
# What was sent, and not what was asked for, is at fault: cut off on the way, or too large.
UNREADABLE = frozenset({400, 413, 415})


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

    def go(self, tail: str = "", part: str = "") -> Redirect:
        """After a form, to a page that can be reloaded without sending the form again, or a part of it."""
        address = f"{self.path}{tail}?lang={self.language.value}"
        return Redirect(f"{address}#{part}" if part else address, status_code=303, headers=PRIVATE)


def pages(
    path: str, handlers: Sequence[ControllerRouterHandler], dependencies: Mapping[str, Provide] | None = None
) -> Router:
    """Customers' pages below a path: none of them is in the API, all answer alike when they don't open."""
    return Router(
        path,
        route_handlers=handlers,
        dependencies=dependencies,
        include_in_schema=False,
        exception_handlers=ANSWERS,
    )


def accepted_by(request: AnyRequest) -> str:
    """The languages a browser asks for."""
    return request.headers.get("accept-language", "")


def other_than(language: Language) -> Language:
    return next(one for one in Language if one is not language)


def front_end_of(request: AnyRequest) -> Path:
    settings: Settings = request.app.state.services.settings
    return settings.front_end_dir


def closed(request: AnyRequest, _error: Exception) -> Response[str]:
    """The one answer to every link that does not open: wrong, expired, withdrawn, or never made."""
    return notice(request, "closed", 404)


def broken(request: AnyRequest, error: Exception) -> Response[str]:
    """What went wrong as the API has it, said as a page: what could not be read, else our own failure, told
    so that nobody fears for the appointment."""
    kind = next(kind for kind in EXCEPTION_HANDLERS if isinstance(kind, type) and isinstance(error, kind))
    status = EXCEPTION_HANDLERS[kind](request, error).status_code
    return notice(request, "unread" if status in UNREADABLE else "broken", status)


def notice(request: AnyRequest, kind: str, status: int) -> Response[str]:
    """A page that says one thing; its words begin with `kind`.

    Whose page it would be must not show, nor does their language: who reads neither of ours gets English.
    """
    asked, accepted = str(request.query_params.get("lang", "")), accepted_by(request)
    language = choose(asked, "", accepted, Language.ENGLISH if accepted else Language.CHINESE)
    front_end = front_end_of(request)
    return html("notice.html", language, front_end, status=status, t=WORDS[language], kind=kind)


# Each kind anew: whoever handles Exception alone leaves the others to the API's problem documents.
ANSWERS: dict[int | type[Exception], Any] = {
    **dict.fromkeys(EXCEPTION_HANDLERS, broken),
    NotFoundError: closed,
}
