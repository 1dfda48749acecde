"""Hours that end while work is given into them: whoever is second knows of the first, on either database."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.booking.bookings import Bookings
from backend.errors import RejectedError
from backend.jobs import assignment
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Visit
from backend.live import absences
from backend.organisations.models import Region
from backend.scheduling import plans, repository, runs, service, snapshot
from backend.scheduling.models import Plan
from backend.scheduling.result import PlannedVisit, PlanResult
from backend.scheduling.service import PlanStaleError
from backend.technicians import shifts
from backend.technicians.hours import Hours
from tests.factories.at_hand import DeskInThread
from tests.factories.bookable import slot, tomorrow, town
from tests.factories.calls import Calls, calls_to
from tests.factories.scheduling import DAY, PlanningDay, at, empty_day

AS_IT_IS = Hours("08:30", "18:00", "11:30", "13:30", 45)
SHORTER = Hours("08:30", "14:00", "11:30", "13:30", 45)
BLOCKED = sa.text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


class TwoServers:
    """One in the middle of a write while the other begins one."""

    def __init__(self, one: Calls, other: Calls, pool: ThreadPoolExecutor, day: PlanningDay) -> None:
        self.one, self.other, self.day = one, other, day
        self._pool = pool
        self.answer: Future[Any] | None = None

    def meanwhile(self, session: Session, work: Callable[..., Any], *args: Any) -> None:
        """Let the other write until it has ended or waits for `session`; with one writer it always waits."""
        self.answer = self._pool.submit(self.other.write, work, self.day.dispatcher, *args)
        if self.one.database.is_sqlite:
            return
        while not session.scalar(BLOCKED):
            if wait([self.answer], 0.01).done:
                return

    def answered(self) -> Any:  # noqa: ANN401 - whatever the other's write returns
        assert self.answer is not None
        return self.answer.result(30)

    def visits(self) -> list[float]:
        """At which hours somebody is expected."""
        query = select(Visit.busy_from).where(col(Visit.outcome).is_(None)).order_by(col(Visit.busy_from))
        found = self.one.read(lambda session: session.exec(query).all())
        return [(each - at(0)).total_seconds() / 3600 for each in found]


@pytest.fixture
def servers(database_url: str) -> Iterator[TwoServers]:
    day = empty_day()
    day.visit(day.job(9), day.technician("王建国"), 9, JobStatus.ACCEPTED)
    with calls_to(database_url) as one, calls_to(database_url) as other, ThreadPoolExecutor(1) as pool:
        one.write(day.save)
        yield TwoServers(one, other, pool, day)


def draft(session: Session, day: PlanningDay) -> Plan:
    """The job at four in the afternoon."""
    run = runs.request_run(session, day.dispatcher, runs.Wish(day.region.id, DAY, 1), lambda *_: None)
    planned = PlannedVisit(day.jobs[0].id, day.technicians[0].id, 0, at(16), at(16), at(17), 0, 0)
    known = repository.load_day(session, session.get_one(Region, day.region.id), DAY, at(0))
    return plans.store_draft(session, run, PlanResult((planned,), (), {}, {}), snapshot.take(known))


def test_hours_cannot_end_before_a_visit_that_is_moved_at_that_moment(servers: TwoServers) -> None:
    day = servers.day

    def move(session: Session) -> None:
        job = jobs.get_for_change(session, day.dispatcher, day.jobs[0].id)
        jobs.assign(session, day.dispatcher, job, day.technicians[0].id, at(16))
        servers.meanwhile(session, shifts.set_hours, day.technicians[0].id, DAY, SHORTER, AS_IT_IS)

    servers.one.write(move)
    with pytest.raises(RejectedError) as refused:
        servers.answered()
    assert (refused.value.code, refused.value.extra) == ("visits_in_shift", {"numbers": ["J1"]})
    assert servers.visits() == [16]


def test_hours_cannot_end_before_a_visit_that_is_published_at_that_moment(
    servers: TwoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, plan = servers.day, servers.one.write(draft, servers.day)
    apply = assignment.apply_assignments

    def late(session: Session, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as it is called
        servers.meanwhile(session, shifts.set_hours, day.technicians[0].id, DAY, SHORTER, AS_IT_IS)
        return apply(session, *args, **kwargs)

    monkeypatch.setattr(assignment, "apply_assignments", late)
    servers.one.write(service.publish, day.dispatcher, plan.id)
    with pytest.raises(RejectedError, match="Visits lie in these hours"):
        servers.answered()
    assert servers.visits() == [16]


def test_who_falls_ill_as_a_plan_is_published_is_counted_with_its_visits(
    servers: TwoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, plan = servers.day, servers.one.write(draft, servers.day)
    apply = assignment.apply_assignments

    def late(session: Session, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as it is called
        servers.meanwhile(session, absences.note, day.technicians[0].id, DAY, at(12))
        return apply(session, *args, **kwargs)

    monkeypatch.setattr(assignment, "apply_assignments", late)
    servers.one.write(service.publish, day.dispatcher, plan.id)
    assert servers.answered() == 1


def test_a_plan_that_is_published_as_hours_end_is_out_of_date(servers: TwoServers) -> None:
    day, plan = servers.day, servers.one.write(draft, servers.day)

    def shorten(session: Session) -> None:
        shifts.set_hours(session, day.dispatcher, day.technicians[0].id, DAY, SHORTER, AS_IT_IS)
        servers.meanwhile(session, service.publish, plan.id)

    servers.one.write(shorten)
    with pytest.raises(PlanStaleError) as refused:
        servers.answered()
    assert [change["what"] for change in refused.value.extra["changes"]] == ["duty"]
    assert servers.visits() == [9]


def test_hours_cannot_end_before_a_visit_that_is_booked_at_that_moment(
    servers: TwoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = town(1, 1, days=1)
    servers.one.write(made.save)
    servers.day.org = made.org
    book = jobs.book

    def late(session: Session, *args: Any) -> None:
        hours = Hours("09:00", "14:00"), Hours("09:00", "18:00")
        servers.meanwhile(session, shifts.set_hours, made.technicians[0].id, tomorrow(), *hours)
        book(session, *args)

    async def give_away() -> None:
        bookings = Bookings(servers.one.database, DeskInThread())
        await bookings.book(made.customer_of(made.jobs[0]), slot(15))
        await bookings.close()

    monkeypatch.setattr(jobs, "book", late)
    servers.one.run(give_away)
    with pytest.raises(RejectedError, match="Visits lie in these hours"):
        servers.answered()
