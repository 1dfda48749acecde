"""Finding technicians, how customers are shown them, and pairing their phones."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth import pairing
from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.auth.permissions import Permission
from backend.errors import NotFoundError
from backend.organisations import clock
from backend.organisations.models import Region
from backend.privacy.disclosure import masked_phone
from backend.technicians import shifts
from backend.technicians.hours import Hours, shown
from backend.technicians.models import (
    CertificatePicture,
    Technician,
    TechnicianCertificate,
    TechnicianPortrait,
    TechnicianSkill,
)
from backend.vendors.models import Vendor

MOST = 2_000


@dataclass(frozen=True)
class Paper:
    """A certificate of a technician."""

    code: str
    expires_on: dt.date
    has_picture: bool


@dataclass(frozen=True)
class Presented:
    """A technician as customers are shown them, and what the office plans with."""

    id: uuid.UUID
    name: str
    vendor_name: str
    region_id: uuid.UUID
    region_name: str
    masked_phone: str
    has_photo: bool
    certificates: list[Paper]
    skills: list[tuple[str, int]]
    first_day: dt.date
    hours: list[Hours | None]


def presented(session: Session, actor: Actor) -> list[Presented]:
    """Those the actor looks after, by name: the office all who work, a vendor its own; `MOST` of them."""
    actor.require(Permission.PAIR_PHONE)
    query = (
        sa.select(
            *(col(getattr(Technician, name)) for name in ("id", "name", "phone", "region_id")),
            col(Vendor.name).label("vendor_name"),
            col(TechnicianPortrait.technician_id).label("portrait"),
        )
        .outerjoin(Vendor, col(Vendor.id) == col(Technician.vendor_id))
        .outerjoin(TechnicianPortrait, col(TechnicianPortrait.technician_id) == col(Technician.id))
        .where(col(Technician.org_id) == actor.org_id, col(Technician.is_active))
        .order_by(col(Technician.name), col(Technician.id))
        .limit(MOST)
    )
    if actor.vendor_id is not None:
        query = query.where(col(Technician.vendor_id) == actor.vendor_id)
    rows = session.execute(query).all()
    ids = [row.id for row in rows]
    papers, skills, regions = _papers(session, ids), _skills(session, ids), _regions(session, rows)
    coming = _coming(session, rows, regions)
    return [
        Presented(
            id=row.id,
            name=row.name,
            vendor_name=row.vendor_name or "",
            region_id=row.region_id,
            region_name=regions[row.region_id].name,
            masked_phone=masked_phone(row.phone),
            has_photo=row.portrait is not None,
            certificates=papers[row.id],
            skills=skills[row.id],
            first_day=regions[row.region_id].today,
            hours=coming[row.id],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class _Place:
    """A region's name, clocks and present day."""

    name: str
    zone: ZoneInfo
    today: dt.date


def _regions(session: Session, rows: Sequence[sa.Row[Any]]) -> dict[uuid.UUID, _Place]:
    found = session.exec(select(Region).where(col(Region.id).in_({row.region_id for row in rows}))).all()
    return {
        region.id: _Place(
            region.name,
            zone := ZoneInfo(region.zone),
            clock.present(session, region).astimezone(zone).date(),
        )
        for region in found
    }


def _coming(
    session: Session, rows: Sequence[sa.Row[Any]], regions: Mapping[uuid.UUID, _Place]
) -> dict[uuid.UUID, list[Hours | None]]:
    """Seven days of everybody, from the present one of their region on."""
    week = {
        region_id: [place.today + dt.timedelta(days=offset) for offset in range(shifts.DAYS)]
        for region_id, place in regions.items()
    }
    days = sorted({day for each in week.values() for day in each})
    found = shifts.of_days(session, [row.id for row in rows], days)
    return {
        row.id: [
            shown(shift, regions[row.region_id].zone) if (shift := found.get((row.id, day))) else None
            for day in week[row.region_id]
        ]
        for row in rows
    }


def _skills(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, int]]]:
    """By technician, what they know best first."""
    query = (
        select(TechnicianSkill)
        .where(col(TechnicianSkill.technician_id).in_(ids))
        .order_by(col(TechnicianSkill.level).desc(), col(TechnicianSkill.skill))
    )
    found: dict[uuid.UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in session.exec(query):
        found[row.technician_id].append((row.skill, row.level))
    return found


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


def pairing_codes(
    session: Session, secret: bytes, actor: Actor, technician_id: uuid.UUID
) -> pairing.PairingCodes:
    """Single-use codes that sign this technician's phone in."""
    account = session.exec(select(Account).where(Account.technician_id == technician_id)).first()
    if account is None:
        raise NotFoundError("No such technician.")
    return pairing.create(session, secret, actor, account)
