"""A phone's commands in one request count like commands sent alone."""

import uuid

from sqlmodel import Session, select

from backend.jobs.models import JobEvent
from tests.factories.cast import Stage, command


def actions_of(stage: Stage) -> list[str]:
    def load(session: Session) -> list[str]:
        query = select(JobEvent).where(JobEvent.job_id == stage.world.job.id).order_by("seq")
        return [event.action for event in session.exec(query)]

    return stage.calls.read(load)


def test_each_command_of_a_batch_has_its_own_reply_in_their_order(on_stage: Stage) -> None:
    phone, job_id = on_stage.sign_in("technician"), on_stage.world.job.id
    bodies = [
        command("diagnose", job_id, fault_code="E4", text=""),
        command("accept", job_id),  # too late for that
        command("note", job_id, text="门铃坏了"),
        command("note", uuid.uuid4(), text="不是我的"),
    ]
    reply = phone.post("/api/sync/commands/batch", json={"commands": bodies})
    assert reply.status_code == 200
    replies = reply.json()["replies"]
    assert [one["id"] for one in replies] == [body["id"] for body in bodies]
    told = [(one["http_status"], one["reply"]["status"], one["reply"]["code"]) for one in replies]
    assert told == [
        (200, "accepted", ""),
        (409, "conflict", "transition_refused"),
        (200, "accepted", ""),
        (404, "rejected", "not_found"),
    ]
    assert replies[2]["reply"]["job"]["note"] == "门铃坏了"


def test_a_batch_sent_again_has_no_second_effect(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    bodies = [command("diagnose", on_stage.world.job.id, fault_code="E4", text="")]
    again = [*bodies, command("note", on_stage.world.job.id, text="新的")]
    phone.post("/api/sync/commands/batch", json={"commands": bodies})
    told = phone.post("/api/sync/commands/batch", json={"commands": again}).json()["replies"]
    assert [one["reply"]["status"] for one in told] == ["duplicate", "accepted"]
    assert actions_of(on_stage).count("diagnose") == 1


def test_an_id_used_twice_is_refused_without_holding_back_the_rest(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    first = command("note", on_stage.world.job.id, text="一")
    other = command("note", on_stage.world.job.id, text="二") | {"id": first["id"]}
    last = command("note", on_stage.world.job.id, text="三")
    told = phone.post("/api/sync/commands/batch", json={"commands": [first, other, last]}).json()["replies"]
    assert [one["reply"]["code"] for one in told] == ["", "idempotency_mismatch", ""]


def test_only_a_technicians_phone_sends_batches(on_stage: Stage) -> None:
    body = {"commands": [command("note", on_stage.world.job.id, text="一")]}
    assert on_stage.sign_in("dispatcher").post("/api/sync/commands/batch", json=body).status_code == 403


def test_an_empty_or_endless_batch_is_refused(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    for count in (0, 51):
        bodies = [command("note", on_stage.world.job.id, text="一") for _ in range(count)]
        assert phone.post("/api/sync/commands/batch", json={"commands": bodies}).status_code == 400
