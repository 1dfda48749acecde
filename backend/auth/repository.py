"""Queries over accounts, sessions, codes and tokens."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.models import Account, ApiToken, PairingCode, SignInFailure, SignInSession
from backend.organisations.models import Organisation


def account_by_login(session: Session, login: str) -> Account | None:
    return session.exec(
        select(Account).where(Account.login == login, col(Account.disabled_at).is_(None))
    ).first()


def session_account(
    session: Session, token_hash: str, now: dt.datetime
) -> tuple[SignInSession, Account] | None:
    """The live session of a cookie and its account, unless either has ended."""
    query = (
        select(SignInSession, Account)
        .join(Account, col(Account.id) == col(SignInSession.account_id))
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.expires_at > now,
            col(SignInSession.revoked_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    )
    return session.exec(query).first()


def session_by_hash(session: Session, token_hash: str) -> SignInSession | None:
    return session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash)).first()


def live_api_token(session: Session, token_hash: str, now: dt.datetime) -> ApiToken | None:
    query = select(ApiToken).where(
        ApiToken.token_hash == token_hash,
        col(ApiToken.revoked_at).is_(None),
        sa.or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > now),
    )
    return session.exec(query).first()


def paired_account_id(session: Session, code_hash: str) -> uuid.UUID | None:
    return session.exec(select(PairingCode.account_id).where(PairingCode.code_hash == code_hash)).first()


def live_pairing_code(session: Session, code_hash: str, now: dt.datetime) -> PairingCode | None:
    return session.exec(select(PairingCode).where(PairingCode.code_hash == code_hash, *_live(now))).first()


def end_pairing_codes(session: Session, account_id: uuid.UUID, now: dt.datetime) -> None:
    """From now on none that was made for an account opens anything."""
    mine = sa.update(PairingCode).where(col(PairingCode.account_id) == account_id, *_live(now))
    session.execute(mine.values(expires_at=now))


def _live(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return col(PairingCode.used_at).is_(None), col(PairingCode.expires_at) > now


def organisation(session: Session, org_id: uuid.UUID) -> Organisation:
    return session.get_one(Organisation, org_id)


def lock_key(session: Session, key_hash: str) -> None:
    """One at a time counts what is kept under a key; SQLite has a single writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(key_hash[:15], 16))))


def failures_since(session: Session, key_hashes: Sequence[str], since: dt.datetime) -> int:
    """The larger count of failed sign-ins over the given keys."""
    query = (
        sa.select(sa.func.count())
        .where(col(SignInFailure.key_hash).in_(key_hashes), col(SignInFailure.at) > since)
        .group_by(col(SignInFailure.key_hash))
    )
    return max(session.scalars(query).all(), default=0)


def forget_failures(session: Session, key_hash: str, before: dt.datetime) -> None:
    """Drop what no longer counts: this login's failures, and every one older than `before`."""
    stale = sa.or_(col(SignInFailure.key_hash) == key_hash, col(SignInFailure.at) < before)
    session.execute(sa.delete(SignInFailure).where(stale))
