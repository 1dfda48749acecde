"""What an organisation decides for itself."""

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.organisations import service
from backend.organisations.models import Organisation


def read(session: Session, actor: Actor) -> Organisation:
    """The actor's organisation with its rules."""
    actor.require(Permission.RULES_MANAGE)
    return session.get_one(Organisation, actor.org_id)


def change(session: Session, actor: Actor, *, offer_minutes: int | None, relay_number: str) -> Organisation:
    """Replace the rules; offers made before keep the expiry they were given."""
    actor.require(Permission.RULES_MANAGE)
    organisation = service.held(session, actor.org_id)
    organisation.offer_minutes, organisation.relay_number = offer_minutes, relay_number
    audit.record(
        session,
        actor,
        "rules.changed",
        "organisation",
        organisation.id,
        offer_minutes=offer_minutes,
        is_relayed=bool(relay_number),
    )
    return organisation
