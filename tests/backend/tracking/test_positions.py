"""Technicians are located only while they work, and the feed is told now and then, not at every step."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from backend.audit.models import Change
from backend.errors import ForbiddenError
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Visit, VisitOutcome
from backend.organisations.models import Organisation
from backend.technicians.models import LastPosition, Position
from backend.tracking import positions
from backend.tracking.tracks import Ping
from tests.factories.calls import Calls
from tests.factories.doorstep import NOON, Doorstep, doorstep, save

DEPARTED = NOON - dt.timedelta(minutes=20)


@pytest.fixture
def world(db: Calls) -> Doorstep:
    """Left twenty minutes ago, on the way."""
    made = doorstep(JobStatus.EN_ROUTE)
    db.write(save, made)
    return made


def ping(seconds_ago: float, lat: float = 39.99) -> Ping:
    return Ping(NOON - dt.timedelta(seconds=seconds_ago), lat, 116.46, 12.0)


def store(db: Calls, world: Doorstep, *pings: Ping, now: dt.datetime = NOON) -> tuple[int, int]:
    result = db.write(positions.store, world.actor, pings, now)
    return result.stored, result.ignored


def rows(db: Calls, table: Any) -> list[Any]:  # noqa: ANN401 - any table
    return db.read(lambda session: list(session.exec(select(table))))


def announcements(db: Calls) -> list[Change]:
    return [change for change in rows(db, Change) if change.entity == "position"]


def test_positions_on_the_way_are_kept_once(db: Calls, world: Doorstep) -> None:
    batch = [ping(30), ping(20), ping(10, lat=39.992)]
    assert store(db, world, *batch) == (3, 0)
    assert store(db, world, *batch, ping(5)) == (1, 3)
    assert len(rows(db, Position)) == 4
    [last] = rows(db, LastPosition)
    assert last.at == NOON - dt.timedelta(seconds=5)


def test_the_same_instant_twice_in_a_batch_counts_once(db: Calls, world: Doorstep) -> None:
    assert store(db, world, ping(10), ping(10)) == (1, 1)


def test_a_late_batch_does_not_move_the_last_position_back(db: Calls, world: Doorstep) -> None:
    store(db, world, ping(10))
    assert store(db, world, ping(300)) == (1, 0)
    [last] = rows(db, LastPosition)
    assert last.at == NOON - dt.timedelta(seconds=10)


@pytest.mark.parametrize(
    "reading",
    [
        Ping(DEPARTED - dt.timedelta(seconds=1), 39.9, 116.4, 5),  # before leaving: on a break, or at home
        Ping(NOON + dt.timedelta(minutes=3), 39.9, 116.4, 5),  # a clock ahead
        Ping(NOON - dt.timedelta(hours=25), 39.9, 116.4, 5),
    ],
)
def test_a_reading_outside_the_visit_is_dropped(db: Calls, world: Doorstep, reading: Ping) -> None:
    assert store(db, world, reading) == (0, 1)
    assert rows(db, Position) == []


def test_nothing_is_kept_outside_the_shift(db: Calls, world: Doorstep) -> None:
    """The shift ends at 18:00, an hour of overtime is allowed."""
    evening = NOON + dt.timedelta(hours=6)
    within = Ping(evening + dt.timedelta(minutes=59), 39.9, 116.4, 5)
    beyond = Ping(evening + dt.timedelta(minutes=61), 39.9, 116.4, 5)
    assert store(db, world, within, beyond, now=evening + dt.timedelta(hours=2)) == (1, 1)


@pytest.mark.parametrize("status", [JobStatus.ACCEPTED, JobStatus.ASSIGNED, JobStatus.SIGNED])
def test_nothing_is_kept_while_no_visit_is_under_way(db: Calls, status: JobStatus) -> None:
    idle = doorstep(status)
    if status is JobStatus.SIGNED:
        idle.visit.outcome = VisitOutcome.COMPLETED
        idle.visit.completed_at = NOON - dt.timedelta(minutes=1)
    db.write(save, idle)
    assert store(db, idle, ping(10)) == (0, 1)


def test_what_was_driven_before_the_end_still_counts_when_it_arrives_late(db: Calls, world: Doorstep) -> None:
    """The phone had no signal until after the work was done."""

    def complete(session: Session) -> None:
        session.execute(
            sa.update(Visit).values(completed_at=NOON, outcome=VisitOutcome.COMPLETED)  # one visit is there
        )

    db.write(complete)
    later = NOON + dt.timedelta(minutes=10)
    assert store(db, world, ping(60), Ping(later, 39.9, 116.4, 5), now=later) == (1, 1)


def test_another_technician_is_not_located_by_this_visit(db: Calls, world: Doorstep) -> None:
    result = db.write(positions.store, world.other_actor, [ping(10)], NOON)
    assert (result.stored, result.ignored) == (0, 1)


def test_the_feed_hears_at_most_every_five_seconds(db: Calls, world: Doorstep) -> None:
    for second in range(12):
        store(db, world, ping(-second), now=NOON + dt.timedelta(seconds=second))
    told = announcements(db)
    assert len(told) == 3
    assert {change.job_id for change in told} == {world.job.id}
    assert {change.technician_id for change in told} == {world.technician.id}


def test_only_a_phone_reports_positions(db: Calls, world: Doorstep) -> None:
    with pytest.raises(ForbiddenError):
        db.write(positions.store, world.dispatcher, [ping(10)], NOON)


def test_a_replayed_day_runs_by_its_phones_clocks(db: Calls, world: Doorstep) -> None:
    """At sixty times the speed a reading is hours ahead of the wall, or a day behind it."""
    db.write(lambda session: session.execute(sa.update(Organisation).values(is_replay=True)))
    assert store(db, world, ping(10), now=NOON - dt.timedelta(hours=9)) == (1, 0)
    assert store(db, world, ping(5), now=NOON + dt.timedelta(days=3)) == (1, 0)
