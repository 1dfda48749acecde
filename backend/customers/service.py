"""Places that need a pin, and setting it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from backend.audit import service as audit
from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.customers.models import Customer, LocationSource, Place
from backend.errors import NotFoundError
from backend.geocoding.datum import Datum, Point, to_wgs84
from backend.jobs import repository as jobs
from backend.jobs import service as job_service
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job

LIST_LIMIT = 500


@dataclass(frozen=True)
class Unlocated:
    """A place without coordinates and the job that waits for it."""

    place: Place
    customer: Customer
    job: Job


def needs_location(session: Session, actor: Actor) -> list[Unlocated]:
    """Places of open jobs that no map knows, oldest job first."""
    actor.require(Permission.PLACE_LOCATE)
    rows = session.exec(
        select(Place, Customer, Job)
        .join(Customer, col(Customer.id) == col(Place.customer_id))
        .join(Job, col(Job.place_id) == col(Place.id))
        .where(jobs.visible_to(actor), col(Place.lat).is_(None), col(Job.status).not_in(FINISHED))
        .order_by(col(Job.id))
        .limit(LIST_LIMIT)
    )
    seen: dict[uuid.UUID, Unlocated] = {}
    for place, customer, job in rows:
        seen.setdefault(place.id, Unlocated(place, customer, job))
    return list(seen.values())


def locate(
    session: Session, actor: Actor, place_id: uuid.UUID, lat: float, lng: float, datum: Datum
) -> Place:
    """Pin a place; its jobs can be planned from now on."""
    actor.require(Permission.PLACE_LOCATE)
    place = _for_change(session, actor, place_id)
    _pin(session, actor, place, to_wgs84(Point(lat, lng), datum))
    return place


def locate_own(session: Session, customer: Actor, place_id: uuid.UUID, point: Point) -> None:
    """A customer shows where their own place is (WGS-84); one that has been found meanwhile stays there."""
    place = _for_change(session, customer, place_id)
    if place.lat is None:
        _pin(session, customer, place, point)


def _for_change(session: Session, actor: Actor, place_id: uuid.UUID) -> Place:
    query = select(Place).where(Place.id == place_id, Place.org_id == actor.org_id).with_for_update()
    place = session.exec(query).first()
    if place is None:
        raise NotFoundError("No such place.")
    return place


def _pin(session: Session, actor: Actor, place: Place, point: Point) -> None:
    place.lat, place.lng, place.source = point.lat, point.lng, LocationSource.PIN
    audit.record(session, actor, "locate", "place", place.id)
    append_change(session, place.org_id, "place", place.id, region_id=place.region_id)
    for job in _open_jobs(session, place):
        job_service.touch(session, job)
    session.flush()


def _open_jobs(session: Session, place: Place) -> Sequence[Job]:
    query = (
        select(Job)
        .where(Job.place_id == place.id, col(Job.status).not_in(FINISHED))
        .order_by(col(Job.id))
        .with_for_update()
    )
    return session.exec(query).all()
