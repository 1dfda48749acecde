"""Two hundred customers, twenty slots, two web servers: nobody is promised what somebody else has."""

import asyncio
import contextlib
import random
from collections import Counter as Tally
from itertools import pairwise

import pytest
from sqlmodel import Session, col, select

from backend.booking.asked import Slot
from backend.booking.bookings import Bookings
from backend.booking.models import SlotHold
from backend.booking.service import SlotGoneError
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from tests.backend.booking.conftest import Counter
from tests.factories.at_hand import DeskInThread
from tests.factories.bookable import Town, clock, town

CUSTOMERS, TECHNICIANS = 200, 5
HOURS = (9, 11, 13, 15)
# Two such jobs never fit into one window of the same technician, and four do into the day.
DURATION_S = 2 * 3_600 - 600
pytestmark = pytest.mark.anyio


async def test_two_hundred_race_for_twenty_slots(counter: Counter) -> None:
    made = town(TECHNICIANS, 0, days=1, windows=[[hour, hour + 1] for hour in HOURS])
    made.rules.days = 2
    for _ in range(CUSTOMERS):
        made.job(duration_s=DURATION_S)
    for place in made.cases[::2]:
        place.lat, place.lng = made.region.depot_lat, made.region.depot_lng
    for technician in made.technicians:
        technician.home_lat, technician.home_lng = made.region.depot_lat, made.region.depot_lng
    await counter.open(made)
    servers = [counter.bookings, Bookings(counter.db, DeskInThread())]
    chance = random.Random(7)
    slots = [Slot(clock(hour), clock(hour + 1)) for hour in HOURS]
    wishes = [
        (servers[n % 2], job, chance.sample(slots, 2), chance.random() < 0.5)
        for n, job in enumerate(made.jobs)
    ]
    outcomes = await asyncio.gather(*(_take(made, *wish) for wish in wishes))
    # Whoever gave up while somebody else held the last slot and lost it may come back, whichever it is.
    nearby = [wish for wish, got in list(zip(wishes, outcomes, strict=True))[::2] if not got]
    booked = sum(outcomes)
    for server, job, _, holds_first in nearby:
        if not await _take(made, server, job, slots, holds_first):
            break
        booked += 1
    visits = await counter.db.read(_open_visits)
    jobs = await counter.db.read(lambda session: Tally(job.status for job in session.exec(select(Job))))
    assert booked == len(visits) == TECHNICIANS * len(HOURS)
    assert jobs == {JobStatus.ASSIGNED: booked, JobStatus.QUALIFIED: CUSTOMERS - booked}
    for before, after in pairwise(visits):
        if before.technician_id == after.technician_id:
            assert before.busy_until <= after.busy_from
    assert await counter.db.read(lambda session: session.exec(select(SlotHold)).all()) == []


async def _take(made: Town, server: Bookings, job: Job, wishes: list[Slot], holds_first: bool) -> bool:
    """Try one slot after the other, as a page that shows them all lets one do; whether one was got."""
    customer = made.customer_of(job)
    for wanted in wishes:
        # The offers of three weeks ahead are no part of the race, so nobody asks for them here.
        with contextlib.suppress(SlotGoneError):
            if holds_first:
                await server.hold(customer, wanted)
            await server.book(customer, wanted)
            return True
    return False


def _open_visits(session: Session) -> list[Visit]:
    query = select(Visit).where(col(Visit.outcome).is_(None))
    return list(session.exec(query.order_by(col(Visit.technician_id), col(Visit.busy_from))))
