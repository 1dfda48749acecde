"""The API as its document tells it: what handlers and types say of themselves, and what is common to all."""

import re
from collections.abc import Iterator, Sequence
from inspect import cleandoc, signature
from typing import TYPE_CHECKING

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, Reference, Schema, SecurityScheme, Tag
from litestar.plugins import OpenAPISchemaPlugin
from litestar.router import Router
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from backend.web.dependencies import CSRF_HEADER, SESSION_COOKIE
from backend.web.examples import EXAMPLES, Exemplified
from backend.web.problems import problem_docs

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator

INTRODUCTION = f"""Field service: jobs, plans, phones and customers.

**Who asks.** An integration sends `Authorization: Bearer smt_…`; `shangmen token create` makes one.
People sign in at `POST /api/session` and have a cookie; with it, everything but GET carries the reply's
`csrf_token` as `{CSRF_HEADER}`. What somebody may not see looks like what is not there: 404.

**Times** are instants with an offset (`2026-11-23T09:00:00+08:00`), answered in UTC; a `day` is a date in
its region's time zone. **Money** is whole fen (1/100 yuan), in fields that end in `_fen`; lengths of time
end in `_s`, distances in `_m`. **Places** are WGS-84 degrees.

**Lists** of any length answer `items` and `next`; ask again with `after` set to `next` until it is null.

**Writing twice.** Commands, calls and uploads carry an id, key or hash of the sender's: sent again, they
change nothing more and get the first answer. What several people change carries a `version`, or an `ETag`
to be sent back as `If-Match`; 409 `stale` says that somebody was faster.

**Errors** are problem documents (RFC 9457). Decide by `code`, which stays the same, never by `detail`,
which is for people; further members belong to the code. Beside those of each operation, any request may
get 413 `too_large`, 429 `too_many_attempts`, 503 `busy` or `unavailable` and 507 `storage_full`;
`Retry-After` then says when to ask again. `X-Request-ID` finds a request in the server's log."""

TAGS = {
    "session": "Signing in and out.",
    "tokens": "Tokens that integrations sign in with.",
    "jobs": "Jobs for the office: found, read, acted on, locked, edited.",
    "offers": "A job offered to technicians and vendors; the first to accept has it.",
    "plans": "A day's plan: searched, compared, published whole.",
    "board": "A region's day or week as a screen shows it.",
    "live day": "What goes wrong during a day, and the ways out with their price.",
    "presence": "Who else looks at a day.",
    "search": "Finding any job.",
    "views": "Saved views of the console.",
    "imports": "Order files: a dry run first, then cases and jobs.",
    "reports": "Faults reported by telephone, page and e-mail, made into cases.",
    "booking": "What customers may choose, change and cancel.",
    "messages": "What customers are told, by which channel and in which words.",
    "push": "Alerts on phones and in browsers.",
    "ratings": "What customers say, and complaints until they are settled.",
    "extra work": "Work beyond the order: its price list, quotes and answers.",
    "evidence": "Pictures and videos of visits.",
    "documents": "The signed report, and signing on the customer's own phone.",
    "tracking": "The customer's link, and where technicians on their way are.",
    "phone": "What a technician's phone sends and fetches; every command takes effect once.",
    "technicians": "Technicians as customers are shown them, and their phones.",
    "statements": "What vendors are paid for a month, visit by visit.",
    "places": "Addresses that no map knows yet.",
    "regions": "Service regions, and what an organisation decides for itself.",
    "privacy": "A person's data: shown with a reason, exported, erased.",
    "operations": "Whether the server is alive and ready.",
}
TOKEN, SESSION = "token", "session"
OWN_SESSION = frozenset({"getSession", "signOut"})
_GIST = re.compile(r"(.+?)(?:[;:.](?=\s)|\.?$)", re.DOTALL)


class DescribedStructs(OpenAPISchemaPlugin):
    """Puts what a type of the wire says of itself beside its fields."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return not field_definition.is_union and field_definition.is_subclass_of(msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: "SchemaCreator") -> Schema:
        """The schema as it would be without this plugin, described."""
        maker = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema = maker.to_openapi_schema(field_definition, schema_creator)
        said = (field_definition.origin or field_definition.annotation).__doc__
        schema.description = cleandoc(said) if said else None
        return schema


DOCUMENT = "/api/openapi.json"


def openapi_config(version: str) -> OpenAPIConfig:
    """The document's frame: how to sign in and what every operation has in common."""
    return OpenAPIConfig(
        title="Shangmen",
        version=version,
        # Not one level higher: an address there that is none would be answered for us, and not as a problem.
        path=DOCUMENT,
        render_plugins=[JsonRenderPlugin(path="/")],
        description=INTRODUCTION,
        license=License(name="Apache License 2.0", identifier="Apache-2.0"),
        tags=[Tag(name, description) for name, description in TAGS.items()],
        use_handler_docstrings=True,
        components=Components(security_schemes=_ways_to_sign_in()),
    )


def _ways_to_sign_in() -> dict[str, SecurityScheme | Reference]:
    return {
        TOKEN: SecurityScheme(
            "http", "Made by `shangmen token create` or `POST /api/tokens`.", scheme="bearer"
        ),
        SESSION: SecurityScheme(
            "apiKey",
            f"The cookie of a sign-in; everything but GET also needs the header `{CSRF_HEADER}`.",
            name=SESSION_COOKIE,
            security_scheme_in="cookie",
        ),
    }


def describe(routers: Sequence[Router]) -> None:
    """Give every operation what all have (its gist, who may ask, what a problem looks like), and examples."""
    docs = problem_docs()
    for handler in _handlers(routers):
        handler.responses = {**docs, **(handler.responses or {})}
        handler.summary = _gist(handler)
        handler.security = _who_may_ask(handler)
        if handler.operation_id in EXAMPLES:
            handler.operation_class = Exemplified


def _handlers(routers: Sequence[Router]) -> Iterator[HTTPRouteHandler]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, HTTPRoute):
                yield from route.route_handlers


def _gist(handler: HTTPRouteHandler) -> str | None:
    """What a handler's docstring begins with, up to its details."""
    said = _GIST.match(cleandoc(handler.fn.__doc__ or ""))
    return " ".join(said[1].split()) if said else None


def _who_may_ask(handler: HTTPRouteHandler) -> list[dict[str, list[str]]] | None:
    if handler.operation_id in OWN_SESSION:
        return [{SESSION: []}]
    # The function's own signature: what the handler parses of it could not be copied into the application.
    is_known = "actor" in signature(handler.fn).parameters
    return [{TOKEN: []}, {SESSION: []}] if is_known else None
