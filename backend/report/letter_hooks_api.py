"""Where an organisation's e-mails are handed over, set up by its administrators."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.report import letter_hooks
from backend.report.letter_hooks import NewSecret
from backend.report.models import LetterHook
from backend.settings import Settings
from backend.web.schemas import Body, Reply

NO_STORE = {"Cache-Control": "no-store"}
MOST_OLD_H = 168


class LetterHookWanted(Body):
    """`address` is where the e-mails were sent to: one from there is our own, and never answered."""

    address: Annotated[str, msgspec.Meta(max_length=320, pattern=r"^[^\s\x00]*$")] = ""


class NewSecretWanted(Body):
    """For how many hours the secret in use stays good beside the new one; 0 ends it now."""

    old_good_h: Annotated[int, msgspec.Meta(ge=0, le=MOST_OLD_H)] = 24


class LetterHookRead(Reply):
    """Where e-mails are handed over; `old_until` while the secret before this one is good too."""

    url: str
    address: str
    created_at: dt.datetime
    changed_at: dt.datetime
    old_until: dt.datetime | None
    last_used_at: dt.datetime | None


class LetterHookSet(LetterHookRead):
    """`secret` is shown here and never again."""

    secret: str


class LetterHookFound(Reply):
    """`hook` is null where no e-mails are handed over."""

    hook: LetterHookRead | None


def _read(settings: Settings, row: LetterHook) -> LetterHookRead:
    url = f"{settings.base_url}/api/letters/incoming/{row.id}"
    return LetterHookRead(url, row.address, row.created_at, row.changed_at, row.old_until, row.last_used_at)


def _shown_once(settings: Settings, made: NewSecret) -> Response[LetterHookSet]:
    read = LetterHookSet(**msgspec.structs.asdict(_read(settings, made.row)), secret=made.secret)
    return Response(read, status_code=201, headers=NO_STORE)


@get("/", operation_id="getLetterHook")
async def get_letter_hook(
    db: NamedDependency[Database], actor: NamedDependency[Actor], settings: NamedDependency[Settings]
) -> LetterHookFound:
    """Where the organisation's mail service hands e-mails over; the secret is not told."""
    row = await db.read(letter_hooks.find, actor)
    return LetterHookFound(_read(settings, row) if row is not None else None)


@post("/", operation_id="makeLetterHook", status_code=201)
async def make_letter_hook(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    secret: NamedDependency[bytes],
    data: JSONBody[LetterHookWanted],
) -> Response[LetterHookSet]:
    """An address of the organisation's own and the secret that signs for it; 409 where there is one."""
    return _shown_once(settings, await db.write(letter_hooks.make, actor, secret, data.address))


@post("/secret", operation_id="renewLetterSecret", status_code=201)
async def renew_letter_secret(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    secret: NamedDependency[bytes],
    data: JSONBody[NewSecretWanted],
) -> Response[LetterHookSet]:
    """Another secret for the same address, while the one in use stays good for some hours."""
    return _shown_once(settings, await db.write(letter_hooks.renew, actor, secret, data.old_good_h))


@delete("/", operation_id="withdrawLetterHook", status_code=204)
async def withdraw_letter_hook(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> None:
    """Take nothing at the address any more; one made later is another."""
    await db.write(letter_hooks.withdraw, actor)


router = Router(
    "/api/letter-hook",
    route_handlers=[get_letter_hook, make_letter_hook, renew_letter_secret, withdraw_letter_hook],
    tags=["reports"],
)
