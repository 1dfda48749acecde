"""The file a phone exports is the same work by another way: it counts once, whichever comes first."""

import base64
import hashlib
import io
import uuid
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session, select

from backend.audit.models import AuditEntry
from backend.sync import incoming
from tests.factories.cast import Stage, command


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


def exported(stage: Stage, *operations: dict[str, Any], files: list[bytes] | None = None) -> dict[str, Any]:
    """As the phone writes it, with what only the phone needs."""
    envelope = {"seq": 1, "blobs": [], "state": "queued", "attempts": 3, "failure": None}
    technician = {"id": str(stage.cast.accounts["technician"].technician_id), "name": "王强"}
    coded = [
        {
            "sha256": hashlib.sha256(data).hexdigest(),
            "media_type": "image/jpeg",
            "base64": base64.b64encode(data).decode(),
        }
        for data in files or []
    ]
    return {
        "format": "shangmen-unsent-work",
        "v": 1,
        "exported_at": "2026-11-23T09:00:00.000Z",
        "technician": technician,
        "operations": [operation | envelope for operation in operations],
        "quarantined": [],
        "positions": [],
        "files": coded,
    }


def test_the_dispatcher_brings_in_work_and_the_phone_may_still_send_it(on_stage: Stage) -> None:
    job_id, data = on_stage.world.job.id, picture()
    sha256 = hashlib.sha256(data).hexdigest()
    note = command("note", job_id, text="门铃坏了")
    photo = command("photo", job_id)
    photo["payload"] = {"sha256": sha256, "kind": "evidence", "taken_at": "2026-11-23T01:00:00Z"}
    work = exported(on_stage, note, photo, files=[data])
    office = on_stage.sign_in("dispatcher")
    told = office.post("/api/sync/unsent-work", json=work).json()
    assert told == {"taken": 2, "known": 0, "files": 1, "refused": []}
    again = office.post("/api/sync/unsent-work", json=work).json()
    assert (again["taken"], again["known"]) == (0, 2)
    phone = on_stage.sign_in("technician")
    assert phone.send_body(note).json()["status"] == "duplicate"
    sheet = phone.get("/api/sync/pull").json()["jobs"][0]
    assert (sheet["note"], [one["sha256"] for one in sheet["photos"]]) == ("门铃坏了", [sha256])


def test_what_cannot_be_taken_is_told_and_holds_nothing_back(on_stage: Stage) -> None:
    job_id = on_stage.world.job.id
    late, stranger = command("accept", job_id), command("note", uuid.uuid4(), text="?")
    strange = {"id": "x", "kind": "dance", "job_id": str(job_id)}
    damaged = {"sha256": "0" * 64, "media_type": "image/jpeg", "base64": base64.b64encode(b"no").decode()}
    work = exported(on_stage, late, stranger, strange, command("note", job_id, text="好"))
    told = (
        on_stage.sign_in("dispatcher").post("/api/sync/unsent-work", json=work | {"files": [damaged]}).json()
    )
    assert told["taken"] == 1
    assert [(one["kind"], one["code"]) for one in told["refused"]] == [
        ("file", "hash_mismatch"),
        ("accept", "transition_refused"),
        ("note", "not_found"),
        ("dance", "bad_operation"),
    ]


def test_only_the_company_s_own_office_takes_it_in_and_leaves_its_name(on_stage: Stage) -> None:
    work = exported(on_stage, command("note", on_stage.world.job.id, text="好"))
    for name, status in (("technician", 403), ("vendor", 403), ("stranger", 404), ("dispatcher", 200)):
        reply = on_stage.sign_in(name).post("/api/sync/unsent-work", json=work)
        assert reply.status_code == status
        before_bytes = reply.request.content

    def entry(session: Session) -> AuditEntry:
        return session.exec(select(AuditEntry).where(AuditEntry.action == "work.handed_over")).one()

    def brought(session: Session) -> list[AuditEntry]:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action == "work.brought")))

    [before] = on_stage.calls.read(brought)
    assert before.actor_id == on_stage.cast.accounts["dispatcher"].id
    assert (before.data["operations"], before.data["files"]) == (1, 0)
    assert before.data["sha256"] == hashlib.sha256(before_bytes).hexdigest()
    found = on_stage.calls.read(entry)
    assert found.actor_id == on_stage.cast.accounts["dispatcher"].id
    assert found.data == {"taken": 1, "known": 0, "files": 0, "refused": 0}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_file"),
        (b"{", "bad_file"),
        (b"[" * 200_000, "bad_file"),
        (b'{"format":"shangmen-unsent-work","v":1}', "bad_file"),
        (b'"\xff"', "bad_file"),
    ],
)
def test_what_is_no_exported_file_is_refused(on_stage: Stage, body: bytes, code: str) -> None:
    office = on_stage.sign_in("dispatcher")
    reply = office.request("POST", "/api/sync/unsent-work", content=body)
    assert (reply.status_code, reply.json()["code"]) == (400, code)


def test_a_file_is_as_long_as_a_day_may_be_and_no_longer(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MAX_FILE_BYTES", 1_000)
    reply = on_stage.sign_in("dispatcher").request("POST", "/api/sync/unsent-work", content=b"x" * 1_001)
    assert (reply.status_code, reply.json()["code"]) == (422, "file_too_large")


def test_a_sheet_carries_the_place_in_each_map_s_datum_and_how_to_find_the_fault(on_stage: Stage) -> None:
    sheet = on_stage.sign_in("technician").get("/api/sync/pull").json()["jobs"][0]
    here, points = sheet["place"], sheet["map_points"]
    assert 0.0005 < abs(points["gcj02"]["lng"] - here["lng"]) < 0.01
    assert 0.004 < points["bd09"]["lat"] - points["gcj02"]["lat"] < 0.008
    assert sheet["fault_code"] is None
    assert (sheet["fault_tree"] is not None) == (sheet["type"] in ("repair", "inspect", "swap"))
