"""Saying that one is there, and seeing who else is."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.models import Account, Role
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import ForbiddenError, NotFoundError
from backend.jobs import service as jobs
from backend.organisations.service import get_region
from backend.presence.models import Presence

# A window says that it is there three times as often.
GONE_AFTER = dt.timedelta(seconds=60)
FORGOTTEN_AFTER = dt.timedelta(days=1)


@dataclass(frozen=True)
class Where:
    """What a window looks at: a region's day, and the job open in it."""

    window: str
    region_id: uuid.UUID
    day: dt.date
    job_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Other:
    """Somebody else on the same day, and the job they have open if the reader may see it."""

    account_id: uuid.UUID
    name: str
    role: Role
    job_id: uuid.UUID | None
    since: dt.datetime


def be(session: Session, actor: Actor, where: Where) -> list[Other]:
    """Note where a window of the actor is; others hear of it when it is news."""
    actor.require(Permission.BOARD_READ)
    if actor.account_id is None:
        raise ForbiddenError("only people are present")
    region = get_region(session, actor, where.region_id)
    if where.job_id is not None and not jobs.visible_ids(session, actor, [where.job_id]):
        raise NotFoundError("No such job.")
    now = utc_now()
    query = select(Presence).where(Presence.account_id == actor.account_id, Presence.window == where.window)
    row = session.exec(query.with_for_update()).first()
    is_news = row is None or row.seen_at < now - GONE_AFTER or _differs(row, where)
    if row is None:
        _forget(session, actor.org_id, now)
        row = Presence(
            org_id=actor.org_id, account_id=actor.account_id, window=where.window,
            region_id=region.id, day=where.day, seen_at=now,
        )  # fmt: skip
        session.add(row)
    row.region_id, row.day, row.job_id, row.seen_at = region.id, where.day, where.job_id, now
    session.flush()
    if is_news:
        append_change(
            session, actor.org_id, "presence", row.id, region_id=region.id, vendor_id=actor.vendor_id
        )
    return others(session, actor, region.id, where.day)


def others(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> list[Other]:
    """Who else looks at a region's day; a vendor's people see their own colleagues only."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    query = (
        select(Account, Presence)
        .join(Presence, col(Presence.account_id) == col(Account.id))
        .where(
            Presence.org_id == actor.org_id,
            Presence.region_id == region.id,
            Presence.day == day,
            Presence.seen_at >= utc_now() - GONE_AFTER,
            col(Account.id) != actor.account_id,
            col(Account.disabled_at).is_(None),
        )
        .order_by(col(Account.name), col(Presence.seen_at).desc())
    )
    if actor.vendor_id is not None:
        query = query.where(Account.vendor_id == actor.vendor_id)
    found: dict[uuid.UUID, Other] = {}
    for account, row in session.exec(query):
        found.setdefault(
            account.id, Other(account.id, account.name, account.role, row.job_id, row.created_at)
        )
    return list(found.values())


def leave(session: Session, actor: Actor, window: str) -> None:
    """A window is closed."""
    actor.require(Permission.BOARD_READ)
    query = select(Presence).where(Presence.account_id == actor.account_id, Presence.window == window)
    row = session.exec(query).first()
    if row is None:
        raise NotFoundError("No such window.")
    append_change(
        session, actor.org_id, "presence", row.id, region_id=row.region_id, vendor_id=actor.vendor_id
    )
    session.delete(row)


def _differs(row: Presence, where: Where) -> bool:
    return (row.region_id, row.day, row.job_id) != (where.region_id, where.day, where.job_id)


def _forget(session: Session, org_id: uuid.UUID, now: dt.datetime) -> None:
    session.execute(
        sa.delete(Presence).where(
            col(Presence.org_id) == org_id, col(Presence.seen_at) < now - FORGOTTEN_AFTER
        )
    )
