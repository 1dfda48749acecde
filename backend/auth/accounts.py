"""Passwords that are made for people: told once, and kept as hashes only."""

import secrets

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import system_actor
from backend.auth.models import Account, SignInSession
from backend.db.types import utc_now
from backend.errors import NotFoundError, RejectedError

# Letters and digits that nobody takes for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


def new_password() -> str:
    """A random password that can be read out and typed: about 79 bits."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def set_password(session: Session, login: str, password_hash: str) -> Account:
    """Give an account another password; whoever is signed in with it has to sign in again.

    Raises NotFoundError for an unknown login and RejectedError `account_closed` for one that is switched off.
    """
    account = session.exec(select(Account).where(Account.login == login).with_for_update()).first()
    if account is None:
        raise NotFoundError(f"There is no account {login}.")
    if account.disabled_at is not None:
        raise RejectedError(f"The account {login} is switched off.", code="account_closed")
    account.password_hash = password_hash
    signed_in = sa.update(SignInSession).where(
        col(SignInSession.account_id) == account.id, col(SignInSession.revoked_at).is_(None)
    )
    session.execute(signed_in.values(revoked_at=utc_now()))
    actor = system_actor(account.org_id, "command line")
    audit.record(session, actor, "password.changed", "account", account.id)
    return account
