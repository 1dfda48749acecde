"""Customers on their way to WeChat and back: who may come back, once, and soon."""

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.messages.models import AddressRequest

# WeChat's codes are good for five minutes.
LIFETIME = dt.timedelta(minutes=10)
STATE_BYTES = 32


@dataclass(frozen=True)
class Returned:
    """Whose link it was, and the language its page was read in."""

    link_id: uuid.UUID
    language: str


def begin(session: Session, link_id: uuid.UUID, language: str, now: dt.datetime | None = None) -> str:
    """Let whoever brings back this state, letters and digits alone, be the reader of the link.

    It takes the place of an earlier one of the link; those nobody came back with go as well.
    """
    now, state = now or utc_now(), secrets.token_hex(STATE_BYTES)
    session.execute(sa.delete(AddressRequest).where(col(AddressRequest.expires_at) <= now))
    kept = {"state_sha256": _sha256(state), "language": language, "expires_at": now + LIFETIME}
    # A button that is pressed twice leaves twice at once.
    statement = insert_into(session, AddressRequest).values(link_id=link_id, **kept)
    session.execute(statement.on_conflict_do_update(index_elements=["link_id"], set_=kept))
    return state


def take_back(session: Session, state: str, now: dt.datetime | None = None) -> Returned | None:
    """Who came back; None for a state that was never given out, is too old or was brought back before."""
    gone = sa.delete(AddressRequest).where(
        col(AddressRequest.state_sha256) == _sha256(state),
        col(AddressRequest.expires_at) > (now or utc_now()),
    )
    row = session.execute(gone.returning(col(AddressRequest.link_id), col(AddressRequest.language))).first()
    return Returned(*row) if row is not None else None


def _sha256(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
