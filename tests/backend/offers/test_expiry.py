"""An offer nobody answers in time ends once, by the organisation's clock, and everybody is told."""

import asyncio
import datetime as dt
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from backend.audit.models import Change
from backend.background.embedded import EmbeddedBackground
from backend.db.session import Database
from backend.db.types import utc_now
from backend.jobs import service as jobs
from backend.jobs.lifecycle import Action, JobStatus
from backend.jobs.models import Job, JobEvent, Visit, VisitOutcome
from backend.offers import expiry
from backend.organisations.models import Organisation
from backend.settings import Settings
from tests.factories.calls import Calls, calls_to
from tests.factories.scheduling import PlanningDay, at, empty_day

MINUTES = 30


@pytest.fixture
def db(database_url: str) -> Iterator[Calls]:
    with calls_to(database_url) as calls:
        yield calls


@pytest.fixture
def day(db: Calls) -> PlanningDay:
    """One job just offered to one technician, in an organisation whose offers expire."""
    made = empty_day()
    made.org.offer_minutes = MINUTES
    made.technician("王建国")
    made.job(10)
    db.write(made.save)
    db.write(offer, made)
    return made


def offer(session: Session, day: PlanningDay) -> None:
    job = session.get_one(Job, day.jobs[0].id)
    jobs.assign(session, day.dispatcher, job, day.technicians[0].id, at(10))


def visit_of(session: Session, day: PlanningDay) -> Visit:
    return session.exec(select(Visit).where(Visit.job_id == day.jobs[0].id)).one()


def job_of(session: Session, day: PlanningDay) -> Job:
    return session.get_one(Job, day.jobs[0].id)


def make_due(session: Session, day: PlanningDay) -> None:
    visit_of(session, day).offer_expires_at = utc_now() - dt.timedelta(seconds=1)


def events(session: Session) -> list[tuple[str, str, str]]:
    query = select(JobEvent).order_by("seq")
    return [(event.action, event.actor_kind, event.actor_name) for event in session.exec(query)]


def test_an_offer_stands_as_long_as_the_organisation_says(db: Calls, day: PlanningDay) -> None:
    expires_at = db.read(visit_of, day).offer_expires_at
    assert expires_at is not None
    assert abs(expires_at - utc_now() - dt.timedelta(minutes=MINUTES)) < dt.timedelta(minutes=1)
    assert db.read(expiry.due) == []
    assert not db.write(expiry.end_one, day.jobs[0].id)


def test_offers_of_an_organisation_without_a_rule_never_expire(db: Calls) -> None:
    made = empty_day()
    made.technician("王建国")
    made.job(10)
    db.write(made.save)
    db.write(offer, made)
    assert db.read(visit_of, made).offer_expires_at is None
    assert db.read(expiry.due) == []


def test_an_offer_that_has_run_out_frees_the_slot_and_says_so(db: Calls, day: PlanningDay) -> None:
    db.write(make_due, day)
    assert db.read(expiry.due) == [day.jobs[0].id]
    assert db.write(expiry.end_one, day.jobs[0].id)

    job, visit = db.read(job_of, day), db.read(visit_of, day)
    assert (job.status, job.technician_id, visit.outcome) == (JobStatus.DECLINED, None, VisitOutcome.EXPIRED)
    assert db.read(events)[-1] == ("expire", "system", expiry.SYSTEM)

    def told(session: Session) -> list[tuple[str, bool]]:
        """Kind and whether the technician who had it is told, newest last."""
        query = select(Change).where(Change.entity == "job").order_by("seq")
        return [(row.kind, row.technician_id == day.technicians[0].id) for row in session.exec(query)]

    assert db.read(told)[-2:] == [("updated", False), ("removed", True)]
    assert not db.write(expiry.end_one, job.id)  # once


def test_an_accepted_offer_no_longer_runs_out(db: Calls, day: PlanningDay) -> None:
    def accept(session: Session) -> None:
        technician = day.technician_actor(day.technicians[0])
        job, visit = job_of(session, day), visit_of(session, day)
        jobs.advance(session, technician, job, visit, Action.ACCEPT)

    db.write(make_due, day)
    db.write(accept)
    assert db.read(expiry.due) == []
    assert not db.write(expiry.end_one, day.jobs[0].id)


def test_a_replays_offers_run_by_its_own_clock(db: Calls) -> None:
    made = empty_day()
    made.org.offer_minutes, made.org.is_replay = MINUTES, True
    wang, li = made.technician("王建国"), made.technician("李明")
    made.job(10)
    under_way = made.visit(made.job(9), li, 9, JobStatus.EN_ROUTE, departed_at=at(8.5))
    db.write(made.save)
    db.write(offer, made)
    assert db.read(visit_of, made).offer_expires_at == at(9)
    assert db.read(expiry.due) == []

    def go_on(session: Session) -> None:
        session.get_one(Visit, under_way.id).arrived_at = at(9)

    db.write(go_on)
    assert db.read(expiry.due) == [made.jobs[0].id]
    assert db.write(expiry.end_one, made.jobs[0].id)
    event = db.read(lambda session: session.exec(select(JobEvent).order_by("seq")).all())[-1]
    assert (event.action, event.device_at) == ("expire", at(9))
    assert wang.id == db.read(visit_of, made).technician_id


def test_two_servers_end_each_offer_once(db: Calls, database_url: str) -> None:
    made = empty_day()
    made.org.offer_minutes = MINUTES
    for number in range(8):
        made.technician(f"师傅 {number}")
        made.job(10)
    db.write(made.save)

    def offer_all(session: Session) -> None:
        for job, technician in zip(made.jobs, made.technicians, strict=True):
            row = session.get_one(Job, job.id)
            visit = jobs.assign(session, made.dispatcher, row, technician.id, at(10))
            visit.offer_expires_at = utc_now() - dt.timedelta(seconds=1)

    db.write(offer_all)

    async def both() -> list[int]:
        url = Settings(database_url=database_url).resolved_database_url
        servers = [Database(url) for _ in range(2)]
        try:
            return await asyncio.gather(*(expiry.end_due(server) for server in servers))
        finally:
            for server in servers:
                await server.close()

    assert sum(asyncio.run(both())) == len(made.jobs)
    assert [event for event in db.read(events) if event[0] == "expire"] == [
        ("expire", "system", expiry.SYSTEM)
    ] * len(made.jobs)


def test_a_server_looks_by_itself(db: Calls, day: PlanningDay, database_url: str) -> None:
    db.write(make_due, day)

    async def serve() -> None:
        server = Database(Settings(database_url=database_url).resolved_database_url)
        committed = asyncio.Event()
        server.on_commit.append(committed.set)
        background = EmbeddedBackground(server)
        await background.start()
        try:
            await asyncio.wait_for(committed.wait(), 10)
        finally:
            await background.close()
            await server.close()

    asyncio.run(serve())
    assert db.read(job_of, day).status is JobStatus.DECLINED
    assert db.read(lambda session: session.exec(select(Organisation.offer_minutes)).one()) == MINUTES
