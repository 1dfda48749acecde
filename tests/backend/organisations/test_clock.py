"""Which day a region is looked at first: its own zone's, with work there is still time for."""

import datetime as dt
import uuid
from typing import Any

import time_machine
from sqlmodel import Session

from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.organisations.clock import open_days
from backend.organisations.models import Region
from tests.factories.cast import Stage

MONDAY = dt.date(2026, 11, 23)
TUESDAY, WEDNESDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
# Half past six in the evening in Berlin, half past one of the next night in Peking.
NOW = dt.datetime(2026, 11, 23, 17, 30, tzinfo=dt.UTC)


def copied(session: Session, row: Any, **changes: Any) -> Any:  # noqa: ANN401 - as what came in
    made = type(row)(**row.model_dump() | {"id": uuid.uuid4()} | changes)
    session.add(made)
    session.flush()
    return made


def test_each_region_begins_with_its_own_day(on_stage: Stage) -> None:
    world = on_stage.world

    def days(session: Session) -> dict[str, dt.date]:
        first = session.get_one(Job, world.job.id)
        first.status = JobStatus.CLOSED
        peking = session.get_one(Region, world.region.id)
        berlin, idle, late = (
            copied(session, peking, name=name, zone="Europe/Berlin") for name in ("Berlin", "idle", "late")
        )

        def work(region: Region, day: dt.date, hours: int, status: JobStatus = JobStatus.BOOKED) -> None:
            ends = NOW + dt.timedelta(hours=hours)
            copied(
                session, first, version=1, number=uuid.uuid4().hex[:12], region_id=region.id, day=day,
                status=status, technician_id=None, vendor_id=None,
                window_start=ends - dt.timedelta(hours=1), window_end=ends,
            )  # fmt: skip

        work(peking, MONDAY, 3)
        work(peking, TUESDAY, 12)
        work(berlin, MONDAY, 3)
        work(berlin, TUESDAY, 20)
        work(late, MONDAY, 1)
        work(late, WEDNESDAY, 40)
        work(idle, WEDNESDAY, 40, JobStatus.CLOSED)
        found = open_days(session, [peking, berlin, idle, late])
        return {region.name: found[region.id] for region in (berlin, idle, late)} | {
            "peking": found[peking.id]
        }

    with time_machine.travel(NOW, tick=False):
        found = on_stage.calls.write(days)
    assert found == {"peking": TUESDAY, "Berlin": MONDAY, "idle": MONDAY, "late": WEDNESDAY}
