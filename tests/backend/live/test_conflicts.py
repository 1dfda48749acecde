"""What office and phone wrote without knowing of each other is listed with both values; one is chosen."""

import uuid

import pytest
from sqlmodel import select

from backend.audit.models import AuditEntry
from backend.jobs.models import Job
from tests.factories.cast import Stage


@pytest.mark.parametrize(("keep", "note"), [("standing", "先打电话"), ("came", "走西门")])
def test_one_of_both_values_is_chosen_and_the_audit_has_both(on_stage: Stage, keep: str, note: str) -> None:
    phone, office, stranger = (on_stage.sign_in(name) for name in ("technician", "dispatcher", "stranger"))
    job_id = on_stage.world.job.id
    seen = office.get(f"/api/jobs/{job_id}").json()["sheet"]["version"]
    office.post(f"/api/jobs/{job_id}/edit", {"version": seen, "note": "先打电话"})
    phone.send("note", job_id, text="走西门")

    [conflict] = office.get("/api/conflicts").json()
    assert (conflict["number"], conflict["field"]) == (on_stage.world.job.number, "note")
    assert (conflict["standing"]["value"], conflict["came"]["value"]) == ("先打电话", "走西门")
    assert conflict["came"]["by"] == on_stage.world.technician.name
    body = {"keep": keep, "version": conflict["version"]}
    path = f"/api/conflicts/{conflict['id']}/settle"
    assert stranger.post(path, body).status_code == 404
    assert stranger.get("/api/conflicts").json() == []
    assert office.post(path, body).status_code == 204

    assert office.get("/api/conflicts").json() == []
    assert on_stage.calls.read(lambda session: session.get_one(Job, job_id).note) == note
    query = select(AuditEntry).where(AuditEntry.action == "conflict.settled")
    audited = on_stage.calls.read(lambda session: session.exec(query).one())
    assert (audited.entity_id, audited.data["kept"]) == (job_id, keep)
    assert {audited.data["standing"], audited.data["came"]} == {"先打电话", "走西门"}
    assert office.post(path, body).status_code == 404
    assert office.post(f"/api/conflicts/{uuid.uuid4()}/settle", body).status_code == 404
