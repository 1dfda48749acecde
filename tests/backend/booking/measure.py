"""How quickly free times are shown: `python -m tests.backend.booking.measure`.

A region with 1,000 planned visits over a week and 40 technicians, on SQLite in a temporary folder. Every look
is of another customer; between looks another booking changes one of the days, as on a busy evening.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlmodel import Session

from backend.booking.asked import Slot
from backend.booking.bookings import Bookings
from backend.booking.desk import DeskProcess
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from tests.factories.bookable import Town, clock, town

VISITS, DAYS, TECHNICIANS, LOOKS = 1_000, 7, 40, 60
HOURS = (9, 11, 13, 15)


def planned_town() -> tuple[Town, list[Visit]]:
    """Four visits a day for each technician at most, one in each window."""
    made, visits = town(TECHNICIANS, 0, days=DAYS), []
    made.rules.days = DAYS + 1
    seats = [(day, who, hour) for day in range(DAYS) for who in made.technicians for hour in HOURS]
    for offset, who, hour in random.Random(3).sample(seats, VISITS):
        day = made.shifts[offset].day
        job = made.job(
            status=JobStatus.ASSIGNED,
            technician_id=who.id,
            day=day,
            window_start=clock(hour, day),
            window_end=clock(hour + 2, day),
        )
        begins, ends = clock(hour + 0.4, day), clock(hour + 0.4 + job.duration_s / 3_600, day)
        visits.append(
            Visit(
                org_id=made.org.id, job_id=job.id, technician_id=who.id, arrive_at=begins, busy_from=begins,
                busy_until=ends, travel_s=600, travel_m=4_000,
            )
        )  # fmt: skip
    for _ in range(2 * LOOKS):
        made.job()
    return made, visits


async def measure(folder: Path) -> dict[str, float]:
    url = f"sqlite:///{folder / 'measure.db'}"
    upgrade(url)
    made, visits = planned_town()

    def save(session: Session) -> None:
        made.save(session)
        session.add_all(visits)

    db = Database(url)
    await db.write(save)
    bookings = Bookings(db, DeskProcess())
    undecided = [job for job in made.jobs if job.status is JobStatus.QUALIFIED]
    cold_s = await _look(bookings, made, undecided[0])
    looks: list[float] = []
    bookings_s: list[float] = []
    for one, other in zip(undecided[1:LOOKS], undecided[LOOKS:], strict=False):
        choice = await bookings.choice(made.customer_of(other))
        wanted: Slot = random.Random(str(other.number)).choice(choice.offers).slot
        began = time.perf_counter()
        await bookings.hold(made.customer_of(other), wanted)
        await bookings.book(made.customer_of(other), wanted)
        bookings_s.append(time.perf_counter() - began)
        looks.append(await _look(bookings, made, one))
    await bookings.close()
    await db.close()
    return {
        "first look, everything to be compiled and worked out (s)": cold_s,
        "look p50 (ms)": 1_000 * statistics.median(looks),
        "look p95 (ms)": 1_000 * statistics.quantiles(looks, n=20)[18],
        "hold and confirm p50 (ms)": 1_000 * statistics.median(bookings_s),
        "hold and confirm p95 (ms)": 1_000 * statistics.quantiles(bookings_s, n=20)[18],
    }


async def _look(bookings: Bookings, made: Town, job: Job) -> float:
    began = time.perf_counter()
    choice = await bookings.choice(made.customer_of(job))
    took = time.perf_counter() - began
    if not choice.offers:
        raise SystemExit("the town has no free time left; nothing was measured")
    return took


def main() -> int:
    """Print the figures; 1 when a look takes longer than promised."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder)))
    for name, value in found.items():
        print(f"{value:10.1f}  {name}")
    return int(found["look p95 (ms)"] > 300)


if __name__ == "__main__":
    sys.exit(main())
