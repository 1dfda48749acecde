"""`shangmen token …` and `shangmen account password`: what integrations and people sign in with."""

import argparse
import asyncio
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session, select

from backend.auth import accounts, tokens
from backend.auth.actor import Actor, system_actor
from backend.auth.models import ApiToken
from backend.auth.passwords import hash_password
from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.organisations.models import Organisation
from backend.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def register(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the subcommands."""
    parser = subparsers.add_parser("token")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="ACTION")
    create = kinds.add_parser("create", help="make a token and print it, this once")
    create.add_argument("name", help="which integration it is for")
    create.add_argument("--days", type=int, default=None, help="how long it is good; for ever if left out")
    create.set_defaults(run=_create)
    shown = kinds.add_parser("list", help="every token with its id, but not the token itself")
    shown.set_defaults(run=_list)
    revoke = kinds.add_parser("revoke", help="end a token at once")
    revoke.add_argument("id", help="as `token list` shows it")
    revoke.set_defaults(run=_revoke)
    for each in (create, shown, revoke):
        each.add_argument("--organisation", default="", help="its name, when there are several")
    account = subparsers.add_parser("account")
    actions = account.add_subparsers(dest="kind", required=True, metavar="ACTION")
    password = actions.add_parser("password", help="make a new password and print it, this once")
    password.add_argument("login")
    password.set_defaults(run=_password)


def _create(arguments: argparse.Namespace) -> int:
    if arguments.days is not None and not 0 < arguments.days <= 36_500:
        raise BadInputError("--days must be between 1 and 36500.")
    expires_at = utc_now() + dt.timedelta(days=arguments.days) if arguments.days else None
    made = _call(arguments.organisation, tokens.create, arguments.name, expires_at)
    print(made.secret)
    return 0


def _list(arguments: argparse.Namespace) -> int:
    for row in _call(arguments.organisation, tokens.list_all):
        print(f"{row.id}  {_state(row):<30}  {row.name}")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    try:
        token_id = uuid.UUID(arguments.id)
    except ValueError as error:
        raise BadInputError("That is no token id; `shangmen token list` shows them.") from error
    row = _call(arguments.organisation, tokens.revoke, token_id)
    print(f"{row.name}: {_state(row)}")
    return 0


def _password(arguments: argparse.Namespace) -> int:
    password = accounts.new_password()
    made = hash_password(password)
    _connected(lambda session: accounts.set_password(session, arguments.login, made))
    print(password)
    return 0


def _state(row: ApiToken) -> str:
    if row.revoked_at is not None:
        return f"revoked {row.revoked_at:%Y-%m-%d %H:%M} UTC"
    if row.expires_at is None:
        return "good"
    word = "good until" if row.expires_at > utc_now() else "expired"
    return f"{word} {row.expires_at:%Y-%m-%d %H:%M} UTC"


def _call(
    organisation: str, work: Callable[Concatenate[Session, Actor, P], R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Call a service as the system for the named, or only, organisation."""

    def run(session: Session) -> R:
        actor = system_actor(_organisation(session, organisation).id, "command line")
        return work(session, actor, *args, **kwargs)

    return _connected(run)


def _connected(work: Callable[[Session], R]) -> R:
    """One transaction in the configured database."""

    async def connected() -> R:
        db = Database(Settings().resolved_database_url)
        try:
            return await db.write(work)
        finally:
            await db.close()

    return asyncio.run(connected())


def _organisation(session: Session, name: str) -> Organisation:
    rows = session.exec(select(Organisation)).all()
    found = [row for row in rows if not name or row.name == name]
    if len(found) != 1:
        known = ", ".join(sorted(row.name for row in rows)) or "none yet"
        raise BadInputError(f"Say which organisation with --organisation NAME; there are: {known}.")
    return found[0]
