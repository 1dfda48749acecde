"""Finding technicians, how customers are shown them, and pairing their phones."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth import service as auth
from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.auth.permissions import Permission
from backend.errors import NotFoundError
from backend.technicians.models import (
    CertificatePicture,
    Technician,
    TechnicianCertificate,
    TechnicianPortrait,
)
from backend.vendors.models import Vendor


@dataclass(frozen=True)
class Paper:
    """A certificate of a technician."""

    code: str
    expires_on: dt.date
    has_picture: bool


@dataclass(frozen=True)
class Presented:
    """A technician as customers are shown them."""

    id: uuid.UUID
    name: str
    vendor_name: str
    has_photo: bool
    certificates: list[Paper]


def presented(session: Session, actor: Actor) -> list[Presented]:
    """Those the actor looks after, by name: the office all who work, a vendor its own."""
    actor.require(Permission.PAIR_PHONE)
    query = (
        sa.select(
            col(Technician.id), col(Technician.name), col(Vendor.name), col(TechnicianPortrait.technician_id)
        )
        .outerjoin(Vendor, col(Vendor.id) == col(Technician.vendor_id))
        .outerjoin(TechnicianPortrait, col(TechnicianPortrait.technician_id) == col(Technician.id))
        .where(col(Technician.org_id) == actor.org_id, col(Technician.is_active))
        .order_by(col(Technician.name), col(Technician.id))
    )
    if actor.vendor_id is not None:
        query = query.where(col(Technician.vendor_id) == actor.vendor_id)
    rows = session.execute(query).all()
    papers = _papers(session, [row[0] for row in rows])
    return [
        Presented(technician_id, name, vendor or "", portrait is not None, papers[technician_id])
        for technician_id, name, vendor, portrait in rows
    ]


def _papers(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Paper]]:
    same = sa.and_(
        col(CertificatePicture.technician_id) == col(TechnicianCertificate.technician_id),
        col(CertificatePicture.code) == col(TechnicianCertificate.code),
    )
    query = (
        sa.select(TechnicianCertificate, col(CertificatePicture.code))
        .outerjoin(CertificatePicture, same)
        .where(col(TechnicianCertificate.technician_id).in_(ids))
        .order_by(col(TechnicianCertificate.code))
    )
    found: dict[uuid.UUID, list[Paper]] = defaultdict(list)
    for row, picture in session.execute(query):
        found[row.technician_id].append(Paper(row.code, row.expires_on, picture is not None))
    return found


def pairing_code(session: Session, actor: Actor, technician_id: uuid.UUID) -> str:
    """A single-use code that signs this technician's phone in."""
    account = session.exec(select(Account).where(Account.technician_id == technician_id)).first()
    if account is None:
        raise NotFoundError("No such technician.")
    return auth.create_pairing_code(session, actor, account)
