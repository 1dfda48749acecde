"""The record of an import being applied: asked for, claimed, reported on, ended. Every write is fenced.

As with plan runs, `attempt` goes up each time somebody takes the import over; whoever holds an older number
has been given up and can no longer write anything.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.types import utc_now
from backend.errors import DomainError
from backend.imports import applying
from backend.imports.models import ImportRun, ImportState
from backend.imports.service import get_run

# Whoever has not been heard of for so long is taken for dead.
SILENT_AFTER = dt.timedelta(seconds=20)
# One transaction takes so long and no longer: on SQLite nobody else writes meanwhile.
BATCH_S = 0.05


@dataclass(frozen=True, slots=True)
class Claim:
    """An import somebody applies, on whose behalf, and the number that fences it."""

    run_id: uuid.UUID
    attempt: int
    actor: Actor


def ask(
    session: Session, actor: Actor, run_id: uuid.UUID, hand_over: Callable[[Session, uuid.UUID], None]
) -> None:
    """Have an import applied; asked again, nothing happens unless it had failed."""
    run = get_run(session, actor, run_id)
    session.refresh(run, with_for_update=True)
    if run.state in (ImportState.APPLYING, ImportState.APPLIED):
        return
    left = len(applying.positions_to_apply(session, actor, run_id))
    run.state, run.heartbeat_at = ImportState.APPLYING, None
    run.summary = dict(run.summary) | {"done": 0, "todo": left}
    run.asked_by = {
        "role": actor.role,
        "name": actor.name,
        "account_id": str(actor.account_id) if actor.account_id else None,
        "request_id": actor.request_id,
    }
    session.flush()
    hand_over(session, run.id)
    _announce(session, run)


def waiting(session: Session, now: dt.datetime) -> list[uuid.UUID]:
    """Imports to be applied that nobody works on, oldest first."""
    unheard = sa.or_(col(ImportRun.heartbeat_at).is_(None), col(ImportRun.heartbeat_at) < now - SILENT_AFTER)
    query = sa.select(col(ImportRun.id)).where(col(ImportRun.state) == ImportState.APPLYING, unheard)
    return list(session.scalars(query.order_by(col(ImportRun.id))))


def claim(session: Session, run_id: uuid.UUID, *, is_orphaned: bool = False) -> Claim | None:
    """Take an import; None when it is over or somebody works on it.

    `is_orphaned` says that whoever worked on it is known to be gone; otherwise only silence tells.
    """
    query = sa.select(ImportRun).where(col(ImportRun.id) == run_id).with_for_update()
    run = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if run is None or run.state is not ImportState.APPLYING:
        return None
    now = utc_now()
    if not is_orphaned and run.heartbeat_at is not None and run.heartbeat_at >= now - SILENT_AFTER:
        return None
    run.attempt, run.heartbeat_at = run.attempt + 1, now
    session.flush()
    return Claim(run.id, run.attempt, _actor(run))


def apply_some(
    session: Session, claimed: Claim, positions: Sequence[int], budget_s: float = BATCH_S
) -> int | None:
    """Apply orders for `budget_s` in one transaction, at least one; how many, None when it was taken away.

    An order that can no longer be applied is refused by itself; the others go on.
    """
    run = _fenced(session, claimed)
    if run is None:
        return None
    until, done = time.monotonic() + budget_s, 0
    for position in positions:
        _apply_one(session, claimed.actor, run.id, position)
        done += 1
        if time.monotonic() >= until:
            break
    run.heartbeat_at = utc_now()
    run.summary = dict(run.summary) | {"done": int(run.summary.get("done", 0)) + done}
    session.flush()
    _announce(session, run)
    return done


def end(session: Session, claimed: Claim) -> None:
    """Close an import all of whose orders were applied."""
    if _fenced(session, claimed) is not None:
        applying.finish(session, claimed.actor, claimed.run_id)


def release(session: Session, claimed: Claim) -> None:
    """Let somebody else go on at once: whoever worked on it is going away in good order."""
    run = _fenced(session, claimed)
    if run is not None:
        run.heartbeat_at = None


def fail(session: Session, claimed: Claim) -> None:
    """Say that applying ended early; asked again, it goes on where it stopped."""
    run = _fenced(session, claimed)
    if run is not None:
        run.state = ImportState.FAILED
        session.flush()
        _announce(session, run)


def _apply_one(session: Session, actor: Actor, run_id: uuid.UUID, position: int) -> None:
    try:
        _in_savepoint(session, actor, run_id, position)
    except IntegrityError:
        # Another import created the same order at the same moment: this time it is there, and is joined.
        _in_savepoint(session, actor, run_id, position)


def _in_savepoint(session: Session, actor: Actor, run_id: uuid.UUID, position: int) -> None:
    try:
        with session.begin_nested():
            applying.apply_row(session, actor, run_id, position)
    except DomainError as error:
        applying.refuse_row(session, actor, run_id, position, error.detail or error.code)


def _fenced(session: Session, claimed: Claim) -> ImportRun | None:
    query = sa.select(ImportRun).where(
        col(ImportRun.id) == claimed.run_id,
        col(ImportRun.attempt) == claimed.attempt,
        col(ImportRun.state) == ImportState.APPLYING,
    )
    return session.scalars(query.with_for_update()).one_or_none()


def _actor(run: ImportRun) -> Actor:
    asked = run.asked_by
    account_id = asked.get("account_id")
    return Actor(
        role=Role(asked["role"]),
        org_id=run.org_id,
        name=asked["name"],
        account_id=uuid.UUID(account_id) if account_id else None,
        request_id=asked.get("request_id", ""),
    )


def _announce(session: Session, run: ImportRun) -> None:
    append_change(session, run.org_id, "import", run.id, region_id=run.region_id)
