"""Half an upload is kept for whoever began it, goes on where it stopped, and ends like any other."""

import asyncio
import io
import os
import threading
import uuid
from pathlib import Path

import httpx
import pytest
from PIL import Image

from backend.errors import RejectedError
from backend.evidence import uploads
from backend.evidence.upload_timer import UploadTimer
from backend.evidence.uploads import HalfUploads, OffsetDiffersError
from tests.backend.evidence.test_api import picture, sha
from tests.factories.cast import Person, Stage

ME, OTHER = uuid.uuid4(), uuid.uuid4()
SHA = "a" * 64


def ask(person: Person, address: str) -> tuple[int, str]:
    reply = person.request("HEAD", f"/api/blobs/{address}/upload")
    assert reply.status_code == 200
    return int(reply.headers["upload-offset"]), reply.headers["upload-complete"]


def go_on(person: Person, data: bytes, start: int, end: int, address: str | None = None) -> httpx.Response:
    headers = {"Upload-Offset": str(start), "Upload-Length": str(len(data))}
    where = f"/api/blobs/{address or sha(data)}/upload"
    return person.request("PATCH", where, content=data[start:end], headers=headers)


def test_a_picture_in_pieces_is_kept_like_one_that_came_whole(on_stage: Stage) -> None:
    phone, data = on_stage.sign_in("technician"), picture()
    middle = len(data) // 2
    assert ask(phone, sha(data)) == (0, "0")
    assert go_on(phone, data, 0, middle).json() == {"offset": middle, "blob": None}
    assert ask(phone, sha(data)) == (middle, "0")
    assert ask(on_stage.sign_in("other_technician"), sha(data)) == (0, "0")
    again = go_on(phone, data, 0, middle)
    assert (again.status_code, again.json()["code"], again.json()["offset"]) == (
        409,
        "offset_differs",
        middle,
    )
    last = go_on(phone, data, middle, len(data))
    assert (last.status_code, last.json()["blob"]["sha256"]) == (201, sha(data))
    assert ask(phone, sha(data)) == (0, "1")
    stored = phone.get(f"/api/blobs/{sha(data)}").content
    assert not Image.open(io.BytesIO(stored)).getexif()


@pytest.mark.parametrize(
    ("data", "address", "code"), [(b"no picture", None, "not_an_image"), (b"xy", SHA, "hash_mismatch")]
)
def test_what_is_refused_at_the_end_starts_over(
    on_stage: Stage, data: bytes, address: str | None, code: str
) -> None:
    phone = on_stage.sign_in("technician")
    reply = go_on(phone, data, 0, len(data), address)
    assert (reply.status_code, reply.json()["code"]) == (422, code)
    assert ask(phone, address or sha(data)) == (0, "0")


def test_no_more_comes_than_the_file_is_long(on_stage: Stage) -> None:
    phone = on_stage.sign_in("technician")
    headers = {"Upload-Offset": "0", "Upload-Length": "3"}
    reply = phone.request("PATCH", f"/api/blobs/{SHA}/upload", content=b"12345", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, "too_long")


@pytest.fixture
def halves(tmp_path: Path) -> HalfUploads:
    made = HalfUploads(tmp_path)
    made.begin(ME, SHA)
    return made


def test_a_request_thought_dead_does_not_write_twice(halves: HalfUploads) -> None:
    halves.append(ME, SHA, 0, b"abc")
    halves.append(ME, SHA, 3, b"def")
    with pytest.raises(OffsetDiffersError) as refused:
        halves.append(ME, SHA, 3, b"DEF")
    assert refused.value.extra == {"offset": 6}
    assert halves.read(ME, SHA) == b"abcdef"


def test_what_nobody_went_on_with_is_gone_after_a_day(halves: HalfUploads, tmp_path: Path) -> None:
    halves.append(ME, SHA, 0, b"old")
    halves.begin(OTHER, SHA)
    halves.append(OTHER, SHA, 0, b"young")
    os.utime(tmp_path / str(ME) / SHA, (1, 1))
    halves.begin(OTHER, "b" * 64)
    assert (halves.offset(ME, SHA), halves.offset(OTHER, SHA)) == (0, 5)


def test_it_is_gone_by_itself_when_nobody_uploads(halves: HalfUploads, tmp_path: Path) -> None:
    halves.append(ME, SHA, 0, b"old")
    halves.begin(OTHER, SHA)
    halves.append(OTHER, SHA, 0, b"young")
    os.utime(tmp_path / str(ME) / SHA, (1, 1))
    swept = threading.Event()

    class Watched(HalfUploads):
        def sweep(self, before: float) -> int:
            dropped = super().sweep(before)
            swept.set()
            return dropped

    async def run() -> None:
        timer = UploadTimer(Watched(tmp_path))
        await timer.start()
        assert await asyncio.to_thread(swept.wait, 10)
        await timer.close()

    asyncio.run(run())
    assert (halves.offset(ME, SHA), halves.offset(OTHER, SHA)) == (0, 5)


def test_nobody_begins_without_end(halves: HalfUploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BEGUN_BYTES", 4)
    halves.append(ME, SHA, 0, b"12345")
    with pytest.raises(RejectedError, match="Too many"):
        halves.begin(ME, "b" * 64)
    halves.begin(OTHER, SHA)


def test_one_begins_while_another_just_ends(halves: HalfUploads, tmp_path: Path) -> None:
    """What was listed may be gone before its size is asked for, as a link to nothing is."""
    (tmp_path / str(ME) / ("b" * 64)).symlink_to(tmp_path / "gone")
    halves.begin(ME, "c" * 64)
