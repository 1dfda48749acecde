"""An organisation's experience with arrivals: one row, learned anew once a day from its last visits."""

import asyncio
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import Session, col

from backend.background.chore import each
from backend.customers.models import Place
from backend.db.session import Database
from backend.db.types import utc_now
from backend.db.upsert import insert_into
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from backend.technicians.models import Position
from backend.tracking.arrival import Sighting, distance_m
from backend.tracking.course import Leg
from backend.tracking.experience import Experience
from backend.tracking.learning import Day, learn
from backend.tracking.models import ArrivalExperience

EVERY = dt.timedelta(hours=20)
# About what a team of ten does in a month; more would say the same and take longer.
MOST_VISITS = 1_500
SIGHTING_EVERY = dt.timedelta(minutes=1)
LONGEST_WAY = dt.timedelta(hours=4)
Track = list[tuple[dt.datetime, float, float]]
log = structlog.get_logger("backend.arrivals")


def experience_of(session: Session, org_id: uuid.UUID) -> Experience:
    """What an organisation has learned so far; the defaults before that."""
    columns = (col(ArrivalExperience.visits), col(ArrivalExperience.learned))
    row = session.execute(sa.select(*columns).where(col(ArrivalExperience.org_id) == org_id)).first()
    return Experience.from_json(row.visits, row.learned) if row else Experience()


async def learn_due(db: Database) -> int:
    """Learn for every organisation that has not for a day; returns for how many."""
    return await each("arrivals", await db.read(due, utc_now()), partial(_learn_one, db))


async def _learn_one(db: Database, org_id: uuid.UUID) -> bool:
    days = await db.read(past_days, org_id)
    # Arithmetic of a second or two: not on the loop that answers requests.
    found = await asyncio.to_thread(learn, days)
    await db.write(store, org_id, found, utc_now())
    log.info("learned from arrivals", org_id=str(org_id), visits=found.visits)
    return True


def due(session: Session, now: dt.datetime) -> list[uuid.UUID]:
    """Organisations whose experience is missing or old, and that have something to learn from."""
    is_old = sa.or_(
        col(ArrivalExperience.learned_at).is_(None), col(ArrivalExperience.learned_at) < now - EVERY
    )
    has_visits = sa.exists().where(
        col(Visit.org_id) == col(Organisation.id), col(Visit.completed_at).is_not(None)
    )
    query = (
        sa.select(col(Organisation.id))
        .outerjoin(ArrivalExperience, col(ArrivalExperience.org_id) == col(Organisation.id))
        .where(is_old, has_visits)
    )
    return list(session.scalars(query).all())


def store(session: Session, org_id: uuid.UUID, found: Experience, now: dt.datetime) -> None:
    """Keep what was learned instead of what was known before."""
    values = {"learned_at": now, "visits": found.visits, "learned": found.to_json()}
    session.execute(
        insert_into(session, ArrivalExperience)
        .values(org_id=org_id, **values)
        .on_conflict_do_update(index_elements=["org_id"], set_=values)
    )


def past_days(session: Session, org_id: uuid.UUID) -> list[Day]:
    """The technicians' last days: those visits that were driven to, arrived at and completed."""
    rows = session.execute(_past_visits(org_id)).all()
    if not rows:
        return []
    first, last = min(row.departed_at for row in rows), max(row.arrived_at for row in rows)
    tracks = _tracks(session, {row.technician_id for row in rows}, first, last)
    days: defaultdict[tuple[uuid.UUID, dt.date], list[tuple[dt.datetime, Leg]]] = defaultdict(list)
    for row in rows:
        leg = _leg(row, tracks.get((row.technician_id, row.job_id), []))
        days[row.technician_id, row.day or row.arrive_at.date()].append((row.busy_from, leg))
    return [[leg for _, leg in sorted(legs, key=lambda pair: pair[0])] for legs in days.values()]


def _past_visits(org_id: uuid.UUID) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            col(Visit.technician_id),
            col(Visit.job_id),
            col(Visit.arrive_at),
            col(Visit.busy_from),
            col(Visit.busy_until),
            col(Visit.travel_s),
            col(Visit.travel_m),
            col(Visit.departed_at),
            col(Visit.arrived_at),
            col(Visit.completed_at),
            col(Job.day),
            col(Job.skill),
            col(Job.window_start),
            col(Place.lat),
            col(Place.lng),
        )
        .join(Job, col(Job.id) == col(Visit.job_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .where(
            col(Visit.org_id) == org_id,
            col(Visit.departed_at).is_not(None),
            col(Visit.arrived_at) > col(Visit.departed_at),
            col(Visit.completed_at) >= col(Visit.arrived_at),
        )
        .order_by(col(Visit.completed_at).desc())
        .limit(MOST_VISITS)
    )


def _leg(row: Any, track: Track) -> Leg:  # noqa: ANN401 - a row of the query
    end = min(row.arrived_at, row.departed_at + LONGEST_WAY)
    seen = [
        Sighting(at, distance_m(lat, lng, row.lat, row.lng))
        for at, lat, lng in track
        if row.lat is not None and row.lng is not None and row.departed_at <= at <= end
    ]
    return Leg(
        skill=row.skill,
        arrive_at=row.arrive_at,
        work=row.busy_until - row.busy_from,
        travel=dt.timedelta(seconds=row.travel_s),
        travel_m=row.travel_m,
        window_start=row.window_start,
        departed_at=row.departed_at,
        arrived_at=row.arrived_at,
        completed_at=row.completed_at,
        track=tuple(_thinned(seen)),
    )


def _thinned(seen: list[Sighting]) -> list[Sighting]:
    kept: list[Sighting] = []
    for sighting in sorted(seen, key=lambda one: one.at):
        if not kept or sighting.at - kept[-1].at >= SIGHTING_EVERY:
            kept.append(sighting)
    return kept


def _tracks(
    session: Session, technician_ids: Collection[uuid.UUID], first: dt.datetime, last: dt.datetime
) -> dict[tuple[uuid.UUID, uuid.UUID], Track]:
    """Positions by technician and job, of a span of time."""
    columns = (col(Position.technician_id), col(Position.job_id), col(Position.at))
    query = sa.select(*columns, col(Position.lat), col(Position.lng)).where(
        col(Position.technician_id).in_(technician_ids),
        col(Position.at).between(first, last),
        col(Position.job_id).is_not(None),
    )
    tracks: defaultdict[tuple[uuid.UUID, uuid.UUID], Track] = defaultdict(list)
    for technician_id, job_id, at, lat, lng in session.execute(query):
        tracks[technician_id, job_id].append((at, lat, lng))
    return tracks
