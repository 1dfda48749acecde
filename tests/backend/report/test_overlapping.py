"""Reports that come while something else is under way at another server."""

import uuid

import pytest
from sqlmodel import Session, func, select

from backend.assets.models import ServiceSpec
from backend.auth.actor import system_actor
from backend.cases.models import Channel
from backend.geocoding.locate import Location, Source
from backend.jobs import service as jobs
from backend.jobs.field_versions import Side
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.report import service
from backend.report.models import CaseReport
from backend.report.service import Report
from tests.factories.calls import calls_to
from tests.factories.doorstep import Doorstep, doorstep, save
from tests.factories.overlapping import overlap


@pytest.fixture
def world(database_url: str) -> Doorstep:
    made = doorstep(JobStatus.BOOKED)

    def build(session: Session) -> None:
        save(session, made)
        session.add(
            ServiceSpec(
                org_id=made.org.id, category=made.product.category, job_type=made.job.type,
                duration_s=3_600, skill="heater",
            )
        )  # fmt: skip

    with calls_to(database_url) as calls:
        calls.write(build)
    return made


def report(world: Doorstep, phone: str) -> Report:
    return Report(
        key=uuid.uuid4(), channel=Channel.WEB, product=world.product, type=world.job.type, name="孙小姐",
        phone=phone, address=world.place.address, location=Location(None, Source.MISSING),
    )  # fmt: skip


def take(world: Doorstep, sent: Report, session: Session) -> tuple[uuid.UUID, uuid.UUID, bool]:
    row, job = service.take(session, system_actor(world.org.id), sent)
    return row.id, job.id, row.is_joined


def test_the_same_report_sent_twice_at_once_is_one_and_has_one_answer(
    database_url: str, world: Doorstep
) -> None:
    sent, answers = report(world, "+8615412345678"), []
    second = overlap(
        database_url,
        lambda session: answers.append(take(world, sent, session)),
        lambda session: take(world, sent, session),
    )
    assert [second] == answers
    with calls_to(database_url) as calls:
        count = calls.read(lambda session: session.exec(select(func.count()).select_from(CaseReport)).one())
    assert count == 1


def test_a_report_waits_for_whoever_acts_on_the_job_it_is_about(database_url: str, world: Doorstep) -> None:
    """And they do not wait for it, although each of their rows names the organisation."""
    office, job_id = world.dispatcher, world.job.id

    def begin(session: Session) -> None:
        jobs.get_for_change(session, office, job_id)

    def cancel(session: Session) -> None:
        jobs.lock(session, office, session.get_one(Job, job_id), technician=False, time=False)
        jobs.edit(session, office, session.get_one(Job, job_id), {"note": "x"}, Side.OFFICE, 1)

    _, joined, is_joined = overlap(
        database_url, begin, lambda session: take(world, report(world, world.customer.phone), session), cancel
    )
    assert (joined, is_joined) == (job_id, True)
