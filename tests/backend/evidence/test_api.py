"""Pictures over HTTP: stored once, told by content, readable only where their work is visible."""

import hashlib
import io
from pathlib import Path

import httpx
import pytest
from PIL import Image

from backend.evidence import service
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import NOON


def picture(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    tags = Image.Exif()
    tags[0x010F] = "SecretPhoneMaker"
    Image.new("RGB", (64, 48), colour).save(buffer, "JPEG", exif=tags)
    return buffer.getvalue()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(person: Person, data: bytes, address: str | None = None) -> httpx.Response:
    return person.request("PUT", f"/api/blobs/{address or sha(data)}", content=data)


def test_a_picture_is_stored_once_and_read_back_clean(on_stage: Stage, tmp_path: Path) -> None:
    phone, data = on_stage.sign_in("technician"), picture()
    first, again = put(phone, data), put(phone, data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["sha256"] == sha(data)
    reply = phone.get(f"/api/blobs/{sha(data)}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "image/jpeg"
    assert sha(reply.content) == first.json()["stored_sha256"]
    assert b"SecretPhoneMaker" not in reply.content
    files = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert [path.name for path in files] == [first.json()["stored_sha256"]]


@pytest.mark.parametrize(
    ("data", "address", "status", "code"),
    [
        (picture(), "0" * 64, 422, "hash_mismatch"),
        (b"<svg onload=alert(1)>", None, 422, "not_an_image"),
        (b"", None, 422, "not_an_image"),
        (picture(), "ABC", 400, "bad_input"),
        (picture(), "A" * 64, 400, "bad_input"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(
    on_stage: Stage, data: bytes, address: str | None, status: int, code: str
) -> None:
    reply = put(on_stage.sign_in("technician"), data, address)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_more_than_eight_megabytes_is_refused(on_stage: Stage) -> None:
    data = picture() + b"\0" * (8 * 1024 * 1024)
    reply = put(on_stage.sign_in("technician"), data)
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_only_phones_upload(on_stage: Stage) -> None:
    assert put(on_stage.sign_in("dispatcher"), picture()).status_code == 403
    assert on_stage.client.put(f"/api/blobs/{sha(picture())}", content=picture()).status_code == 401


def test_a_picture_is_seen_by_those_who_see_its_job(on_stage: Stage) -> None:
    """Before it belongs to a job only its sender sees it; another organisation never does."""
    data, world = picture("blue"), on_stage.world
    put(on_stage.sign_in("technician"), data)
    everybody = ["technician", "dispatcher", "other_technician", "vendor", "stranger"]

    def seen_by() -> set[str]:
        replies = {name: on_stage.sign_in(name).get(f"/api/blobs/{sha(data)}") for name in everybody}
        assert {reply.status_code for reply in replies.values()} <= {200, 404}
        return {name for name, reply in replies.items() if reply.status_code == 200}

    assert seen_by() == {"technician"}
    on_stage.calls.write(
        service.add_photo,
        world.actor,
        world.job,
        world.visit,
        sha256=sha(data),
        step=None,
        kind="after",
        taken_at=NOON,
    )
    assert seen_by() == {"technician", "dispatcher"}


def test_an_upload_whose_file_was_lost_can_be_repeated(on_stage: Stage, tmp_path: Path) -> None:
    phone, data = on_stage.sign_in("technician"), picture("green")
    put(phone, data)
    for path in (tmp_path / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    assert phone.get(f"/api/blobs/{sha(data)}").json()["code"] == "blob_lost"
    assert put(phone, data).status_code == 200
    assert phone.get(f"/api/blobs/{sha(data)}").status_code == 200


def test_a_phone_that_heard_no_answer_can_ask_whether_its_picture_arrived(on_stage: Stage) -> None:
    phone, other, data = on_stage.sign_in("technician"), on_stage.sign_in("stranger"), picture()
    assert phone.request("HEAD", f"/api/blobs/{sha(data)}").status_code == 404
    put(phone, data)
    assert phone.request("HEAD", f"/api/blobs/{sha(data)}").status_code == 200
    assert other.request("HEAD", f"/api/blobs/{sha(data)}").status_code == 404


def test_a_picture_whose_file_is_gone_is_not_said_to_be_there(on_stage: Stage, tmp_path: Path) -> None:
    phone, data = on_stage.sign_in("technician"), picture()
    kept = put(phone, data).json()["stored_sha256"]
    (tmp_path / "blobs" / kept[:2] / kept).unlink()
    assert phone.request("HEAD", f"/api/blobs/{sha(data)}").status_code == 404
