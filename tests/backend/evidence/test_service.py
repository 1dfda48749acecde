"""Answers and photos: the latest by the phone's clock wins, and everything counts once."""

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session

from backend.errors import RejectedError
from backend.evidence import service
from backend.evidence.models import Blob
from backend.jobs.lifecycle import JobStatus, TransitionRefusedError
from backend.jobs.models import Job
from tests.factories.calls import Calls
from tests.factories.doorstep import NOON, Doorstep, doorstep, save, second_visit

SHA = "b" * 64


def answer(db: Calls, world: Doorstep, step: str, value: object, at: dt.datetime = NOON) -> bool:
    return db.write(
        service.answer_step, world.actor, world.job, world.visit, step=step, value=value, device_at=at
    )


def answers(db: Calls, world: Doorstep) -> dict[str, Any]:
    return db.read(service.answers_of, [world.visit.id]).get(world.visit.id, {})


def store_blob(session: Session, world: Doorstep, sha256: str = SHA) -> None:
    session.add(
        Blob(
            org_id=world.org.id,
            sha256=sha256,
            stored_sha256=sha256,
            media_type="image/jpeg",
            size=10,
            width=1,
            height=1,
            uploaded_by=world.account.id,
        )
    )


def photograph(db: Calls, world: Doorstep, **changes: Any) -> None:
    photo: dict[str, Any] = {"sha256": SHA, "step": "after", "kind": "after", "taken_at": NOON, **changes}
    db.write(service.add_photo, world.actor, world.job, world.visit, **photo)


def test_the_latest_answer_by_device_time_wins_in_any_order(db: Calls, world: Doorstep) -> None:
    assert answer(db, world, "pressure", 0.5, NOON + dt.timedelta(minutes=2))
    assert not answer(db, world, "pressure", 0.3, NOON + dt.timedelta(minutes=1))
    assert answers(db, world) == {"pressure": 0.5}
    assert answer(db, world, "pressure", 0.4, NOON + dt.timedelta(minutes=3))
    assert answers(db, world) == {"pressure": 0.4}


def test_a_refused_answer_leaves_the_earlier_one(db: Calls, world: Doorstep) -> None:
    answer(db, world, "pressure", 0.5)
    with pytest.raises(RejectedError):
        answer(db, world, "pressure", 5.0, NOON + dt.timedelta(minutes=1))
    assert answers(db, world) == {"pressure": 0.5}


def test_missing_steps_shrink_as_they_are_answered(db: Calls, world: Doorstep) -> None:
    assert db.read(service.missing_steps, world.job, world.visit) == ["power_off", "pressure"]
    answer(db, world, "power_off", True)
    answer(db, world, "pressure", 0.3)
    assert db.read(service.missing_steps, world.job, world.visit) == []


@pytest.mark.parametrize(
    "status", [JobStatus.SIGNED, JobStatus.CLOSED, JobStatus.CANCELLED, JobStatus.ASSIGNED]
)
def test_nothing_is_added_before_the_visit_or_after_the_signature(db: Calls, status: JobStatus) -> None:
    world = doorstep(status)
    db.write(save, world)
    with pytest.raises(TransitionRefusedError):
        answer(db, world, "power_off", True)
    with pytest.raises(TransitionRefusedError):
        photograph(db, world)


def test_a_photo_waits_for_its_picture(db: Calls, world: Doorstep) -> None:
    with pytest.raises(RejectedError) as refused:
        photograph(db, world)
    assert refused.value.code == "blob_missing"


def test_a_photo_counts_once_and_answers_its_step(db: Calls, world: Doorstep) -> None:
    db.write(store_blob, world)
    photograph(db, world)
    photograph(db, world)
    [photo] = db.read(service.photos_of, [world.visit.id])[world.visit.id]
    assert (photo.sha256, photo.step, photo.kind, photo.taken_at) == (SHA, "after", "after", NOON)
    assert answers(db, world) == {"after": SHA}


def test_answering_a_photo_step_shows_the_photo(db: Calls, world: Doorstep) -> None:
    with pytest.raises(RejectedError) as refused:
        answer(db, world, "after", SHA)
    assert refused.value.code == "blob_missing"
    db.write(store_blob, world)
    answer(db, world, "after", SHA)
    assert [photo.sha256 for photo in db.read(service.photos_of, [world.visit.id])[world.visit.id]] == [SHA]


def test_a_photo_of_an_unknown_kind_or_step_is_refused(db: Calls, world: Doorstep) -> None:
    db.write(store_blob, world)
    for changes, code in (({"kind": "selfie"}, "bad_photo_kind"), ({"step": "roof"}, "unknown_step")):
        with pytest.raises(RejectedError) as refused:
            photograph(db, world, **changes)
        assert refused.value.code == code


def test_another_organisations_picture_cannot_be_attached(db: Calls, world: Doorstep) -> None:
    stranger = doorstep(number="J9")
    db.write(save, stranger)
    db.write(store_blob, stranger)
    with pytest.raises(RejectedError):
        photograph(db, world)


def test_evidence_of_many_visits_is_told_apart(db: Calls, world: Doorstep) -> None:
    def two_visits(session: Session) -> Job:
        job, visit = second_visit(world, session)
        at = NOON + dt.timedelta(hours=3)
        service.answer_step(session, world.actor, job, visit, step="remark", value="二", device_at=at)
        return job

    answer(db, world, "remark", "一")
    job = db.write(two_visits)
    assert job.id != world.job.id
    assert answers(db, world) == {"remark": "一"}


def test_one_picture_may_show_two_steps(db: Calls, world: Doorstep) -> None:
    db.write(store_blob, world)
    for _ in range(2):
        photograph(db, world)
        photograph(db, world, step=None, kind="evidence")
    photos = db.read(service.photos_of, [world.visit.id])[world.visit.id]
    assert sorted((photo.sha256, photo.step or "") for photo in photos) == [(SHA, ""), (SHA, "after")]
