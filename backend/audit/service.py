"""Recording who did what."""

import uuid
from typing import Any

from sqlmodel import Session

from backend.audit.models import AuditEntry
from backend.auth.actor import Actor


def record(
    session: Session, actor: Actor, action: str, entity: str, entity_id: uuid.UUID | None = None, **data: Any
) -> None:
    """Append an audit entry in the caller's transaction. `data` must hold no secret and no personal data."""
    session.add(
        AuditEntry(
            org_id=actor.org_id,
            actor_kind=actor.role,
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            entity=entity,
            entity_id=entity_id,
            device_at=actor.device_at,
            request_id=actor.request_id,
            data=data,
        )
    )
