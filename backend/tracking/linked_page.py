"""What pages behind a customer's link share: whose it is, its language, where a form leads."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.facts import Facts, gather
from backend.tracking.page import Lang
from backend.tracking.render import PRIVATE, html
from backend.tracking.words import WORDS, Language, choose

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class LinkedPage:
    """A link that opens, in its reader's language."""

    request: AnyRequest
    token: str
    customer: Actor
    facts: Facts
    language: Language

    @property
    def path(self) -> str:
        return f"/c/{self.token}"

    def show(self, template: str, *, status: int = 200, **data: Any) -> Response[str]:
        """One of the templates that extend `tracking/layout.html`; its forms come back to this server."""
        settings: Settings = self.request.app.state.services.settings
        return html(
            template,
            self.language,
            settings.front_end_dir,
            status=status,
            has_form=True,
            t=WORDS[self.language],
            path=self.path,
            org_name=self.facts.org_name,
            other_language=next(one for one in Language if one is not self.language),
            **data,
        )

    def go(self, tail: str = "") -> Response[Any]:
        """After a form, to a page that can be reloaded without sending the form again."""
        return Redirect(f"{self.path}{tail}?lang={self.language.value}", status_code=303, headers=PRIVATE)


async def provide_linked_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> LinkedPage:
    """Whose link this is; NotFoundError for one that opens nothing."""
    customer, facts = await db.read(_known, secret, token)
    accept = request.headers.get("accept-language", "")
    language = choose(lang, facts.locale, accept, facts.org_locale)
    return LinkedPage(request, token, customer, facts, language)


def _known(session: Session, secret: bytes, token: str) -> tuple[Actor, Facts]:
    customer = links.resolve(session, secret, token)
    return customer, gather(session, customer)
