"""What phones send takes effect exactly once, whatever happens to the replies."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, select

from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, JobEvent, Visit
from backend.sync.models import Command
from tests.factories.cast import Stage, command


def events_of(stage: Stage, job_id: uuid.UUID) -> list[str]:
    def load(session: Session) -> list[str]:
        query = select(JobEvent).where(JobEvent.job_id == job_id).order_by("seq")
        return [event.action for event in session.exec(query)]

    return stage.calls.read(load)


def job_of(stage: Stage) -> Job:
    return stage.calls.read(lambda session: session.get_one(Job, stage.world.job.id))


def visit_of(stage: Stage) -> Visit:
    return stage.calls.read(lambda session: session.get_one(Visit, stage.world.visit.id))


def test_a_command_is_accepted_and_answers_with_the_new_sheet(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    reply = phone.send("diagnose", on_stage.world.job.id, fault_code="E4", text="漏水")
    assert reply.status_code == 200
    body = reply.json()
    assert (body["status"], body["job"]["status"], body["job"]["id"]) == (
        "accepted",
        "diagnosed",
        str(on_stage.world.job.id),
    )
    assert visit_of(on_stage).fault_code == "E4"


def test_a_repeat_gets_the_stored_reply_and_has_no_second_effect(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    body = command("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    first, second = phone.send_body(body), phone.send_body(body)
    assert (first.json()["status"], second.json()["status"]) == ("accepted", "duplicate")
    assert second.headers["idempotent-replay"] == "1"
    assert first.json()["job"] == second.json()["job"]
    assert events_of(on_stage, on_stage.world.job.id).count("diagnose") == 1


def test_a_wrong_clock_is_put_right_and_its_error_kept(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    happened = utc_now().replace(microsecond=0) - dt.timedelta(minutes=5)
    body = command("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    body |= {"device_at": (happened - dt.timedelta(hours=3)).isoformat(), "skew_ms": 3 * 3_600_000}
    assert phone.send_body(body).status_code == 200

    def load(session: Session) -> tuple[JobEvent, Command]:
        event = session.exec(select(JobEvent).where(JobEvent.action == "diagnose")).one()
        kept = session.exec(select(Command).where(Command.id == uuid.UUID(body["id"]))).one()
        return event, kept

    event, kept = on_stage.calls.read(load)
    assert event.device_at == happened
    assert (kept.device_at, kept.skew_ms) == (happened - dt.timedelta(hours=3), 10_800_000)


@pytest.mark.parametrize(
    ("device_at", "skew_ms"),
    [
        ("9999-12-31T23:00:00Z", 31_000_000_000),  # beyond what a date can be
        ("2026-11-23T01:00:00Z", 10**15),  # no clock is off by thousands of years
    ],
)
def test_a_clock_out_of_range_is_refused(on_stage: Stage, device_at: str, skew_ms: int) -> None:
    body = command("accept", on_stage.world.job.id) | {"device_at": device_at, "skew_ms": skew_ms}
    assert on_stage.sign_in("technician").send_body(body).status_code in (400, 422)


def test_twenty_copies_at_once_have_one_effect(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    body = command("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: phone.send_body(body), range(20)))
    assert sorted(reply.json()["status"] for reply in replies) == ["accepted"] + ["duplicate"] * 19
    assert events_of(on_stage, on_stage.world.job.id).count("diagnose") == 1


def test_the_same_id_with_another_body_is_refused(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    body = command("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    phone.send_body(body)
    reply = phone.send_body({**body, "payload": {"fault_code": "E5", "text": ""}})
    assert (reply.status_code, reply.json()["code"]) == (422, "idempotency_mismatch")
    assert visit_of(on_stage).fault_code == "E4"


def test_a_step_that_no_longer_applies_is_a_conflict_with_their_view(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    reply = phone.send("depart", on_stage.world.job.id)
    body = reply.json()
    assert (reply.status_code, body["status"], body["code"]) == (409, "conflict", "transition_refused")
    assert body["job"]["status"] == "on_site"
    assert body["theirs"] == {"action": "depart", "state": "on_site"}


def test_a_refusal_is_remembered_and_repeated(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    body = command("complete", on_stage.world.job.id)
    first = phone.send_body(body)
    assert (first.status_code, first.json()["code"]) == (422, "steps_missing")
    assert first.json()["theirs"] == {"missing": ["power_off", "pressure"]}
    phone.send("answer", on_stage.world.job.id, step="power_off", value=True)
    phone.send("answer", on_stage.world.job.id, step="pressure", value=0.4)
    repeated = phone.send_body(body)
    assert repeated.status_code == 422
    assert repeated.json() == first.json()
    assert phone.send("complete", on_stage.world.job.id).json()["job"]["status"] == "done"


def test_a_refused_command_changes_nothing(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    before = job_of(on_stage).version
    reply = phone.send("use_part", on_stage.world.job.id, use_id=str(uuid.uuid4()), sku="NOPE", qty=1)
    assert (reply.status_code, reply.json()["status"]) == (422, "rejected")
    assert job_of(on_stage).version == before


def test_a_declined_job_leaves_the_phone_and_goes_back_to_the_dispatcher(on_stage: Stage) -> None:
    dispatcher, phone = on_stage.sign_in("dispatcher"), on_stage.sign_in("technician")
    job = on_stage.world.job

    def offer(session: Session) -> None:
        row = session.get_one(Job, job.id)
        row.status = JobStatus.ACCEPTED

    on_stage.calls.write(offer)
    reply = phone.send("decline", job.id, reason="too_far", text="堵车")
    assert (reply.json()["status"], reply.json()["job"]) == ("accepted", None)
    assert str(job.id) not in phone.get("/api/sync/pull").json()["ids"]
    read = dispatcher.get(f"/api/jobs/{job.id}").json()
    assert (read["sheet"]["status"], read["technician_id"]) == ("declined", None)
    last = dispatcher.get(f"/api/jobs/{job.id}/history").json()[-1]
    assert (last["action"], last["data"]) == ("decline", {"reason": "too_far", "text": "堵车"})


def test_another_technicians_job_is_not_there(on_stage: Stage) -> None:
    phone = on_stage.sign_in("other_technician")
    reply = phone.send("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    assert (reply.status_code, reply.json()["status"], reply.json()["job"]) == (404, "rejected", None)


def test_device_time_is_kept_beside_the_servers(on_stage: Stage) -> None:
    phone, dispatcher = on_stage.sign_in("technician"), on_stage.sign_in("dispatcher")
    job_id = on_stage.world.job.id
    happened = utc_now() - dt.timedelta(hours=2)
    body = {**command("diagnose", job_id, fault_code="E4", text=""), "device_at": happened.isoformat()}
    phone.send_body(body)
    event = dispatcher.get(f"/api/jobs/{job_id}/history").json()[-1]
    assert dt.datetime.fromisoformat(event["device_at"]) == happened
    assert utc_now() - dt.datetime.fromisoformat(event["at"]) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "explode"},  # no such kind
        {"device_at": "2026-11-23T10:00:00"},  # no offset
        {"job_id": "x"},  # not an id
        {"base_version": 2**70},  # beyond any integer column
        {"extra": 1},  # unknown field
    ],
)
def test_a_malformed_command_is_a_clear_400_and_is_not_remembered(
    on_stage: Stage, change: dict[str, Any]
) -> None:
    phone = on_stage.sign_in("technician")
    body = command("diagnose", on_stage.world.job.id, fault_code="E4", text="")
    reply = phone.send_body({**body, **change})
    assert (reply.status_code, reply.json()["code"]) == (400, "bad_input")
    stored = on_stage.calls.read(lambda session: session.exec(select(Command)).all())
    assert stored == []


def test_a_payload_of_the_wrong_shape_is_rejected_by_name(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    reply = phone.send("use_part", on_stage.world.job.id, sku="P1", qty=0)
    assert (reply.status_code, reply.json()["code"]) == (422, "bad_payload")
