"""Where an organisation's mail service hands e-mails over: an address and a secret of its own.

The secret signs every e-mail, so the server keeps it sealed, not hashed; people are shown it once.
"""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import ConflictError, NotFoundError
from backend.messages.seal import seal, unseal
from backend.organisations.models import Organisation
from backend.report import limits
from backend.report.letter_desk import receiver
from backend.report.models import LetterHook
from backend.settings import LetterHookSettings

SECRET_PREFIX = "smh_"  # noqa: S105 - a prefix that tells secrets apart, not a secret
USE_STEP = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Opened:
    """Whose e-mails come in, and what they may be signed with; without an id it is the server's own."""

    id: uuid.UUID | None
    org: Organisation
    secrets: tuple[bytes, ...]
    address: str


@dataclass(frozen=True)
class NewSecret:
    """A secret just made; it is known here and never again."""

    row: LetterHook
    secret: str


def find(session: Session, actor: Actor) -> LetterHook | None:
    """Where the organisation's e-mails are handed over, if anywhere."""
    actor.require(Permission.RULES_MANAGE)
    return _of(session, actor.org_id)


def make(session: Session, actor: Actor, server_secret: bytes, address: str) -> NewSecret:
    """An address with its first secret; raises ConflictError where there is one already."""
    actor.require(Permission.RULES_MANAGE)
    if _of(session, actor.org_id) is not None:
        raise ConflictError("E-mails are handed over already.", code="already_exists")
    secret = _new_secret()
    row = LetterHook(org_id=actor.org_id, sealed="", address=address.strip(), changed_at=utc_now())
    row.sealed = _sealed(server_secret, row, new=secret)
    session.add(row)
    session.flush()
    audit.record(session, actor, "letter_hook.made", "letter_hook", row.id)
    return NewSecret(row, secret)


def renew(session: Session, actor: Actor, server_secret: bytes, old_good_h: int) -> NewSecret:
    """Another secret; the one before it stays good for so many hours, and any older one ends now."""
    row = _existing(session, actor)
    old, secret = unseal(server_secret, row.id.bytes, row.sealed).get("new", ""), _new_secret()
    row.changed_at = utc_now()
    row.old_until = row.changed_at + dt.timedelta(hours=old_good_h) if old_good_h else None
    row.sealed = _sealed(server_secret, row, new=secret, old=old if old_good_h else "")
    session.flush()
    audit.record(session, actor, "letter_hook.renewed", "letter_hook", row.id, old_good_h=old_good_h)
    return NewSecret(row, secret)


def withdraw(session: Session, actor: Actor) -> None:
    """Nothing is taken at the address any more, and it never comes back."""
    row = _existing(session, actor)
    session.delete(row)
    audit.record(session, actor, "letter_hook.withdrawn", "letter_hook", row.id)
    session.flush()


def opened(session: Session, server_secret: bytes, hook_id: uuid.UUID) -> Opened:
    """What is good at an address now; raises NotFoundError for one that is not, or no more."""
    row = session.get(LetterHook, hook_id)
    good = unseal(server_secret, row.id.bytes, row.sealed) if row is not None else {}
    if row is None or not good:
        raise NotFoundError("No e-mails are taken here.")
    if row.old_until is None or row.old_until <= utc_now():
        good.pop("old", None)
    org = session.get_one(Organisation, row.org_id)
    return Opened(row.id, org, tuple(one.encode() for one in good.values()), row.address)


def opened_by_server(session: Session, hook: LetterHookSettings) -> Opened:
    """The one of the server's environment; raises NotFoundError where there is none."""
    if not hook.secrets:
        raise NotFoundError("No e-mails are taken here.")
    good = tuple(one.get_secret_value().encode() for one in hook.secrets)
    return Opened(None, receiver(session, hook.page), good, hook.address)


def note_use(session: Session, hook: Opened) -> None:
    """An e-mail came, signed; raises TooManyAttemptsError beyond what an organisation's mail can be."""
    limits.count_handed_over(session, str(hook.id))
    lately = col(LetterHook.last_used_at).is_(None) | (col(LetterHook.last_used_at) < utc_now() - USE_STEP)
    used = sa.update(LetterHook).where(col(LetterHook.id) == hook.id, lately)
    session.execute(used.values(last_used_at=utc_now()))


def _of(session: Session, org_id: uuid.UUID) -> LetterHook | None:
    return session.exec(select(LetterHook).where(LetterHook.org_id == org_id)).first()


def _existing(session: Session, actor: Actor) -> LetterHook:
    actor.require(Permission.RULES_MANAGE)
    row = session.exec(select(LetterHook).where(LetterHook.org_id == actor.org_id).with_for_update()).first()
    if row is None:
        raise NotFoundError("No e-mails are handed over.")
    return row


def _new_secret() -> str:
    return SECRET_PREFIX + secrets.token_urlsafe(32)


def _sealed(server_secret: bytes, row: LetterHook, *, new: str, old: str = "") -> str:
    kept = {name: value for name, value in (("new", new), ("old", old)) if value}
    return seal(server_secret, row.id.bytes, kept)
