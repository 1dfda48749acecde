"""Signing a technician's phone in without a password: by a link, shown as a picture, or by a code to type.

The two are made and end together: when either is used, when newer ones are made, after a quarter of an hour.
"""

import datetime as dt
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth import repository
from backend.auth.actor import Actor
from backend.auth.models import Account, PairingCode, Role, SignInFailure
from backend.auth.permissions import Permission
from backend.auth.service import (
    SignedIn,
    SignInRules,
    digest,
    open_session,
    refuse_guesses,
)
from backend.db.types import utc_now
from backend.errors import NotFoundError

LIFE = dt.timedelta(minutes=15)
# Nothing that looks like something else on a screen: 0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V.
LETTERS = "ACDEFHJKMNPQRTVWXY3479"
LENGTH = 8
_TYPED = re.compile(f"[{LETTERS}]{{{LENGTH}}}")


@dataclass(frozen=True)
class PairingCodes:
    """Two ways in, for one phone: `link` goes into a link and its picture, `typed` is typed."""

    link: str
    typed: str


def as_typed(text: str) -> str | None:
    """The short code in what somebody typed, with any case, width, blanks and dashes; None if it is none."""
    plain = re.sub(r"[\s\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    return plain if _TYPED.fullmatch(plain) else None


def create(session: Session, secret: bytes, actor: Actor, account: Account) -> PairingCodes:
    """Codes that sign one technician's phone in, once, within a quarter of an hour; older ones end."""
    actor.require(Permission.PAIR_PHONE)
    visible = account.org_id == actor.org_id and account.role is Role.TECHNICIAN
    if not visible or (actor.vendor_id and account.vendor_id != actor.vendor_id):
        raise NotFoundError("technician")
    now = utc_now()
    repository.lock_key(session, digest(f"pairing:{account.id}"))
    repository.end_pairing_codes(session, account.id, now)
    codes = PairingCodes(secrets.token_urlsafe(18), "".join(secrets.choice(LETTERS) for _ in range(LENGTH)))
    for code_hash in (digest(codes.link), _keyed(secret, codes.typed)):
        session.add(PairingCode(code_hash=code_hash, account_id=account.id, expires_at=now + LIFE))
    audit.record(session, actor, "pairing_code", "account", account.id)
    return codes


def redeem(
    session: Session, secret: bytes, code: str, client: str, rules: SignInRules, request_id: str
) -> SignedIn | None:
    """Sign in with either code; None when it opens nothing.

    What is short enough to be guessed is counted, as a wrong password is, and slowed down; a picture that
    is scanned twice locks nobody out.
    """
    typed = as_typed(code)
    if typed is None:
        return _enter(session, digest(code), rules, request_id, "pairing")
    code_hash = _keyed(secret, typed)
    # Of guesses that come all at once from an address, no more are looked at than one after the other.
    keys = [digest(f"client:{client}"), digest(f"pairing:{code_hash}")]
    for key in keys:
        repository.lock_key(session, key)
    refuse_guesses(session, keys, rules)
    entered = _enter(session, code_hash, rules, request_id, "pairing_typed")
    if entered is None:
        session.add_all(SignInFailure(key_hash=key) for key in keys)
    return entered


def _enter(
    session: Session, code_hash: str, rules: SignInRules, request_id: str, how: str
) -> SignedIn | None:
    account_id = repository.paired_account_id(session, code_hash)
    if account_id is None:
        return None
    # The link and the typed code wait for each other: one phone gets in.
    repository.lock_key(session, digest(f"pairing:{account_id}"))
    now = utc_now()
    pairing = repository.live_pairing_code(session, code_hash, now)
    account = session.get_one(Account, account_id)
    if pairing is None or account.disabled_at is not None:
        return None
    pairing.used_at = now
    session.flush()
    repository.end_pairing_codes(session, account_id, now)
    return open_session(session, account, rules, request_id, how)


def _keyed(secret: bytes, typed: str) -> str:
    """How a short code is stored: keyed, for its plain hash could be undone by trying all there are."""
    return hmac.new(secret, f"pairing:{typed}".encode(), hashlib.sha256).hexdigest()
