"""Who is given a job says yes to it: once, and again when it is moved by more than a little."""

import datetime as dt

import pytest
from sqlmodel import Session

from backend.errors import NotFoundError
from backend.jobs import assignment, repository
from backend.jobs.assignment import ACCEPTED_SHIFT, Assignment
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from tests.factories.calls import Calls
from tests.factories.doorstep import Doorstep, doorstep, save

MINUTE = dt.timedelta(minutes=1)


def given(db: Calls, status: JobStatus) -> Doorstep:
    world = doorstep(status)
    db.write(save, world)
    return world


def later(world: Doorstep, by: dt.timedelta) -> Assignment:
    visit = world.visit
    times = (visit.arrive_at + by, visit.busy_from + by, visit.busy_until + by)
    return Assignment(world.job.id, visit.technician_id, *times)


def moved(db: Calls, world: Doorstep, by: dt.timedelta) -> tuple[Job, Visit]:
    """The job and its visit after a plan has moved it."""

    def move(session: Session) -> tuple[Job, Visit]:
        assignment.apply_assignments(session, world.dispatcher, [later(world, by)], plan_id=None)
        return session.get_one(Job, world.job.id), session.get_one(Visit, world.visit.id)

    return db.write(move)


@pytest.mark.parametrize("by", [ACCEPTED_SHIFT, -ACCEPTED_SHIFT])
def test_a_small_shift_of_what_was_accepted_needs_no_second_yes(db: Calls, by: dt.timedelta) -> None:
    world = given(db, JobStatus.ACCEPTED)
    job, visit = moved(db, world, by)
    assert (job.status, visit.arrive_at) == (JobStatus.ACCEPTED, world.visit.arrive_at + by)
    assert visit.accepted_at == world.visit.accepted_at is not None


@pytest.mark.parametrize("by", [ACCEPTED_SHIFT + MINUTE, -ACCEPTED_SHIFT - MINUTE])
def test_a_larger_one_is_asked_about_again(db: Calls, by: dt.timedelta) -> None:
    world = given(db, JobStatus.ACCEPTED)
    job, visit = moved(db, world, by)
    assert (job.status, visit.accepted_at) == (JobStatus.ASSIGNED, None)


def test_what_was_not_accepted_yet_is_asked_about_however_little_it_moves(db: Calls) -> None:
    world = given(db, JobStatus.ASSIGNED)
    job, visit = moved(db, world, MINUTE)
    assert (job.status, visit.accepted_at) == (JobStatus.ASSIGNED, None)
    history = db.read(repository.history, job.id)
    assert [event.action for event in history] == ["assign"]


@pytest.mark.parametrize("status", [JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DONE])
def test_who_is_on_the_way_or_there_is_moved_by_no_plan(db: Calls, status: JobStatus) -> None:
    world = given(db, status)
    job, visit = moved(db, world, 2 * ACCEPTED_SHIFT)
    assert (job.status, visit.arrive_at) == (status, world.visit.arrive_at)


def test_who_has_left_is_given_nothing(db: Calls) -> None:
    world = doorstep(JobStatus.ASSIGNED)
    world.other_technician.is_active = False
    db.write(save, world)
    begins, ends = world.visit.arrive_at, world.visit.busy_until
    wanted = Assignment(world.job.id, world.other_technician.id, begins, begins, ends)

    def assign(session: Session) -> Visit:
        return assignment.assign(session, world.dispatcher, session.get_one(Job, world.job.id), wanted)

    with pytest.raises(NotFoundError):
        db.write(assign)
