"""Who should be asked about a job, in which order, and why: able, free, cheapest first.

Prices are estimates from the straight line to the door; they order people, they are no bill.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.customers.models import Place
from backend.geocoding.datum import Point, distance_m
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import REFUSED, Job, Visit
from backend.jobs.offer_clock import now_for
from backend.offers import refusals
from backend.offers.starts import busy_spans, first_free
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff, Vendor

DETOUR = 1.3
METRES_PER_S = 7.0


@dataclass(frozen=True)
class Ranked:
    """Somebody who could do the job: a technician from `start_at` on, or a vendor that sends its own.

    `why`: price_fen, and for technicians distance_m, visits (that day), level and level_needed.
    """

    technician_id: uuid.UUID | None
    vendor_id: uuid.UUID | None
    start_at: dt.datetime | None
    why: dict[str, Any]

    @property
    def price_fen(self) -> int:
        return int(self.why["price_fen"])


def rank(session: Session, job: Job) -> list[Ranked]:
    """Everybody who could do the job, cheapest first.

    Nobody who refused it, nobody before the present, no vendor that has all the jobs it takes in a day.
    """
    full = _full(session, job)
    tariffs = {vendor: fen for vendor, fen in _tariffs(session, job).items() if vendor not in full}
    found = [*_technicians(session, job, tariffs), *_vendors(session, job, tariffs)]
    return sorted(found, key=lambda each: (each.price_fen, str(each.technician_id or each.vendor_id)))


def _technicians(session: Session, job: Job, tariffs: Mapping[uuid.UUID, int]) -> list[Ranked]:
    place = session.get_one(Place, job.place_id)
    able = _able(session, job)
    busy, now = busy_spans(session, job, [technician.id for technician, _, _ in able]), now_for(session, job)
    door = Point(place.lat, place.lng) if place.lat is not None and place.lng is not None else None
    found = []
    for technician, shift, level in able:
        start = first_free(job, (shift.starts_at, shift.ends_at), busy[technician.id], now)
        if technician.vendor_id is not None and technician.vendor_id not in tariffs:
            continue
        if start is None:
            continue
        home = Point(technician.home_lat, technician.home_lng)
        metres = round(distance_m(home, door) * DETOUR) if door else 0
        tariff_fen = tariffs[technician.vendor_id] if technician.vendor_id is not None else None
        why = {
            "price_fen": tariff_fen if tariff_fen is not None else _own_price_fen(technician, job, metres),
            "distance_m": metres,
            "visits": len(busy[technician.id]),
            "level": level,
            "level_needed": job.level,
        }
        found.append(Ranked(technician.id, None, start, why))
    return found


def _own_price_fen(technician: Technician, job: Job, metres: int) -> int:
    seconds = job.duration_s + metres / METRES_PER_S
    return round(technician.hourly_fen * seconds / 3600 + technician.per_km_fen * metres / 1000)


def _able(session: Session, job: Job) -> Sequence[tuple[Technician, Shift, int]]:
    """Technicians of the region on shift that day with the skill and the certificate, who never refused."""
    refused = set(
        session.exec(
            select(Visit.technician_id).where(Visit.job_id == job.id, col(Visit.outcome).in_(REFUSED))
        )
    )
    refused |= refusals.of_job(session, job.id)
    query = (
        select(Technician, Shift, TechnicianSkill.level)
        .join(Shift, sa.and_(col(Shift.technician_id) == col(Technician.id), col(Shift.day) == job.day))
        .join(TechnicianSkill, col(TechnicianSkill.technician_id) == col(Technician.id))
        .where(
            Technician.org_id == job.org_id,
            Technician.region_id == job.region_id,
            col(Technician.is_active),
            TechnicianSkill.skill == job.skill,
            TechnicianSkill.level >= job.level,
            col(Technician.id).not_in(refused),
        )
        .order_by(col(Technician.id))
    )
    if job.certificate is not None:
        held = select(TechnicianCertificate.technician_id).where(
            TechnicianCertificate.code == job.certificate, col(TechnicianCertificate.expires_on) >= job.day
        )
        query = query.where(col(Technician.id).in_(held))
    return [(row[0], row[1], row[2]) for row in session.exec(query)]


def _tariffs(session: Session, job: Job) -> dict[uuid.UUID, int]:
    """What each vendor is paid for such a job."""
    category = session.get_one(Product, job.product_id).category
    query = select(Tariff.vendor_id, Tariff.price_fen).where(
        Tariff.org_id == job.org_id, Tariff.category == category, Tariff.job_type == job.type
    )
    return dict(session.exec(query).all())


def _full(session: Session, job: Job) -> set[uuid.UUID]:
    """Vendors that have as many jobs on the job's day as they take in one."""
    if job.day is None:
        return set()
    taken = (
        sa.select(sa.func.count(col(Job.id)))
        .where(
            col(Job.vendor_id) == col(Vendor.id),
            col(Job.day) == job.day,
            col(Job.id) != job.id,
            col(Job.status) != JobStatus.CANCELLED,
        )
        .scalar_subquery()
    )
    query = select(Vendor.id).where(Vendor.org_id == job.org_id, taken >= col(Vendor.daily_capacity))
    return set(session.exec(query))


def _vendors(session: Session, job: Job, tariffs: Mapping[uuid.UUID, int]) -> list[Ranked]:
    """Vendors that do such jobs and have not said no to this one."""
    query = select(Vendor.id).where(Vendor.org_id == job.org_id, col(Vendor.id).in_(tariffs))
    refused = refusals.of_job(session, job.id)
    return [
        Ranked(None, vendor_id, None, {"price_fen": tariffs[vendor_id]})
        for vendor_id in session.exec(query)
        if vendor_id not in refused
    ]
