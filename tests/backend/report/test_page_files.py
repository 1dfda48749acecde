"""Pictures and videos of a report: kept, gone on with where the line was cut, refused in words."""

import pytest

from backend.db.types import utc_now
from backend.evidence.models import Blob
from backend.evidence.store import LocalBlobStore
from backend.report import drafts, policies
from backend.report.models import CaseAttachment, ReportDraft
from backend.report.videos import clean
from tests.backend.report.caller import PERSON, Caller, picture
from tests.factories.films import film


def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(caller: Caller) -> None:
    caller.begin()
    caller.to("need", {"need": "repair:leak"})
    bad = [("photos", ("a.jpg", b"<script>", "image/jpeg")), ("photos", ("b.jpg", picture(), "image/jpeg"))]
    reply = caller.post(f"{caller.path}/details", {"text": "漏了一地"}, files=bad)
    assert reply.status_code == 422
    assert "不是照片" in reply.text
    assert "漏了一地" in reply.text
    assert reply.text.count("data:image/jpeg") == 1


def test_a_video_stays_with_the_case_and_plays_in_parts(caller: Caller) -> None:
    caller.begin()
    caller.to("need", {"need": "repair:other"})
    sent = film()
    assert caller.to("details", files=[("video", ("a.mov", sent, "text/html"))]) == "contact"
    assert "视频 12 秒" in caller.get("details").text
    again = caller.post(f"{caller.path}/details", files=[("video", ("b.mp4", film(seconds=3), "video/mp4"))])
    assert (again.status_code, "已有一段视频" in again.text) == (422, True)
    assert caller.to("contact", PERSON) == "done"
    (kept,) = caller.rows(CaseAttachment)
    agent, address = caller.on.sign_in("agent"), f"/api/blobs/{kept.sha256}"
    assert agent.get(f"/api/jobs/{kept.job_id}/reports").json()["attachments"] == [
        {"sha256": kept.sha256, "kind": "video"}
    ]
    whole, part = agent.get(address), agent.get(address, headers={"range": "bytes=4-7"})
    assert (whole.headers["content-type"], len(whole.content)) == ("video/mp4", len(sent))
    assert "content-encoding" not in whole.headers
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{len(sent)}"
    assert agent.get(address, headers={"range": "bytes=900000-"}).status_code == 416
    assert caller.on.sign_in("stranger").get(address).status_code == 404


def test_a_video_in_parts_goes_on_where_the_line_was_cut(caller: Caller) -> None:
    """What came is there for this draft alone; whole, it is kept like one that came in the form."""
    sent, other = film(), Caller(caller.on)
    for one in (caller, other):
        one.begin()
        one.to("need", {"need": "repair:other"})
    assert caller.part(sent[:100], 0, len(sent)) == (200, {"offset": 100, "is_over": False, "said": ""})
    assert caller.part(sent[200:], 200, len(sent)) == (409, {"code": "offset_differs"})
    assert (caller.here(), other.here()) == (100, 0)
    assert caller.part(sent[100:] + b"more", 100, len(sent)) == (422, {"code": "too_long"})
    status, said = caller.part(sent[100:], 100, len(sent))
    assert (status, said["is_over"], said["said"]) == (200, True, "视频已上传。")
    assert "视频 12 秒" in caller.get("details").text
    assert caller.here() == 0
    refused, why = caller.part(sent, 0, len(sent))
    assert (refused, why["is_over"], "已有一段视频" in why["said"]) == (422, True, True)
    status, said = other.part(b"<html>", 0, 6)
    assert (status, said["is_over"], "无法播放" in said["said"]) == (422, True, True)
    assert (other.here(), other.part(b"x", 0, 50_000_001)[0]) == (0, 400)


@pytest.mark.parametrize(
    ("video", "status", "told"),
    [
        (film(seconds=99), 422, "超过 60 秒"),
        (b"<html>", 422, "无法播放"),
        (bytes(50_000_001), 422, "超过 50 MB"),
    ],
)
def test_a_video_that_is_not_kept_is_told_why_and_the_words_are_kept(
    caller: Caller, video: bytes, status: int, told: str
) -> None:
    caller.begin()
    caller.to("need", {"need": "repair:leak"})
    files = [("video", ("a.mp4", video, "video/mp4"))]
    reply = caller.post(f"{caller.path}/details", {"text": "漏了一地"}, files=files)
    assert (reply.status_code, told in reply.text, "漏了一地" in reply.text) == (status, True, True)


def test_more_than_a_report_may_hold_is_refused_with_the_form(caller: Caller) -> None:
    caller.begin()
    caller.to("need", {"need": "repair:leak"})
    headers = {"content-length": "100000001", "content-type": "multipart/form-data; boundary=x"}
    reply = caller.client.post(f"{caller.path}/details", content=b"--x--", headers=headers)
    assert (reply.status_code, "文件加起来太大" in reply.text) == (413, True)


def test_what_nobody_sent_goes_with_its_draft_and_what_was_sent_stays(caller: Caller) -> None:
    store, on = LocalBlobStore(caller.on.client.app.state.services.settings.blob_dir), caller.on
    shared, left = film(seconds=5), film(seconds=6)
    for video in (shared, left):
        caller.begin()
        caller.to("need", {"need": "repair:leak"})
        caller.to("details", files=[("video", ("a.mp4", video, "video/mp4"))])
    other = Caller(on)
    other.begin()
    other.to("need", {"need": "repair:leak"})
    other.to("details", files=[("video", ("a.mp4", shared, "video/mp4"))])
    assert other.to("contact", PERSON) == "done"
    later = utc_now() + policies.DRAFT_LIFE
    files = on.calls.write(drafts.forget_expired, later)
    assert files == [clean(left).sha256]
    assert [blob.stored_sha256 for blob in caller.rows(Blob)] == [clean(shared).sha256]
    assert store.has(files[0])  # removed once that is committed
    assert caller.rows(ReportDraft) == []
