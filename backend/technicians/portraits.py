"""The picture by which customers recognise who is at the door."""

import io
import uuid

import sqlalchemy as sa
from PIL import Image, ImageOps
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.upsert import insert_into
from backend.errors import NotFoundError
from backend.evidence.images import clean
from backend.technicians.models import Technician, TechnicianPortrait

# Shown at 48 px on dense screens; it travels inside the customer's page, whose whole budget is 15 kB.
SIDE = 112
QUALITY = 60
# People stand upright: the face is above the middle.
CENTRE = (0.5, 0.35)


def squared(data: bytes) -> bytes:
    """A small square WebP of a JPEG, PNG or WebP picture; raises NotAnImageError for anything else."""
    with Image.open(io.BytesIO(clean(data).data)) as image:
        square = ImageOps.fit(image.convert("RGB"), (SIDE, SIDE), centering=CENTRE)
    buffer = io.BytesIO()
    square.save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


def require_theirs(session: Session, actor: Actor, technician_id: uuid.UUID) -> None:
    """Raise unless the actor looks after this technician: the office all, a vendor its own."""
    actor.require(Permission.PAIR_PHONE)
    technician = session.get(Technician, technician_id)
    is_visible = technician is not None and technician.org_id == actor.org_id
    if technician is None or not is_visible or (actor.vendor_id and technician.vendor_id != actor.vendor_id):
        raise NotFoundError("No such technician.")


def read(session: Session, actor: Actor, technician_id: uuid.UUID) -> bytes:
    """The picture as customers see it; raises NotFoundError where there is none."""
    require_theirs(session, actor, technician_id)
    portrait = session.get(TechnicianPortrait, technician_id)
    if portrait is None:
        raise NotFoundError("There is no picture.")
    return portrait.webp


def put(session: Session, actor: Actor, technician_id: uuid.UUID, webp: bytes) -> None:
    """Keep the picture instead of the one before."""
    require_theirs(session, actor, technician_id)
    session.execute(
        insert_into(session, TechnicianPortrait)
        .values(technician_id=technician_id, webp=webp)
        .on_conflict_do_update(index_elements=["technician_id"], set_={"webp": webp})
    )
    audit.record(session, actor, "portrait.set", "technician", technician_id)


def remove(session: Session, actor: Actor, technician_id: uuid.UUID) -> None:
    """Show no picture any more; without one nothing changes."""
    require_theirs(session, actor, technician_id)
    session.execute(
        sa.delete(TechnicianPortrait).where(col(TechnicianPortrait.technician_id) == technician_id)
    )
    audit.record(session, actor, "portrait.removed", "technician", technician_id)
