"""API tokens for integrations: shown once, stored as a hash, good until they expire or are revoked."""

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.models import ApiToken
from backend.auth.permissions import Permission
from backend.auth.service import digest
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError

TOKEN_PREFIX = "smt_"  # noqa: S105 - a prefix that tells tokens apart, not a token
NAME_LENGTH = 120
USE_STEP = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class NewToken:
    """A token just made; `secret` is known here and never again."""

    row: ApiToken
    secret: str


def create(session: Session, actor: Actor, name: str, expires_at: dt.datetime | None = None) -> NewToken:
    """A token an integration may act with for the actor's organisation."""
    actor.require(Permission.TOKEN_MANAGE)
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise BadInputError(f"A token needs a name of at most {NAME_LENGTH} characters.", code="bad_name")
    if expires_at is not None and expires_at <= utc_now():
        raise BadInputError("The token would have expired already.", code="bad_expiry")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(org_id=actor.org_id, name=name, token_hash=digest(secret), expires_at=expires_at)
    session.add(row)
    session.flush()
    audit.record(session, actor, "token.created", "api_token", row.id)
    return NewToken(row, secret)


def list_all(session: Session, actor: Actor) -> Sequence[ApiToken]:
    """The organisation's tokens, newest first; the revoked and the expired too."""
    actor.require(Permission.TOKEN_MANAGE)
    query = select(ApiToken).where(ApiToken.org_id == actor.org_id).order_by(col(ApiToken.id).desc())
    return session.exec(query).all()


def revoke(session: Session, actor: Actor, token_id: uuid.UUID) -> ApiToken:
    """End a token at once; one that has ended stays as it is."""
    actor.require(Permission.TOKEN_MANAGE)
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.org_id == actor.org_id)
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFoundError("No such token.")
    if row.revoked_at is None:
        row.revoked_at = utc_now()
        audit.record(session, actor, "token.revoked", "api_token", row.id)
    return row


def note_use(session: Session, token: str, now: dt.datetime) -> None:
    """Keep that a token was used; once in a while is often enough."""
    lately = col(ApiToken.last_used_at).is_(None) | (col(ApiToken.last_used_at) < now - USE_STEP)
    mine = col(ApiToken.token_hash) == digest(token)
    session.execute(sa.update(ApiToken).where(mine, lately).values(last_used_at=now))
