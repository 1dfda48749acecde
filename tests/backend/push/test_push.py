"""What a browser is told arrives encrypted for it, signed by us, and can be read by any passer-by."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.models import Account
from backend.jobs.lifecycle import JobStatus
from backend.push import sender, service
from backend.push.claims import Claimed
from backend.push.keys import load_keys
from backend.push.models import QUEUED, PersonKind, PushMessage, PushState, PushSubscription
from backend.push.service import Notice, Person
from tests.backend.push.conftest import Post
from tests.factories.cast import Stage, cast, stage
from tests.factories.push_service import Browser, PushService

NOTICE = Notice({"zh-CN": "题", "en": "Title"}, {"zh-CN": "文", "en": "Body"}, "/technician/#/today")
PERSONAL = ("赵女士", "望京", "154000")


@pytest.fixture
def assigned(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Our technician has a job they have not set out for."""
    people = cast(JobStatus.ASSIGNED)
    with stage(database_url, tmp_path, people, push_services=["localhost"]) as opened:
        yield opened


def subscribe(on_stage: Stage, url: str, browser: Browser, language: str = "zh-CN") -> str:
    phone = on_stage.sign_in("technician")
    reply = phone.post("/api/push/subscriptions", browser.subscription(f"{url}/one", language))
    assert reply.status_code == 204
    key: str = phone.get("/api/push/key").json()["public_key"]
    return key


def save_cast(post: Post) -> Account:
    """Our technician's account, with all they belong to saved."""
    people = cast(JobStatus.ASSIGNED)
    post.calls.write(people.save)
    return people.ours.account


def test_a_moved_job_is_told_encrypted_and_signed(assigned: Stage, pushing: PushService) -> None:
    browser = Browser()
    public_key = subscribe(assigned, pushing.url, browser)
    office, job = assigned.sign_in("dispatcher"), assigned.world.job
    version = office.get(f"/api/jobs/{job.id}").json()["sheet"]["version"]
    start = assigned.world.visit.arrive_at + dt.timedelta(hours=2)
    data = {"technician_id": str(assigned.world.technician.id), "start": start.isoformat()}
    body = {"action": "assign", "version": version, "data": data}
    assert office.post(f"/api/jobs/{job.id}/actions", body).status_code == 200
    [pushed] = pushing.wait_for(1)
    assert pushed.headers["content-encoding"] == "aes128gcm"
    assert pushed.headers["topic"] == "plan"
    assert pushed.is_signed(public_key)
    assert pushed.claims()["aud"] == pushing.url
    told = browser.open(pushed.body)
    assert (told["title"], told["topic"]) == ("安排有变", "plan")
    assert told["body"].startswith(f"{job.number} ")
    assert "改到" in told["body"]
    assert told["url"] == f"/technician/#/job/{job.id}"
    assert not any(word in str(told) for word in PERSONAL)


def test_a_note_of_the_office_is_announced_without_what_it_says(
    assigned: Stage, pushing: PushService
) -> None:
    browser = Browser()
    subscribe(assigned, pushing.url, browser, "en")
    office, job = assigned.sign_in("dispatcher"), assigned.world.job
    office.post(f"/api/jobs/{job.id}/edit", {"version": 1, "note": "密码 1234"})
    told = browser.open(pushing.wait_for(1)[0].body)
    assert (told["title"], told["body"]) == ("A note from the office", f"Job {job.number}")


def test_a_browser_that_is_gone_is_forgotten_and_others_are_tried_again(
    post: Post, pushing: PushService
) -> None:
    account = save_cast(post)
    pushing.answers = {f"/{status}": status for status in (404, 410, 403, 503)}
    for path in pushing.answers:
        post.subscribe(account.org_id, account.id, path)
    post.calls.write(service.send, Person(PersonKind.ACCOUNT, account.id), "plan", NOTICE)
    assert post.send() == 0
    counted = post.calls.read(lambda s: s.scalar(sa.select(sa.func.count(col(PushSubscription.id)))))
    assert counted == 2
    assert sorted((row.state, row.why) for row in post.queued()) == [
        (PushState.FAILED, "HTTP 403"),
        (PushState.QUEUED, "HTTP 503"),
    ]


def test_only_push_services_are_written_to(assigned: Stage) -> None:
    phone = assigned.sign_in("technician")
    for endpoint in ("https://example.com/x", "http://10.0.0.1/x", "https://localhost.evil.example/x"):
        reply = phone.post("/api/push/subscriptions", Browser().subscription(endpoint))
        assert (reply.status_code, reply.json()["code"]) == (422, "unknown_push_service")


def test_a_newer_notice_takes_the_place_of_one_that_waits(assigned: Stage) -> None:
    person = Person(PersonKind.CUSTOMER, assigned.world.customer.id)

    def prepare(session: Session) -> None:
        row = PushSubscription(
            org_id=assigned.world.org.id, person_kind=person.kind, person_id=person.id,
            endpoint="https://x.push.apple.com/1", p256dh="-", auth="-", language="en",
        )  # fmt: skip
        session.add(row)
        session.flush()
        service.send(session, person, "plan", NOTICE)
        service.send(session, person, "plan", Notice(NOTICE.title, {**NOTICE.body, "en": "New"}, "/"))

    def look(session: Session) -> list[str]:
        return [row.payload["body"] for row in session.exec(select(PushMessage))]

    def both(session: Session) -> list[str]:
        prepare(session)
        session.flush()
        return look(session)

    assert assigned.calls.write(both) == ["New"]


def test_a_browser_belongs_to_whoever_used_it_last_and_can_be_taken_off(assigned: Stage) -> None:
    browser, endpoint = Browser(), "http://localhost:1/same"
    for name in ("technician", "dispatcher"):
        person = assigned.sign_in(name)
        assert person.post("/api/push/subscriptions", browser.subscription(endpoint)).status_code == 204
    rows = assigned.calls.read(lambda session: list(session.exec(select(PushSubscription))))
    assert [row.person_id for row in rows] == [assigned.cast.accounts["dispatcher"].id]
    gone = assigned.sign_in("technician").post("/api/push/subscriptions/remove", {"endpoint": endpoint})
    assert gone.status_code == 204
    assert len(assigned.calls.read(lambda session: list(session.exec(select(PushSubscription))))) == 1
    assigned.sign_in("dispatcher").post("/api/push/subscriptions/remove", {"endpoint": endpoint})
    assert assigned.calls.read(lambda session: list(session.exec(select(PushSubscription)))) == []


def test_the_keys_are_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    first, again = load_keys(tmp_path), load_keys(tmp_path)
    assert first.public == again.public
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o777 == 0o600


def test_an_error_nobody_foresaw_holds_up_no_other_message(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = sender.PushSender._push

    async def push(self: sender.PushSender, client: httpx.AsyncClient, claimed: Claimed) -> bool:
        if claimed.endpoint.endswith("/one"):
            raise RuntimeError("nobody foresaw this")
        return await usual(self, client, claimed)

    monkeypatch.setattr(sender.PushSender, "_push", push)
    account = save_cast(post)
    for path in ("/one", "/two"):
        post.subscribe(account.org_id, account.id, path)
    post.calls.write(service.send, Person(PersonKind.ACCOUNT, account.id), "plan", NOTICE)
    assert post.send() == 1
    assert [row.why for row in post.queued()] == ["error: RuntimeError"]
    assert [pushed.path for pushed in post.pushing.pushed] == ["/two"]


def test_a_commit_wakes_the_sender_when_it_queued_something_and_only_then(post: Post) -> None:
    account, woken = save_cast(post), list[str]()
    post.calls.database.on_marked[QUEUED] = lambda: woken.append("to send")
    post.subscribe(account.org_id, account.id)
    assert woken == []
    post.calls.write(service.send, Person(PersonKind.ACCOUNT, account.id), "plan", NOTICE)
    assert woken == ["to send"]


def test_a_sender_is_woken_as_long_as_it_runs(post: Post) -> None:
    wakes = post.calls.database.on_marked
    post.calls.run(post.sender.start)
    assert QUEUED in wakes
    post.calls.run(post.sender.close)
    assert QUEUED not in wakes
