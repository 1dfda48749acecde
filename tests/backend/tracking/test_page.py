"""The customer's pages over HTTP: what a link shows, what it refuses, and what it never lets out."""

import datetime as dt
import gzip
import hashlib
import io
import json
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.evidence import acceptance
from backend.evidence.canonical import digest
from backend.evidence.models import Acceptance
from backend.evidence.snapshot import build_snapshot
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from backend.technicians.models import LastPosition
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import NOON

PAGE_BUDGET_BYTES = 15_000
STROKES = [[{"x": 0.1, "y": 0.2, "t": 0, "p": 1}, {"x": 0.6, "y": 0.3, "t": 90, "p": 1}]]


def share(stage: Stage, who: str = "dispatcher") -> str:
    """The path of a fresh link to our job."""
    reply = stage.sign_in(who).post(f"/api/jobs/{stage.world.job.id}/customer-link")
    assert reply.status_code == 201, reply.text
    return "/" + reply.json()["url"].split("/", 3)[3]


def depart(stage: Stage, lat: float = 39.98, lng: float = 116.45) -> None:
    """Put our technician on the way, seen just now."""

    world, now = stage.world, utc_now()
    seen = LastPosition(technician_id=world.technician.id, at=now, lat=lat, lng=lng, accuracy_m=9)

    def change(session: Session) -> None:
        session.execute(sa.update(Job).where(col(Job.id) == world.job.id).values(status="en_route"))
        left = {"departed_at": now, "arrived_at": None}
        session.execute(sa.update(Visit).where(col(Visit.id) == world.visit.id).values(left))
        session.add(seen)

    stage.calls.write(change)


def sign(stage: Stage) -> dict[str, Any]:
    """Our customer signs; returns the snapshot."""
    world = stage.world

    def accept(session: Session) -> dict[str, Any]:
        snapshot = build_snapshot(session, world.job, world.visit, language="zh-CN", prepared_at=utc_now())
        acceptance.sign(
            session,
            world.actor,
            world.job,
            world.visit,
            snapshot=snapshot,
            sha256=digest(snapshot),
            signer="赵女士 <b>",
            strokes=STROKES,
            signed_at=utc_now(),
        )
        session.execute(sa.update(Job).where(col(Job.id) == world.job.id).values(status="signed"))
        return snapshot

    return stage.calls.write(accept)


def test_the_link_opens_the_customers_own_job(on_stage: Stage) -> None:
    reply = on_stage.client.get(share(on_stage))
    assert reply.status_code == 200
    assert "师傅已到达" in reply.text
    assert "王师傅" in reply.text
    assert "望京西园四区" in reply.text


def test_nothing_of_anybody_else_and_no_phone_number_is_in_the_page(on_stage: Stage) -> None:
    depart(on_stage)
    text = on_stage.client.get(share(on_stage)).text
    ours, theirs = on_stage.cast.ours, on_stage.cast.theirs
    private = [
        ours.technician.phone, ours.customer.phone, "王建国", str(ours.technician.id), str(ours.job.id),
        ours.other_technician.name, theirs.customer.name, theirs.place.address, "39.98", "116.45", "39.9955",
    ]  # fmt: skip
    assert [word for word in private if word in text] == []


def test_who_comes_has_a_face_and_is_called_by_the_relay_alone(on_stage: Stage) -> None:
    world, picture = on_stage.world, io.BytesIO()
    Image.new("RGB", (300, 400), "teal").save(picture, "PNG")
    address = f"/api/technicians/{world.technician.id}/photo"
    office = on_stage.sign_in("dispatcher")
    assert office.request("PUT", address, content=b"no picture").status_code == 422
    assert office.request("PUT", address, content=picture.getvalue()).status_code == 204
    link = share(on_stage)
    assert "tel:" not in on_stage.client.get(link).text
    relay = {"relay_number": "+861095123"}
    on_stage.calls.write(
        lambda session: session.execute(
            sa.update(Organisation).where(col(Organisation.id) == world.org.id).values(relay)
        )
    )
    text = on_stage.client.get(link).text
    assert 'src="data:image/webp;base64,' in text
    assert 'href="tel:+861095123,1"' in text
    assert world.technician.phone not in text
    assert office.request("DELETE", address).status_code == 204
    assert "data:image" not in on_stage.client.get(link).text


def test_the_page_may_load_nothing_and_be_kept_by_nobody(on_stage: Stage) -> None:
    reply = on_stage.client.get(share(on_stage))
    policy = reply.headers["content-security-policy"]
    nonce = re.search(r"style-src 'nonce-([\w-]{20,})'", policy)
    assert nonce
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r'<(?:style|script) nonce="([\w-]+)"', reply.text)[0] == nonce.group(1)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in reply.headers["x-robots-tag"]
    assert "set-cookie" not in reply.headers
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', reply.text)
    assert " style=" not in reply.text
    assert on_stage.client.get(share(on_stage)).headers["content-security-policy"] != policy


def test_every_page_stays_below_its_budget(on_stage: Stage) -> None:
    path = share(on_stage)
    depart(on_stage)
    pages = [on_stage.client.get(path)]
    sign(on_stage)
    pages += [on_stage.client.get(path), on_stage.client.get(f"{path}/copy")]
    for reply in pages:
        assert reply.status_code == 200
        assert len(gzip.compress(reply.content)) < PAGE_BUDGET_BYTES


def test_on_the_way_it_reloads_by_itself_without_script_and_only_then(on_stage: Stage) -> None:
    path = share(on_stage)
    assert "http-equiv" not in on_stage.client.get(path).text
    depart(on_stage)
    text = on_stage.client.get(path).text
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in text
    assert "公里" in text


def test_the_fragment_is_the_part_that_changes(on_stage: Stage) -> None:
    reply = on_stage.client.get(share(on_stage), headers={"X-Fragment": "1"})
    assert reply.text.lstrip().startswith('<div class="parts"')
    assert "<style" not in reply.text


@pytest.mark.parametrize(
    ("query", "accept", "word"),
    [
        ("", "", "师傅已到达"),
        ("?lang=en", "", "is here"),
        ("", "en-US", "is here"),
        ("?lang=zh", "en", "已到达"),
    ],
)
def test_it_speaks_the_readers_language(on_stage: Stage, query: str, accept: str, word: str) -> None:
    reply = on_stage.client.get(share(on_stage) + query, headers={"Accept-Language": accept})
    assert word in reply.text
    assert reply.headers["content-language"] in {"zh-CN", "en"}


@pytest.mark.parametrize(
    "token", ["x", "A" * 500, "%00", "..%2f..%2fetc", "%F0%9F%98%80", "'><script>alert(1)</script>", "%ff"]
)
def test_nonsense_gets_the_same_page(on_stage: Stage, token: str) -> None:
    reply = on_stage.client.get(f"/c/{token}")
    assert reply.status_code in {400, 404}
    assert "<script>alert" not in reply.text


def test_a_withdrawn_link_is_withdrawn_over_http(on_stage: Stage) -> None:
    dispatcher, path = on_stage.sign_in("dispatcher"), share(on_stage)
    address = f"/api/jobs/{on_stage.world.job.id}/customer-link"
    assert dispatcher.request("DELETE", address).status_code == 204
    assert on_stage.client.get(path).status_code == 404
    assert share(on_stage) != path


@pytest.mark.parametrize(
    ("name", "status"),
    [("technician", 403), ("vendor", 403), ("clerk", 403), ("agent", 201), ("stranger", 404)],
)
def test_links_are_given_by_those_who_may(on_stage: Stage, name: str, status: int) -> None:
    person: Person = on_stage.sign_in(name)
    address = f"/api/jobs/{on_stage.world.job.id}/customer-link"
    assert person.post(address).status_code == status


def test_our_own_failure_is_told_without_details(on_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    path = share(on_stage)

    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("backend.tracking.facts.jobs.get_visible", fail)
    reply = on_stage.client.get(path)
    assert reply.status_code == 500
    assert "您的预约不受影响" in reply.text
    assert "secret detail" not in reply.text


def test_before_the_signature_the_copy_leads_to_the_progress(on_stage: Stage) -> None:
    path = share(on_stage)
    reply = on_stage.client.get(f"{path}/copy", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, f"{path}?lang=zh-CN")
    assert on_stage.client.get(f"{path}/copy.json").status_code == 404


def test_the_copy_prints_what_was_signed_and_its_hash(on_stage: Stage) -> None:
    path = share(on_stage)
    snapshot = sign(on_stage)
    reply = on_stage.client.get(f"{path}/copy")
    for text in (
        digest(snapshot),
        "¥120.00",
        "王建国",
        "SN60-0001",
        "已核验",
        "赵女士 &lt;b&gt;",
        '<path d="M',
    ):
        assert text in reply.text


def test_anybody_can_check_the_hash_of_the_signed_text(on_stage: Stage) -> None:
    path = share(on_stage)
    snapshot = sign(on_stage)
    reply = on_stage.client.get(f"{path}/copy.json")
    assert hashlib.sha256(reply.content).hexdigest() == digest(snapshot)
    assert json.loads(reply.content) == snapshot
    assert "attachment" in reply.headers["content-disposition"]


def test_a_changed_copy_says_so(on_stage: Stage) -> None:
    path = share(on_stage)
    snapshot = sign(on_stage)
    altered = json.dumps(snapshot | {"total_fen": 1}, ensure_ascii=False)
    on_stage.calls.write(lambda session: session.execute(sa.update(Acceptance).values(snapshot=altered)))
    text = on_stage.client.get(f"{path}/copy").text
    assert "内容与签字时不一致" in text
    assert "已核验" not in text


def test_positions_come_in_over_http(on_stage: Stage) -> None:
    depart(on_stage)
    phone = on_stage.sign_in("technician")
    reading = {"at": utc_now().isoformat(), "lat": 39.9, "lng": 116.4, "accuracy_m": 10}
    reply = phone.post("/api/sync/positions", json={"positions": [reading, reading]})
    assert reply.status_code == 200, reply.text
    assert reply.json()["ignored"] >= 1
    assert phone.post("/api/sync/positions", json={"positions": [reading] * 101}).status_code == 400
    assert phone.post("/api/sync/positions", json={"positions": [reading | {"lat": 91}]}).status_code == 400
    naive = reading | {"at": "2026-11-23T04:00:00"}
    assert phone.post("/api/sync/positions", json={"positions": [naive]}).status_code == 400
    assert (
        on_stage.sign_in("dispatcher").post("/api/sync/positions", json={"positions": []}).status_code == 403
    )


def test_an_unknown_job_has_no_link(on_stage: Stage) -> None:
    reply = on_stage.sign_in("dispatcher").post(f"/api/jobs/{uuid.uuid4()}/customer-link")
    assert reply.status_code == 404


def test_a_replayed_day_is_told_by_its_own_clock(on_stage: Stage) -> None:
    """The demo plays a day at any hour of the wall's clock; its position is fresh by the day's own."""
    path = share(on_stage)
    depart(on_stage)

    def replay(session: Session) -> None:
        session.execute(sa.update(Organisation).values(is_replay=True))
        session.execute(sa.update(Visit).values(departed_at=NOON, arrived_at=None))
        session.execute(sa.update(LastPosition).values(at=NOON + dt.timedelta(minutes=3)))

    on_stage.calls.write(replay)
    text = on_stage.client.get(path).text
    assert "刚刚更新" in text
    assert "信号中断" not in text
