"""What a phone is told of the time and of its day."""

import datetime as dt

import pytest
from sqlmodel import Session, select

from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import DAY, NOON, second_visit


def server_time(phone: Person) -> dt.datetime:
    return dt.datetime.fromisoformat(phone.get("/api/sync/pull").json()["server_time"])


def replay(session: Session) -> None:
    for organisation in session.exec(select(Organisation)):
        organisation.is_replay = True


def happened(session: Session, stage: Stage, departed_at: dt.datetime | None) -> None:
    """The only visit of the day is on its way since `departed_at`; nothing else has happened."""
    visit = session.get_one(Visit, stage.world.visit.id)
    visit.departed_at, visit.arrived_at = departed_at, None


def test_the_time_is_the_walls(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    before = utc_now()
    assert before <= server_time(phone) <= utc_now()


def test_a_replay_tells_the_time_of_its_own_day(on_stage: Stage) -> None:
    on_stage.calls.write(replay)
    on_stage.calls.write(happened, on_stage, NOON)
    phone = on_stage.sign_in("technician")
    assert server_time(phone) == NOON
    region, day = on_stage.world.region.id, DAY.isoformat()
    board = on_stage.sign_in("dispatcher").get(f"/api/board?region_id={region}&day={day}").json()
    assert dt.datetime.fromisoformat(board["now"]) == NOON


def test_a_replay_nobody_has_begun_waits_for_the_first_shift(on_stage: Stage) -> None:
    on_stage.calls.write(replay)
    on_stage.calls.write(happened, on_stage, None)
    reply = on_stage.sign_in("technician").get("/api/sync/pull").json()
    assert dt.datetime.fromisoformat(reply["server_time"]) == on_stage.world.shift().starts_at
    assert reply["me"]["shift"] is not None


@pytest.mark.parametrize("status", [JobStatus.SIGNED, JobStatus.CLOSED])
def test_finished_work_of_a_replayed_day_stays_on_the_phone(on_stage: Stage, status: JobStatus) -> None:
    """However long ago the day was played by the wall's clock."""

    def finish(session: Session) -> None:

        second_visit(on_stage.world, session)
        session.get_one(Job, on_stage.world.job.id).status = status

    on_stage.calls.write(replay)
    on_stage.calls.write(finish)
    ids = on_stage.sign_in("technician").get("/api/sync/pull").json()["ids"]
    assert str(on_stage.world.job.id) in ids


@pytest.mark.parametrize(("ended_days_ago", "is_there"), [(0, True), (2, False)])
def test_work_of_another_day_finished_today_counts_today(
    on_stage: Stage, ended_days_ago: int, is_there: bool
) -> None:
    """An overdue job done today is part of what today earned; what was done earlier is not."""

    def finish(session: Session) -> None:
        job = session.get_one(Job, on_stage.world.job.id)
        job.status, job.day = JobStatus.SIGNED, utc_now().date() - dt.timedelta(days=3)
        visit = session.get_one(Visit, on_stage.world.visit.id)
        visit.completed_at = utc_now() - dt.timedelta(days=ended_days_ago)

    on_stage.calls.write(finish)
    ids = on_stage.sign_in("technician").get("/api/sync/pull").json()["ids"]
    assert (str(on_stage.world.job.id) in ids) is is_there
