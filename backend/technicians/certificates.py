"""Pictures of certificates: customers may see that who comes is allowed to."""

import io
import uuid

import sqlalchemy as sa
from PIL import Image
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.db.upsert import insert_into
from backend.errors import NotFoundError
from backend.evidence.images import clean
from backend.technicians.models import CertificatePicture, TechnicianCertificate
from backend.technicians.portraits import require_theirs

# Legible on a phone, quick on a slow network: about 60 kB, and fetched on a tap only.
LONGEST_SIDE = 900
QUALITY = 60


def legible(data: bytes) -> bytes:
    """A WebP that can be read of a JPEG, PNG or WebP picture; raises NotAnImageError for anything else."""
    with Image.open(io.BytesIO(clean(data).data)) as image:
        page = image.convert("RGB")
        page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    page.save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


def put(session: Session, actor: Actor, technician_id: uuid.UUID, code: str, webp: bytes) -> None:
    """Keep the picture of a certificate the technician holds, instead of the one before."""
    require_theirs(session, actor, technician_id)
    if session.get(TechnicianCertificate, (technician_id, code)) is None:
        raise NotFoundError("No such certificate.")
    session.execute(
        insert_into(session, CertificatePicture)
        .values(technician_id=technician_id, code=code, webp=webp)
        .on_conflict_do_update(index_elements=["technician_id", "code"], set_={"webp": webp})
    )
    audit.record(session, actor, "certificate.picture", "technician", technician_id, code=code)


def remove(session: Session, actor: Actor, technician_id: uuid.UUID, code: str) -> None:
    """Show no picture of it any more; without one nothing changes."""
    require_theirs(session, actor, technician_id)
    session.execute(
        sa.delete(CertificatePicture).where(
            col(CertificatePicture.technician_id) == technician_id, col(CertificatePicture.code) == code
        )
    )
    audit.record(session, actor, "certificate.picture_removed", "technician", technician_id, code=code)
