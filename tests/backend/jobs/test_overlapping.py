"""Two servers at work on the same jobs, one transaction begun before the other has ended."""

import uuid

import pytest
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.cases.models import Case, CaseStatus
from backend.jobs import many, repository, schemas, service
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from tests.factories.calls import calls_to
from tests.factories.doorstep import Doorstep, doorstep, save, second_visit
from tests.factories.overlapping import overlap


@pytest.fixture
def two_jobs(database_url: str) -> tuple[Doorstep, list[uuid.UUID]]:
    """A world whose case has two signed jobs, in the order of their ids."""
    world = doorstep(JobStatus.SIGNED)

    def build(session: Session) -> list[uuid.UUID]:
        save(session, world)
        later, _visit = second_visit(world, session)
        later.status = JobStatus.SIGNED
        return sorted((world.job.id, later.id))

    with calls_to(database_url) as calls:
        return world, calls.write(build)


def close(actor: Actor, job_id: uuid.UUID, session: Session) -> None:
    service.close(session, actor, service.get_for_change(session, actor, job_id))


def test_a_case_is_closed_with_its_last_job_also_when_two_end_at_once(
    database_url: str, two_jobs: tuple[Doorstep, list[uuid.UUID]]
) -> None:
    world, (one, other) = two_jobs
    office = world.dispatcher
    overlap(
        database_url,
        lambda session: close(office, one, session),
        lambda session: close(office, other, session),
    )
    with calls_to(database_url) as calls:
        case = calls.read(lambda session: session.get_one(Case, world.case.id))
    assert case.status is CaseStatus.CLOSED


def test_many_jobs_are_taken_up_in_one_order_whatever_the_order_asked(
    database_url: str, two_jobs: tuple[Doorstep, list[uuid.UUID]]
) -> None:
    """Else two who act on the same jobs wait for each other until the database ends one of them."""
    world, (one, other) = two_jobs
    office = world.dispatcher

    def acting(session: Session) -> schemas.ManyRead:
        versions = {job_id: session.get_one(Job, job_id).version for job_id in (one, other)}
        steps = [schemas.Step("lock", {"technician": False, "time": False})]
        wanted = [schemas.JobSteps(job_id, versions[job_id], steps) for job_id in (other, one)]
        session.expire_all()
        return many.act(session, office, schemas.ManyRequest(wanted))

    answer = overlap(
        database_url,
        lambda session: repository.lock_jobs(session, world.org.id, [one]),
        acting,
        lambda session: repository.lock_jobs(session, world.org.id, [other]),
    )
    assert {each.job_id for each in answer.done} == {one, other}
