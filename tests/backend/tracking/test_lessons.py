"""An organisation learns from its own visits, once a day, and its customers' ranges rest on that."""

import asyncio
import datetime as dt

import pytest
from sqlmodel import Session, col, select

from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs.models import Job, Visit
from backend.technicians.models import Position
from backend.tracking import lessons
from backend.tracking.experience import Experience
from backend.tracking.models import ArrivalExperience
from tests.factories.calls import Calls
from tests.factories.doorstep import NOON, Doorstep


async def learn_twice(url: str) -> list[int]:
    """Look twice whether somebody has to learn."""
    database = Database(url)
    counts = [await lessons.learn_due(database) for _ in range(2)]
    await database.close()
    return counts


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def finish(session: Session, world: Doorstep) -> None:
    """Our visit was driven to in 30 minutes instead of 25, and took 90 instead of 60."""
    visit = session.exec(select(Visit).where(Visit.id == world.visit.id)).one()
    visit.departed_at, visit.arrived_at = NOON - minutes(30), NOON
    visit.completed_at = NOON + minutes(90)
    for minute, lat in ((20, 39.90), (19.8, 39.90), (10, 39.95), (-60, 39.99)):
        session.add(
            Position(
                technician_id=world.technician.id,
                at=NOON - minutes(minute),
                lat=lat,
                lng=116.47,
                accuracy_m=5,
                job_id=world.job.id,
            )
        )


def test_a_past_visit_is_read_with_its_way_and_nothing_after_it(db: Calls, world: Doorstep) -> None:
    db.write(finish, world)
    (day,) = db.read(lessons.past_days, world.org.id)
    (leg,) = day
    assert (leg.arrive_at, leg.work, leg.travel) == (NOON, minutes(60), minutes(25))
    assert leg.completed_at == NOON + minutes(90)
    # One reading a minute is enough, and what was reported at the door is no way.
    assert [seen.at for seen in leg.track] == [NOON - minutes(20), NOON - minutes(10)]
    assert leg.track[0].distance_m == pytest.approx(10_619, abs=5)


def test_a_visit_under_way_teaches_nothing_yet(db: Calls, world: Doorstep) -> None:
    assert db.read(lessons.past_days, world.org.id) == []
    assert db.read(lessons.due, utc_now()) == []


def test_an_organisation_learns_once_a_day(database_url: str, db: Calls, world: Doorstep) -> None:
    db.write(finish, world)
    assert db.read(lessons.experience_of, world.org.id) == Experience()
    assert asyncio.run(learn_twice(database_url)) == [1, 0]
    found = db.read(lessons.experience_of, world.org.id)
    assert found.visits == 1
    assert found.work[world.job.skill].real == 1.5
    assert found.travel.real == 1.2
    assert db.read(lessons.due, utc_now() + lessons.EVERY + minutes(1)) == [world.org.id]


def test_what_was_learned_is_replaced_not_added(db: Calls, world: Doorstep) -> None:
    for visits in (3, 5):
        db.write(lessons.store, world.org.id, Experience(visits=visits), NOON)
    rows = db.read(lambda session: session.scalars(select(col(ArrivalExperience.visits))).all())
    assert list(rows) == [5]


def test_another_organisations_visits_are_not_learned_from(db: Calls, world: Doorstep) -> None:
    db.write(finish, world)
    other = db.read(lambda session: session.exec(select(Job)).one().id)
    assert db.read(lessons.past_days, other) == []
