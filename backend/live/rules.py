"""What an organisation holds itself to on a live day."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.live.models import LiveRules

USUAL_BOOK_WITHIN_H = 24


def of(session: Session, org_id: uuid.UUID) -> LiveRules:
    """The organisation's rules, or the usual ones while it has not said."""
    return session.get(LiveRules, org_id) or LiveRules(org_id=org_id, book_within_h=USUAL_BOOK_WITHIN_H)


def read(session: Session, actor: Actor) -> LiveRules:
    """The rules as everybody who watches the day may know them."""
    actor.require(Permission.BOARD_READ)
    return of(session, actor.org_id)


def change(session: Session, actor: Actor, wanted: Mapping[str, Any]) -> LiveRules:
    """Replace the rules; `wanted` has a value for each of them."""
    actor.require(Permission.RULES_MANAGE)
    kept = session.get(LiveRules, actor.org_id, with_for_update=True)
    if kept is None:
        kept = LiveRules(org_id=actor.org_id)
        session.add(kept)
    for name, value in wanted.items():
        setattr(kept, name, value)
    session.flush()
    audit.record(session, actor, "live_rules.changed", "organisation", actor.org_id, **wanted)
    return kept
