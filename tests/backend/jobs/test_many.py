"""Several jobs at once: each wholly or not at all, and the refused ones named."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, JobEvent, Visit
from tests.factories.cast import Stage, cast, stage
from tests.factories.doorstep import second_visit


@pytest.fixture
def assigned(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Our technician has two jobs, three hours apart, and has not set out for either."""
    with stage(database_url, tmp_path, cast(JobStatus.ASSIGNED)) as opened:
        yield opened


def second(on_stage: Stage) -> uuid.UUID:
    def build(session: Session) -> uuid.UUID:
        job, _visit = second_visit(on_stage.world, session)
        job.status = JobStatus.ASSIGNED
        return job.id

    return on_stage.calls.write(build)


def found(on_stage: Stage, job_id: uuid.UUID) -> tuple[str, uuid.UUID | None, dt.datetime | None, int]:
    """Status, technician, planned start and number of events of a job."""

    def look(session: Session) -> tuple[str, uuid.UUID | None, dt.datetime | None, int]:
        job = session.get_one(Job, job_id)
        visit = session.exec(
            select(Visit).where(Visit.job_id == job_id, col(Visit.outcome).is_(None))
        ).first()
        events = session.exec(select(JobEvent).where(JobEvent.job_id == job_id)).all()
        return job.status, job.technician_id, visit.busy_from if visit else None, len(events)

    return on_stage.calls.read(look)


def version(on_stage: Stage, job_id: uuid.UUID) -> int:
    return on_stage.calls.read(lambda session: session.get_one(Job, job_id).version)


def item(
    on_stage: Stage, job_id: uuid.UUID, *steps: tuple[str, dict[str, Any]], **extra: Any
) -> dict[str, Any]:
    return {
        "job_id": str(job_id),
        "version": version(on_stage, job_id),
        "steps": [{"action": action, "data": data} for action, data in steps],
        **extra,
    }


def ask(on_stage: Stage, *jobs: dict[str, Any], is_rehearsal: bool = False) -> dict[str, Any]:
    body = {"jobs": list(jobs), "is_rehearsal": is_rehearsal}
    reply = on_stage.sign_in("dispatcher").post("/api/jobs/many", body)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def refusals(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["number"], row["code"]) for row in answer["refused"]]


def to(technician_id: uuid.UUID, start: dt.datetime) -> tuple[str, dict[str, Any]]:
    return "assign", {"technician_id": str(technician_id), "start": start.isoformat()}


def test_what_can_be_done_is_done_and_what_cannot_is_named(assigned: Stage) -> None:
    """A stale version and another organisation's job are refused alone; the other job changes hands."""
    world, theirs = assigned.world, assigned.cast.theirs
    later = second(assigned)
    start = world.visit.busy_from
    answer = ask(
        assigned,
        item(assigned, world.job.id, to(world.other_technician.id, start)),
        item(assigned, later, ("unassign", {}), version=99),
        item(assigned, theirs.job.id, ("unassign", {})),
    )
    assert [row["job_id"] for row in answer["done"]] == [str(world.job.id)]
    assert answer["done"][0]["version"] == version(assigned, world.job.id)
    assert refusals(answer) == [("J2", "stale"), ("", "not_found")]
    assert found(assigned, world.job.id)[:3] == ("assigned", world.other_technician.id, start)
    assert found(assigned, later)[:2] == ("assigned", world.technician.id)
    assert found(assigned, theirs.job.id)[:2] == ("assigned", theirs.technician.id)


def test_a_rehearsal_tells_the_same_and_changes_nothing(assigned: Stage) -> None:
    """The second job goes where the first was; alone it would overlap, which a rehearsal tells too."""
    world, later = assigned.world, second(assigned)
    ours, start = world.job.id, world.visit.busy_from
    chain = [
        item(assigned, later, to(world.technician.id, start)),
        item(assigned, ours, to(world.technician.id, start + dt.timedelta(hours=5))),
    ]
    before = [found(assigned, job_id) for job_id in (ours, later)]
    assert refusals(ask(assigned, chain[0], is_rehearsal=True)) == [("J2", "double_booked")]
    told = ask(assigned, *chain, is_rehearsal=True)
    assert [found(assigned, job_id) for job_id in (ours, later)] == before
    assert ask(assigned, *chain) == told
    assert (found(assigned, later)[2], found(assigned, ours)[2]) == (start, start + dt.timedelta(hours=5))


def test_the_steps_of_one_job_are_taken_together(assigned: Stage) -> None:
    """To another day it is taken back, booked and given anew; a window that cannot be leaves it as it was."""
    world = assigned.world
    job_id, tomorrow = world.job.id, world.visit.busy_from + dt.timedelta(days=1)
    window = {
        "window_start": tomorrow.isoformat(),
        "window_end": (tomorrow + dt.timedelta(hours=2)).isoformat(),
    }
    backwards = {"window_start": window["window_end"], "window_end": window["window_start"]}
    before = found(assigned, job_id)
    refused = ask(assigned, item(assigned, job_id, ("unassign", {}), ("book", backwards)))
    assert refusals(refused) == [("J1", "bad_window")]
    assert found(assigned, job_id) == before

    again = to(world.technician.id, tomorrow)
    assert refusals(ask(assigned, item(assigned, job_id, ("unassign", {}), ("book", window), again))) == []
    assert found(assigned, job_id)[:3] == ("assigned", world.technician.id, tomorrow)
    assert (
        ask(assigned, item(assigned, job_id, ("lock", {"technician": True, "time": False})))["refused"] == []
    )
    twice = item(assigned, job_id, ("lock", {"technician": 1}))
    assert refusals(ask(assigned, twice)) == [("J1", "bad_input")]
    body = {"jobs": [twice, twice]}
    assert assigned.sign_in("dispatcher").post("/api/jobs/many", body).json()["code"] == "listed_twice"
