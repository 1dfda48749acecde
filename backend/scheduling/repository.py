"""A region's day read in a number of queries that does not grow with the day."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Product
from backend.customers.models import Place
from backend.jobs.lifecycle import OFFERED, OPEN_FOR_PLANNING, JobStatus
from backend.jobs.models import REFUSED, Job, Visit, VisitOutcome
from backend.offers import refusals
from backend.organisations.models import Organisation, Region
from backend.scheduling import resources
from backend.scheduling.day import (
    CurrentVisit,
    DayJob,
    FixedVisit,
    LatLng,
    RegionDay,
    local_midnight,
)
from backend.scheduling.scope import Standing
from backend.technicians.models import Technician

MOVABLE = OPEN_FOR_PLANNING | OFFERED
STARTED_OUTCOMES = (
    VisitOutcome.COMPLETED,
    VisitOutcome.CUSTOMER_ABSENT,
    VisitOutcome.NEEDS_PART,
    VisitOutcome.TO_WORKSHOP,
)
SAME_DAY = dt.timedelta(hours=12)
PARTS_STILL_DUE = frozenset({JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK})


def region(session: Session, org_id: uuid.UUID, region_id: uuid.UUID) -> Region | None:
    """The region, unless it is another organisation's."""
    found = session.get(Region, region_id)
    return found if found is not None and found.org_id == org_id else None


def region_named(session: Session, named: str | None) -> Region | None:
    """The only region of that name or id, or the only one there is; None when it is not clear which."""
    rows = session.scalars(sa.select(Region)).all()
    found = [row for row in rows if named is None or named in (row.name, str(row.id))]
    return found[0] if len(found) == 1 else None


def today(region: Region) -> dt.date:
    """The date on a region's wall."""
    return dt.datetime.now(ZoneInfo(region.zone)).date()


def load_day(session: Session, region: Region, day: dt.date, now: dt.datetime) -> RegionDay:
    """The region's day: who works, what is to be done, what is already under way."""
    rows = _technician_rows(session, region)
    here, active = {row.id for row in rows}, [row for row in rows if row.is_active]
    visits = _visits(session, region, day)
    current = {job.id: visit for visit, job, *_ in visits if visit.outcome is None}
    refused, offered = _refused_by(session, region, day), refusals.being_offered(session, region.id, day)
    jobs = [
        _day_job(job, place, category, current.get(job.id), refused[job.id])
        for job, place, category in _jobs(session, region, day)
        if job.id not in offered and _is_movable(job, place, current.get(job.id), here)
    ]
    movable = {job.id for job in jobs}
    if session.get_one(Organisation, region.org_id).is_replay:
        now = _replayed_until([visit for visit, *_ in visits], region, day)
    return RegionDay(
        org_id=region.org_id,
        region_id=region.id,
        zone=region.zone,
        day=day,
        now=now,
        depot=LatLng(region.depot_lat, region.depot_lng),
        technicians=tuple(resources.technicians(session, region, day, active)),
        vendors=tuple(resources.vendors(session, region.org_id)),
        jobs=tuple(jobs),
        fixed=tuple(
            _fixed_visit(visit, job, place, category, job.region_id == region.id and job.day == day)
            for visit, job, place, category in visits
            if visit.outcome is not None or job.id not in movable
        ),
        warehouse=resources.warehouse(session, region.org_id),
    )


def movable_job(session: Session, job: Job) -> DayJob:
    """A job as planning sees it, whatever day it is on."""
    place = session.get_one(Place, job.place_id)
    category = session.get_one(Product, job.product_id).category
    query = sa.select(col(Visit.technician_id)).where(
        col(Visit.job_id) == job.id, col(Visit.outcome).in_(REFUSED)
    )
    refused = set(session.scalars(query)) | refusals.of_job(session, job.id)
    return _day_job(job, place, category, None, refused)


def lock_jobs(session: Session, region: Region, day: dt.date) -> None:
    """Hold the day's jobs until the transaction ends, so that nobody moves one while a plan is compared."""
    query = sa.select(col(Job.id)).where(col(Job.region_id) == region.id, col(Job.day) == day)
    session.execute(query.order_by(col(Job.id)).with_for_update())


def _replayed_until(visits: Sequence[Visit], region: Region, day: dt.date) -> dt.datetime:
    """How far a replayed day has come: its latest event, its start before the first."""
    begins, ends = local_midnight(day, region.zone), local_midnight(day + dt.timedelta(days=1), region.zone)
    moments = (at for visit in visits for at in (visit.departed_at, visit.arrived_at, visit.completed_at))
    return max((at for at in moments if at is not None and begins <= at < ends), default=begins)


def _is_movable(job: Job, place: Place, visit: Visit | None, here: set[uuid.UUID]) -> bool:
    """Whether the plan decides about a job that is booked or offered.

    Held where they are: jobs locked in technician and time, jobs with somebody of another region, and jobs
    a person gave out although nobody knows where they are. A job a vendor has taken is theirs to give out.
    """
    if visit is None:
        return job.vendor_id is None
    is_held = job.lock_technician and job.lock_time
    return not is_held and visit.technician_id in here and place.lat is not None


def _technician_rows(session: Session, region: Region) -> Sequence[Technician]:
    query = sa.select(Technician).where(
        col(Technician.region_id) == region.id, col(Technician.org_id) == region.org_id
    )
    return session.scalars(query.order_by(col(Technician.id))).all()


def _jobs(session: Session, region: Region, day: dt.date) -> sa.Result[Job, Place, str]:
    query = (
        sa.select(Job, Place, col(Product.category))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .where(col(Job.region_id) == region.id, col(Job.day) == day, col(Job.status).in_(MOVABLE))
        .order_by(col(Job.id))
    )
    return session.execute(query)


def _visits(session: Session, region: Region, day: dt.date) -> list[tuple[Visit, Job, Place, str]]:
    """Open and begun visits of the day's jobs, and whatever else takes time of the region's technicians."""
    begins, ends = local_midnight(day, region.zone), local_midnight(day + dt.timedelta(days=1), region.zone)
    here = sa.select(col(Technician.id)).where(col(Technician.region_id) == region.id)
    is_open = col(Visit.outcome).is_(None)
    of_the_day = sa.and_(col(Job.region_id) == region.id, col(Job.day) == day)
    that_day = sa.and_(
        col(Visit.busy_from) < ends,
        col(Visit.busy_until) > begins,
        sa.or_(of_the_day, col(Visit.technician_id).in_(here)),
        sa.or_(is_open, col(Visit.outcome).in_(STARTED_OUTCOMES)),
    )
    query = (
        sa.select(Visit, Job, Place, col(Product.category))
        .join(Job, col(Job.id) == col(Visit.job_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .where(sa.or_(sa.and_(is_open, of_the_day), that_day))
        .order_by(col(Visit.busy_from), col(Visit.id))
    )
    return [(visit, job, place, category) for visit, job, place, category in session.execute(query)]


def _refused_by(session: Session, region: Region, day: dt.date) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Who declined which of the day's jobs, or was a no-show on it."""
    query = (
        sa.select(col(Visit.job_id), col(Visit.technician_id))
        .join(Job, col(Job.id) == col(Visit.job_id))
        .where(col(Job.region_id) == region.id, col(Job.day) == day, col(Visit.outcome).in_(REFUSED))
    )
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for job_id, technician_id in session.execute(query):
        found[job_id].add(technician_id)
    for job_id, technician_id in refusals.of_day(session, region.id, day):
        found[job_id].add(technician_id)
    return found


def _point(place: Place) -> LatLng | None:
    return LatLng(place.lat, place.lng) if place.lat is not None and place.lng is not None else None


def _quantities(parts: Sequence[dict[str, Any]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for part in parts:
        total[part["sku"]] += int(part["qty"])
    return dict(total)


def _day_job(
    job: Job, place: Place, category: str, visit: Visit | None, refused_by: set[uuid.UUID]
) -> DayJob:
    return DayJob(
        id=job.id,
        number=job.number,
        version=job.version,
        place_version=place.version,
        status=job.status.value,
        job_type=job.type.value,
        category=category,
        at=_point(place),
        duration_s=job.duration_s,
        skill=job.skill,
        level=job.level,
        certificate=job.certificate,
        parts=_quantities(job.parts),
        unserved_fen=job.unserved_fen,
        priority=job.priority,
        window_start=job.window_start,
        window_end=job.window_end,
        is_technician_locked=job.lock_technician,
        is_time_locked=job.lock_time,
        current=CurrentVisit(visit.technician_id, visit.busy_from, visit.busy_until) if visit else None,
        refused_by=frozenset(refused_by),
    )


def _fixed_visit(visit: Visit, job: Job, place: Place, category: str, is_of_the_day: bool) -> FixedVisit:
    is_shown = is_of_the_day and visit.outcome in (None, VisitOutcome.COMPLETED)
    return FixedVisit(
        visit_id=visit.id,
        number=job.number,
        job_type=job.type.value,
        category=category,
        job_id=job.id if is_shown else None,
        technician_id=visit.technician_id,
        arrive_at=_near(visit, visit.arrived_at) or visit.arrive_at,
        start_at=_near(visit, visit.arrived_at) or visit.busy_from,
        end_at=_expected_end(visit),
        travel_s=visit.travel_s,
        travel_m=visit.travel_m,
        at=_point(place),
        is_begun=visit.departed_at is not None,
        is_open=visit.outcome is None,
        parts_due=_quantities(job.parts) if job.status in PARTS_STILL_DUE else {},
    )


def _expected_end(visit: Visit) -> dt.datetime:
    """When the technician is free again: as recorded, else from what has happened so far, else as planned."""
    length = visit.busy_until - visit.busy_from
    arrived_at = _near(visit, visit.arrived_at)
    if completed_at := _near(visit, visit.completed_at):
        return completed_at
    if visit.outcome is not None:
        return arrived_at or visit.busy_from
    if arrived_at is not None:
        return arrived_at + length
    if departed_at := _near(visit, visit.departed_at):
        return max(visit.busy_until, departed_at + dt.timedelta(seconds=visit.travel_s) + length)
    return visit.busy_until


def _near(visit: Visit, recorded: dt.datetime | None) -> dt.datetime | None:
    """A recorded instant, unless it is so far from the plan that it says nothing about this day."""
    if recorded is None or abs(recorded - visit.busy_from) > SAME_DAY:
        return None
    return recorded


def standing(session: Session, job_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """Where each job is and what its open visit is, as needed to hold it in place."""
    query = (
        sa.select(col(Job.id), col(Place.community), col(Visit.id), col(Visit.travel_s), col(Visit.travel_m))
        .join(Place, col(Place.id) == col(Job.place_id))
        .outerjoin(Visit, sa.and_(col(Visit.job_id) == col(Job.id), col(Visit.outcome).is_(None)))
        .where(col(Job.id).in_(list(job_ids)))
    )
    return {
        job_id: Standing(visit_id or job_id, community, travel_s or 0, travel_m or 0)
        for job_id, community, visit_id, travel_s, travel_m in session.execute(query)
    }
