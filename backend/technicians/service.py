"""Finding technicians and pairing their phones."""

import uuid

from sqlmodel import Session, select

from backend.auth import service as auth
from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.errors import NotFoundError


def pairing_code(session: Session, actor: Actor, technician_id: uuid.UUID) -> str:
    """A single-use code that signs this technician's phone in."""
    account = session.exec(select(Account).where(Account.technician_id == technician_id)).first()
    if account is None:
        raise NotFoundError("No such technician.")
    return auth.create_pairing_code(session, actor, account)
