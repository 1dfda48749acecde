"""Rating a visit by two forms, once; and the call that a low one is owed."""

import gzip
import io
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image
from sqlmodel import Session, col, select

from backend.jobs.models import Job, Visit
from backend.ratings.models import FollowUp, Rating
from tests.factories.cast import Stage

PAGE_BUDGET_BYTES = 15_000


def finish(stage: Stage, status: str = "signed") -> str:
    """Our visit is over and signed; returns the path of the customer's link."""
    world = stage.world

    def change(session: Session) -> None:
        session.execute(sa.update(Job).where(col(Job.id) == world.job.id).values(status=status))
        session.execute(sa.update(Visit).where(col(Visit.id) == world.visit.id).values(outcome="completed"))

    stage.calls.write(change)
    url = stage.sign_in("dispatcher").post(f"/api/jobs/{world.job.id}/customer-link").json()["url"]
    return "/" + str(url).split("/", 3)[3]


def send(stage: Stage, path: str, **form: object) -> httpx.Response:
    return stage.client.post(path, data=form, follow_redirects=False)


def ratings(stage: Stage) -> list[Rating]:
    return stage.calls.read(lambda session: list(session.exec(select(Rating))))


def test_a_visit_is_rated_once_and_a_recommendation_follows(on_stage: Stage) -> None:
    path = finish(on_stage)
    assert f'href="{path}/rate?lang=zh-CN"' in on_stage.client.get(path).text
    assert "总体评价" in on_stage.client.get(f"{path}/rate").text
    said = {"stars": "5", "tags": ["on_time", "skilled", "nonsense"], "text": "  师傅很细心 <b> "}
    assert send(on_stage, f"{path}/rate", **said).headers["location"] == f"{path}/rate?lang=zh-CN"
    send(on_stage, f"{path}/rate", stars="1")
    thanks = on_stage.client.get(f"{path}/rate").text
    assert "您给了 5 颗星" in thanks
    assert "推荐给朋友" in thanks
    send(on_stage, f"{path}/rate/nps", nps="9")
    send(on_stage, f"{path}/rate/nps", nps="0")
    (rating,) = ratings(on_stage)
    told = (rating.stars, rating.nps, rating.tags, rating.text, rating.technician_id)
    assert told == (5, 9, ["on_time", "skilled"], "师傅很细心 <b>", on_stage.world.technician.id)
    assert "您的评价：5 星" in on_stage.client.get(path).text
    assert "已收到" in on_stage.client.get(f"{path}/rate").text


def test_what_was_typed_stays_where_something_is_missing(on_stage: Stage) -> None:
    path = finish(on_stage)
    again = send(on_stage, f"{path}/rate", tags=["late"], text="迟到 <两小时>")
    assert (again.status_code, ratings(on_stage)) == (422, [])
    for kept in ("请先选择几颗星。", 'value="late" checked', ">迟到 &lt;两小时&gt;</textarea>"):
        assert kept in again.text
    send(on_stage, f"{path}/rate", stars="4")
    asked = send(on_stage, f"{path}/rate/nps", nps="11")
    assert (asked.status_code, "请先选一个分数。" in asked.text) == (422, True)


def test_who_was_not_content_is_called_back(on_stage: Stage) -> None:
    path = finish(on_stage, "closed")
    send(on_stage, f"{path}/rate", stars="2", tags=["late"], text="迟到两小时")
    (waiting,) = on_stage.calls.read(lambda session: list(session.exec(select(FollowUp))))
    until = f"{waiting.due_at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M} 前给您回电"
    assert until in on_stage.client.get(f"{path}/rate").text
    dispatcher = on_stage.sign_in("dispatcher")
    (owed,) = dispatcher.get("/api/follow-ups").json()
    told = dispatcher.get("/api/messages?event=complaint").json()["items"]
    assert [row["state"] for row in told] == ["queued"]
    assert (owed["rating"]["stars"], owed["rating"]["text"], owed["is_overdue"]) == (2, "迟到两小时", False)
    assert on_stage.sign_in("stranger").get("/api/follow-ups").json() == []
    close = f"/api/follow-ups/{owed['id']}/close"
    assert on_stage.sign_in("stranger").post(close, {"outcome": "x"}).status_code == 404
    assert dispatcher.post(close, {"outcome": "已道歉，退上门费"}).status_code == 204
    assert dispatcher.post(close, {"outcome": "again"}).status_code == 409
    assert dispatcher.get("/api/follow-ups").json() == []
    (row,) = on_stage.calls.read(lambda session: list(session.exec(select(FollowUp))))
    assert (row.closed_by, row.outcome) == ("dispatcher", "已道歉，退上门费")


def test_three_stars_owe_nobody_a_call(on_stage: Stage) -> None:
    send(on_stage, f"{finish(on_stage)}/rate", stars="3")
    assert on_stage.sign_in("dispatcher").get("/api/follow-ups").json() == []


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "99", "５", "1.5", "five"])
def test_stars_there_are_none_of_are_asked_for_again(on_stage: Stage, stars: str) -> None:
    reply = send(on_stage, f"{finish(on_stage)}/rate", stars=stars)
    assert reply.status_code == 422
    assert "请先选择几颗星" in reply.text
    assert ratings(on_stage) == []


def test_nothing_is_rated_before_it_is_signed(on_stage: Stage) -> None:
    path = finish(on_stage, "on_site")
    assert on_stage.client.get(f"{path}/rate", follow_redirects=False).status_code == 303
    assert send(on_stage, f"{path}/rate", stars="5").headers["location"] == f"{path}?lang=zh-CN"
    assert send(on_stage, f"{path}/rate/nps", nps="5").status_code == 303
    assert ratings(on_stage) == []
    assert "评价这次服务" not in on_stage.client.get(path).text


def test_ratings_are_read_by_the_office_and_by_the_vendor_they_are_about(on_stage: Stage) -> None:
    path = finish(on_stage)
    send(on_stage, f"{path}/rate", stars="4")
    seen = {
        who: on_stage.sign_in(who).get("/api/ratings")
        for who in ("dispatcher", "stranger", "vendor", "clerk")
    }
    assert len(seen["dispatcher"].json()["items"]) == 1
    assert seen["stranger"].json()["items"] == seen["vendor"].json()["items"] == []
    assert seen["clerk"].status_code == 403


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_light_and_private(on_stage: Stage, language: str) -> None:
    path = finish(on_stage)
    first = on_stage.client.get(f"{path}/rate?lang={language}")
    send(on_stage, f"{path}/rate", stars="1")
    for page in (first, on_stage.client.get(f"{path}/rate?lang={language}")):
        assert len(gzip.compress(page.content)) < PAGE_BUDGET_BYTES
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert on_stage.world.technician.phone not in page.text


def picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_rating_keeps_three_pictures_however_they_come(on_stage: Stage) -> None:
    path = finish(on_stage)
    for shades in ((0, 60), (120, 180, 240)):
        files = [("photos", (f"{one}.jpg", picture(one), "image/jpeg")) for one in shades]
        reply = on_stage.client.post(f"{path}/rate", data={"stars": "2"}, files=files, follow_redirects=False)
        assert reply.status_code == 303
    [rating] = on_stage.sign_in("dispatcher").get("/api/ratings").json()["items"]
    assert len(set(rating["photos"])) == 3


def test_pictures_sent_with_a_rating_are_seen_by_the_office_and_kept_once(on_stage: Stage) -> None:
    path, buffer = finish(on_stage), io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "JPEG")
    files = [
        ("photos", ("a.jpg", buffer.getvalue(), "image/jpeg")),
        ("photos", ("b.jpg", b"no picture", "image/jpeg")),
    ]
    for _ in range(2):
        reply = on_stage.client.post(f"{path}/rate", data={"stars": "2"}, files=files, follow_redirects=False)
        assert reply.status_code == 303
    office = on_stage.sign_in("dispatcher")
    (rating,) = office.get("/api/ratings").json()["items"]
    (sha256,) = rating["photos"]
    assert office.get(f"/api/blobs/{sha256}").status_code == 200
    assert on_stage.sign_in("stranger").get(f"/api/blobs/{sha256}").status_code == 404
    (owed,) = on_stage.sign_in("agent").get("/api/follow-ups").json()
    assert owed["rating"]["photos"] == [sha256]
