"""The one way into pages behind a customer's signed link: whose it is, until when, in which language.

A link that is wrong, expired, withdrawn or was never made opens none of them, and says so alike on each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Router
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.tracking import links
from backend.tracking.facts import Facts, gather
from backend.tracking.framed_page import AnyRequest, FramedPage, Lang, accepted_by, pages
from backend.tracking.models import CustomerLink
from backend.tracking.words import choose


@dataclass(frozen=True)
class LinkedPage(FramedPage):
    """A link that opens, in its reader's language. `customer` may see one job, which `facts` are about."""

    token: str
    link: CustomerLink
    customer: Actor
    facts: Facts


async def provide_linked_page(
    request: AnyRequest,
    db: NamedDependency[Database],
    secret: NamedDependency[bytes],
    token: FromPath[str],
    lang: Lang = "",
) -> LinkedPage:
    """Whose link this is; NotFoundError for one that opens nothing."""
    link, facts = await db.read(_known, secret, token)
    language = choose(lang, facts.locale, accepted_by(request), facts.org_locale)
    customer = links.customer_of(link)
    return LinkedPage(request, f"/c/{token}", facts.org_name, language, token, link, customer, facts)


async def provide_customer(
    db: NamedDependency[Database], secret: NamedDependency[bytes], token: FromPath[str]
) -> Actor:
    """The customer alone, for what is no page; NotFoundError for a link that opens nothing."""
    return await db.read(links.resolve, secret, token)


def linked_pages(
    handlers: Sequence[ControllerRouterHandler], dependencies: Mapping[str, Provide] | None = None
) -> Router:
    """Pages behind `/c/{token}`: they are given `at`, or the `customer` alone."""
    ways_in = {"at": Provide(provide_linked_page), "customer": Provide(provide_customer)}
    return pages("/c", handlers, {**ways_in, **(dependencies or {})})


def _known(session: Session, secret: bytes, token: str) -> tuple[CustomerLink, Facts]:
    link = links.open_link(session, secret, token)
    return link, gather(session, links.customer_of(link))
