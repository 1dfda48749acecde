"""The database itself keeps a technician from being in two places at once."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from backend.jobs.assignment import Assignment, apply_assignments
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from tests.factories.calls import Calls, calls_to
from tests.factories.doorstep import NOON, Doorstep, doorstep, save

HOUR = dt.timedelta(hours=1)


def booked_world(calls: Calls, jobs: int) -> tuple[Doorstep, list[uuid.UUID]]:
    """A world with `jobs` booked jobs that nobody has yet."""
    world = doorstep()
    ids: list[uuid.UUID] = []

    def build(session: Session) -> None:
        save(session, world)
        world.visit.outcome = VisitOutcome.WITHDRAWN
        for number in range(jobs):
            job = Job(**{**world.job.model_dump(), "id": uuid.uuid4(), "number": f"B{number}", "version": 1})
            job.status, job.technician_id = JobStatus.BOOKED, None
            session.add(job)
            ids.append(job.id)

    calls.write(build)
    return world, ids


def at(job_id: uuid.UUID, technician_id: uuid.UUID, start: dt.datetime) -> Assignment:
    return Assignment(job_id, technician_id, start, start, start + HOUR)


def plan(calls: Calls, world: Doorstep, assignments: list[Assignment]) -> None:
    calls.write(apply_assignments, world.dispatcher, assignments, plan_id=None)


def calendar(calls: Calls) -> list[tuple[uuid.UUID, uuid.UUID, dt.datetime]]:
    def load(session: Session) -> list[tuple[uuid.UUID, uuid.UUID, dt.datetime]]:
        visits = session.exec(select(Visit).where(Visit.outcome == None))  # noqa: E711 - SQL's IS NULL
        return sorted((v.job_id, v.technician_id, v.busy_from) for v in visits)

    return calls.read(load)


def test_two_visits_of_one_technician_cannot_overlap(database_url: str) -> None:
    with calls_to(database_url) as calls:
        world, (one, two) = booked_world(calls, 2)
        technician = world.technician.id
        plan(calls, world, [at(one, technician, NOON)])
        with pytest.raises(IntegrityError, match="visit_no_overlap"):
            plan(calls, world, [at(two, technician, NOON + HOUR / 2)])
        assert calendar(calls) == [(one, technician, NOON)]


def test_visits_that_touch_or_belong_to_others_are_fine(database_url: str) -> None:
    with calls_to(database_url) as calls:
        world, (one, two, three) = booked_world(calls, 3)
        technician, other = world.technician.id, world.other_technician.id
        wanted = [at(one, technician, NOON), at(two, technician, NOON + HOUR), at(three, other, NOON)]
        plan(calls, world, wanted)
        assert len(calendar(calls)) == 3


def test_a_plan_may_swap_times_and_hands_in_one_go(database_url: str) -> None:
    with calls_to(database_url) as calls:
        world, (one, two, three) = booked_world(calls, 3)
        technician, other = world.technician.id, world.other_technician.id
        plan(
            calls,
            world,
            [at(one, technician, NOON), at(two, technician, NOON + HOUR), at(three, other, NOON)],
        )
        swapped = [at(two, technician, NOON), at(three, technician, NOON + HOUR), at(one, other, NOON)]
        plan(calls, world, swapped)
        assert calendar(calls) == sorted((a.job_id, a.technician_id, a.start_at) for a in swapped)


def test_a_plan_that_double_books_changes_nothing(database_url: str) -> None:
    with calls_to(database_url) as calls:
        world, (one, two) = booked_world(calls, 2)
        technician = world.technician.id
        plan(calls, world, [at(one, technician, NOON)])
        before = calendar(calls)
        with pytest.raises(IntegrityError):
            plan(calls, world, [at(one, technician, NOON + 4 * HOUR), at(two, technician, NOON + 4 * HOUR)])
        assert calendar(calls) == before
        statuses = calls.read(lambda session: {j.id: j.status for j in session.exec(select(Job))})
        assert (statuses[one], statuses[two]) == (JobStatus.ASSIGNED, JobStatus.BOOKED)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), hands=st.lists(st.booleans(), min_size=5, max_size=5))
def test_any_rearrangement_without_clashes_is_accepted(
    database_url: str, order: list[int], hands: list[bool]
) -> None:
    with calls_to(database_url) as calls:
        world, ids = booked_world(calls, 5)
        people = (world.technician.id, world.other_technician.id)
        plan(calls, world, [at(job, people[0], NOON + n * HOUR) for n, job in enumerate(ids)])
        wanted = [
            at(job, people[hand], NOON + slot * HOUR)
            for job, slot, hand in zip(ids, order, hands, strict=True)
        ]
        plan(calls, world, wanted)
        found = {(j, t, s) for j, t, s in calendar(calls) if j in ids}
        assert found == {(a.job_id, a.technician_id, a.start_at) for a in wanted}
