"""What a day is read as, on both databases."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import VisitOutcome
from backend.organisations.models import Organisation, Region
from backend.scheduling import repository
from backend.scheduling.day import RegionDay
from tests.factories.calls import Calls, calls_to
from tests.factories.scheduling import DAY, PlanningDay, at, empty_day, small_day

LONG_BEFORE = at(-30)


@pytest.fixture
def calls(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as opened:
        yield opened


def load(calls: Calls, day: PlanningDay, now: dt.datetime = LONG_BEFORE) -> RegionDay:
    def work(session: Session) -> RegionDay:
        return repository.load_day(session, session.get_one(Region, day.region.id), DAY, now)

    return calls.read(work)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def queries(calls: Calls, day: PlanningDay) -> int:
    def work(session: Session) -> int:
        region = session.get_one(Region, day.region.id)
        with counted(session) as statements:
            repository.load_day(session, region, DAY, LONG_BEFORE)
        return len(statements)

    return calls.read(work)


def test_reading_a_day_takes_as_many_queries_however_large_it_is(calls: Calls) -> None:
    small, large = small_day(jobs=1), small_day(jobs=25)
    for number, job in enumerate(large.jobs[:6]):
        large.visit(job, large.technicians[number % 3], 9 + 1.5 * (number // 3), JobStatus.ASSIGNED)
    for day in (small, large):
        calls.write(day.save)
    assert queries(calls, small) == queries(calls, large) <= 15


def test_a_day_holds_what_may_move_and_what_may_not(calls: Calls) -> None:
    day = small_day(jobs=0)
    wang, li, _ = day.technicians
    booked, accepted, on_the_way, locked, over = (day.job(9 + n) for n in range(5))
    day.job(9, status=JobStatus.CANCELLED)
    day.job(9, day=DAY + dt.timedelta(days=1))
    day.visit(accepted, wang, 9, JobStatus.ACCEPTED)
    day.visit(on_the_way, wang, 11, JobStatus.EN_ROUTE, departed_at=at(10.8))
    day.visit(locked, li, 14, JobStatus.ASSIGNED)
    locked.lock_technician = locked.lock_time = True
    ended = {"departed_at": at(8.5), "arrived_at": at(9), "completed_at": at(10)}
    day.visit(over, li, 9, JobStatus.CLOSED, outcome=VisitOutcome.COMPLETED, **ended)
    calls.write(day.save)

    seen = load(calls, day)

    assert {job.number for job in seen.jobs} == {booked.number, accepted.number}
    fixed = {visit.number: (visit.is_begun, visit.is_open) for visit in seen.fixed}
    assert fixed == {
        on_the_way.number: (True, True),
        locked.number: (False, True),
        over.number: (True, False),
    }
    [moving] = [job for job in seen.jobs if job.number == accepted.number]
    assert moving.current is not None
    assert (moving.current.technician_id, moving.current.start_at) == (wang.id, at(9))


def test_work_for_another_region_keeps_a_technician_busy(calls: Calls) -> None:
    day = small_day(jobs=0)
    elsewhere = Region(
        org_id=day.org.id, name="天津", center_lat=39.1, center_lng=117.2, depot_lat=39.1, depot_lng=117.2
    )
    job = day.job(10, region_id=elsewhere.id)
    day.visit(job, day.technicians[0], 10, JobStatus.ASSIGNED)

    def save(session: Session) -> None:
        session.add(day.org)
        session.flush()
        session.add(elsewhere)
        session.flush()
        day.save(session)

    calls.write(save)

    seen = load(calls, day)

    assert seen.jobs == ()
    [visit] = seen.fixed
    assert (visit.technician_id, visit.job_id, visit.is_begun) == (day.technicians[0].id, None, False)


def test_a_job_of_somebody_who_left_may_move(calls: Calls) -> None:
    day = small_day(jobs=0)
    gone = day.technician("离职", is_active=False)
    job = day.job(10)
    day.visit(job, gone, 10, JobStatus.ACCEPTED)
    calls.write(day.save)

    seen = load(calls, day)

    assert [item.number for item in seen.jobs] == [job.number]
    assert gone.id not in {technician.id for technician in seen.technicians}


@pytest.mark.parametrize(
    ("moments", "end"),
    [
        ({"departed_at": at(9.6)}, at(10) + dt.timedelta(seconds=3_000)),
        ({"departed_at": at(10.5)}, at(10.5) + dt.timedelta(seconds=1_200 + 3_000)),
        ({"departed_at": at(9), "arrived_at": at(9.5)}, at(9.5) + dt.timedelta(seconds=3_000)),
        ({"departed_at": at(9), "arrived_at": at(9.5), "completed_at": at(9.7)}, at(9.7)),
        ({"departed_at": at(-20), "arrived_at": at(-19)}, at(10) + dt.timedelta(seconds=3_000)),
    ],
    ids=["on the way in time", "on the way late", "there early", "done", "recorded on another day"],
)
def test_the_end_of_begun_work_follows_what_has_happened(
    calls: Calls, moments: dict[str, dt.datetime], end: dt.datetime
) -> None:
    day = empty_day()
    wang = day.technician("王建国")
    day.visit(day.job(10), wang, 10, JobStatus.ON_SITE, **moments)
    calls.write(day.save)
    [visit] = load(calls, day).fixed
    assert visit.end_at == end


def test_stock_is_the_sum_of_the_ledger(calls: Calls) -> None:
    day = small_day(jobs=1)
    day.keep_in_warehouse(10)
    day.carry(day.technicians[0], 4)
    calls.write(day.save)

    seen = load(calls, day)

    vans = {technician.name: technician.van for technician in seen.technicians}
    assert vans == {"王建国": {day.part.sku: 4}, "李明": {}, "周强": {}}
    assert seen.warehouse == {day.part.sku: 6}


def test_a_replayed_day_has_come_as_far_as_its_last_event(calls: Calls) -> None:
    day = small_day(jobs=2)
    wang = day.technicians[0]
    calls.write(day.save)
    calls.write(lambda session: setattr(session.get_one(Organisation, day.org.id), "is_replay", True))
    assert load(calls, day, now=at(20)).now == at(0)

    begun = day.visit(day.jobs[0], wang, 9, JobStatus.EN_ROUTE, departed_at=at(8.75))
    calls.write(lambda session: session.add(begun))
    assert load(calls, day, now=at(20)).now == at(8.75)


def test_another_organisations_region_is_not_found(calls: Calls) -> None:
    ours, theirs = small_day(jobs=1), small_day(jobs=1)
    for day in (ours, theirs):
        calls.write(day.save)
    assert calls.read(repository.region, ours.org.id, theirs.region.id) is None
    found = calls.read(repository.region, ours.org.id, ours.region.id)
    assert found is not None


@pytest.mark.parametrize(
    ("outcome", "is_kept_away"),
    [
        (VisitOutcome.DECLINED, True),
        (VisitOutcome.NO_SHOW, True),
        (VisitOutcome.WITHDRAWN, False),
        (VisitOutcome.CUSTOMER_ABSENT, False),
    ],
)
def test_who_refused_a_job_is_known_to_planning(
    calls: Calls, outcome: VisitOutcome, is_kept_away: bool
) -> None:
    day = small_day(jobs=0)
    job = day.job(10)
    day.visit(job, day.technicians[1], 10, JobStatus.BOOKED, outcome=outcome)
    job.technician_id = None
    calls.write(day.save)

    [seen] = load(calls, day).jobs

    assert seen.refused_by == ({day.technicians[1].id} if is_kept_away else frozenset())
