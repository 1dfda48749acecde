"""Digests of everything a plan of a day is made from: equal only while nothing of it has changed."""

import datetime as dt
import hashlib
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.booking.models import SlotHold
from backend.customers.models import Place
from backend.jobs.models import Job, Visit
from backend.organisations.models import Region
from backend.parts.models import StockMove
from backend.scheduling.day import local_midnight
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff, Vendor

# Today's plan ages; what is worked out for it is worked out anew as often.
NOW_STEP_S = 300
RESOURCES_LAST_S = 5.0
Marks = list[tuple[Any, ...]]


class Resources:
    """Who works in a region and with what. It changes rarely and is looked at again after five seconds."""

    def __init__(self) -> None:
        self._seen: dict[uuid.UUID, tuple[float, str]] = {}

    def digest(self, session: Session, region: Region) -> str:
        """The digest of a region's people, shifts, vendors and stock."""
        now = time.monotonic()
        seen_at, digest = self._seen.get(region.id, (0.0, ""))
        if not digest or now - seen_at > RESOURCES_LAST_S:
            digest = _digest(_resources(session, region))
            self._seen[region.id] = now, digest
        return digest


def stamps(
    session: Session,
    region: Region,
    days: Sequence[dt.date],
    now: dt.datetime,
    resources: str,
    but_of: uuid.UUID | None = None,
) -> dict[dt.date, str]:
    """The digest of each day; what the job `but_of` holds is left out."""
    first, last = min(days), max(days)
    marks: dict[dt.date, Marks] = defaultdict(list)
    _mark_jobs(session, region, first, last, marks)
    _mark_visits(session, region, first, last, marks)
    holds = sa.select(col(SlotHold.day), col(SlotHold.id), col(SlotHold.job_id)).where(
        col(SlotHold.region_id) == region.id,
        col(SlotHold.day).between(first, last),
        col(SlotHold.expires_at) > now,
    )
    for day, hold_id, job_id in session.execute(holds.order_by(col(SlotHold.id))):
        if job_id != but_of:
            marks[day].append(("hold", hold_id))
    today = now.astimezone(ZoneInfo(region.zone)).date()
    marks[today].append(("now", int(now.timestamp()) // NOW_STEP_S))
    return {day: _digest([(resources,), *marks[day]]) for day in days}


def _mark_jobs(
    session: Session, region: Region, first: dt.date, last: dt.date, marks: dict[dt.date, Marks]
) -> None:
    query = (
        sa.select(col(Job.day), col(Job.id), col(Job.version), col(Place.version))
        .join(Place, col(Place.id) == col(Job.place_id))
        .where(col(Job.region_id) == region.id, col(Job.day).between(first, last))
        .order_by(col(Job.id))
    )
    for day, *mark in session.execute(query):
        if day is not None:
            marks[day].append(tuple(mark))


def _mark_visits(
    session: Session, region: Region, first: dt.date, last: dt.date, marks: dict[dt.date, Marks]
) -> None:
    here = sa.select(col(Technician.id)).where(col(Technician.region_id) == region.id)
    begins, ends = (
        local_midnight(first, region.zone),
        local_midnight(last + dt.timedelta(days=1), region.zone),
    )
    query = (
        sa.select(col(Visit.busy_from), col(Visit.id), col(Visit.version))
        .where(
            col(Visit.technician_id).in_(here),
            col(Visit.busy_from) < ends,
            col(Visit.busy_from) > begins - dt.timedelta(days=1),
        )
        .order_by(col(Visit.id))
    )
    zone = ZoneInfo(region.zone)
    for busy_from, *mark in session.execute(query):
        marks[busy_from.astimezone(zone).date()].append(tuple(mark))


def _resources(session: Session, region: Region) -> Marks:
    team = col(Technician.region_id) == region.id
    ids = sa.select(col(Technician.id)).where(team)
    today = local_today(region)
    people = sa.select(*_columns(Technician)).where(team)
    shifts = sa.select(*_columns(Shift)).where(col(Shift.technician_id).in_(ids), col(Shift.day) >= today)
    skills = sa.select(*_columns(TechnicianSkill)).where(col(TechnicianSkill.technician_id).in_(ids))
    papers = sa.select(*_columns(TechnicianCertificate)).where(
        col(TechnicianCertificate.technician_id).in_(ids)
    )
    vendors = sa.select(*_columns(Vendor)).where(col(Vendor.org_id) == region.org_id)
    tariffs = sa.select(*_columns(Tariff)).where(col(Tariff.org_id) == region.org_id)
    stock = sa.select(sa.func.count(), sa.func.max(col(StockMove.created_at))).where(
        col(StockMove.org_id) == region.org_id
    )
    queries: tuple[Any, ...] = (people, shifts, skills, papers, vendors, tariffs, stock)
    return sorted((repr(tuple(row)),) for query in queries for row in session.execute(query))


def _columns(table: Any) -> list[Any]:  # noqa: ANN401 - a mapped class
    return list(table.__table__.columns)


def local_today(region: Region) -> dt.date:
    """The date on a region's wall."""
    return dt.datetime.now(ZoneInfo(region.zone)).date()


def _digest(marks: Marks) -> str:
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:32]
