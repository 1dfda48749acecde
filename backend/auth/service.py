"""Signing in and out, and telling who a request comes from."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth import repository
from backend.auth.actor import Actor
from backend.auth.models import Account, SignInFailure, SignInSession
from backend.db.types import utc_now
from backend.errors import TooManyAttemptsError


@dataclass(frozen=True)
class SignInRules:
    """How long a session lives and how often a wrong password may be tried."""

    session_life: dt.timedelta
    attempts: int
    window: dt.timedelta


@dataclass(frozen=True)
class SignedIn:
    """A new or recognised session. `token` is only known when the session is new."""

    account: Account
    org_name: str
    zone: str
    currency: str
    csrf_token: str
    token: str = ""


def digest(secret: str) -> str:
    """How secrets are stored: their SHA-256 (they are long and random, so no salt is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of(account: Account, request_id: str = "") -> Actor:
    """The account as services see it."""
    return Actor(
        role=account.role,
        org_id=account.org_id,
        name=account.name,
        account_id=account.id,
        technician_id=account.technician_id,
        vendor_id=account.vendor_id,
        request_id=request_id,
    )


def begin_attempt(session: Session, login: str, client: str, rules: SignInRules) -> Account | None:
    """The account a password is to be checked for; refuses when too many guesses came before.

    The password counts as wrong for the login until it is found right: of guesses that come all at once, no
    more are looked at than of those that come one after the other.
    """
    keys = [digest(f"login:{login}"), digest(f"client:{client}")]
    repository.lock_key(session, keys[0])
    refuse_guesses(session, keys, rules)
    session.add(SignInFailure(key_hash=keys[0]))
    return repository.account_by_login(session, login)


def refuse_guesses(session: Session, keys: Sequence[str], rules: SignInRules) -> None:
    """Raise TooManyAttemptsError when too many failures are counted under one of the keys."""
    if repository.failures_since(session, keys, utc_now() - rules.window) >= rules.attempts:
        raise TooManyAttemptsError(
            "Too many wrong passwords; wait a little.", retry_after_s=int(rules.window.total_seconds())
        )


def note_failure(session: Session, client: str) -> None:
    """Count a wrong password or code for the client's address too: many may sign in from it at once."""
    session.add(SignInFailure(key_hash=digest(f"client:{client}")))


def open_session(
    session: Session, account: Account, rules: SignInRules, request_id: str, how: str
) -> SignedIn:
    """Start a session for an account whose password or code was right."""
    token = secrets.token_urlsafe(32)
    signed_in = SignInSession(
        token_hash=digest(token),
        csrf_token=secrets.token_urlsafe(24),
        account_id=account.id,
        expires_at=utc_now() + rules.session_life,
    )
    session.add(signed_in)
    repository.forget_failures(session, digest(f"login:{account.login}"), utc_now() - rules.window)
    audit.record(session, actor_of(account, request_id), "sign_in", "account", account.id, how=how)
    return _signed_in(session, account, signed_in.csrf_token, token)


def current(session: Session, token: str) -> SignedIn | None:
    """The live session of a cookie."""
    found = repository.session_account(session, digest(token), utc_now())
    if found is None:
        return None
    signed_in, account = found
    return _signed_in(session, account, signed_in.csrf_token)


def _signed_in(session: Session, account: Account, csrf_token: str, token: str = "") -> SignedIn:
    of = repository.organisation(session, account.org_id)
    return SignedIn(account, of.name, of.zone, of.currency, csrf_token, token)


def close_session(session: Session, token: str) -> None:
    """End a session; ending one that is gone is no error."""
    signed_in = repository.session_by_hash(session, digest(token))
    if signed_in is not None and signed_in.revoked_at is None:
        signed_in.revoked_at = utc_now()


def token_actor(session: Session, token: str, request_id: str) -> Actor | None:
    """The integration behind an API token."""
    row = repository.live_api_token(session, digest(token), utc_now())
    if row is None:
        return None
    return Actor(role=row.role, org_id=row.org_id, name=row.name, request_id=request_id)
