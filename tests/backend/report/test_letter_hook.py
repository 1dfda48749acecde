"""E-mails handed over by HTTP: signed and fresh or refused, each taken once, then as those of a mailbox."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.report.letter_seal import BadSealError, LetterSeal
from backend.report.mailbox import MOST_BYTES
from backend.report.models import ReportLetter
from backend.report.postbox import Postbox
from backend.settings import LetterHookSettings
from tests.backend.report.caller import Caller, catalogue
from tests.backend.report.test_postbox import LI, US, Answers, mail, photo
from tests.databases import SqliteTemplates
from tests.factories.cast import cast, stage

OLD, NEW = "old-" * 8, "new-" * 8
PATH = "/api/letters/incoming"


def sealed(body: bytes, secret: str = NEW, at: dt.datetime | None = None) -> str:
    seconds = int((at or utc_now()).timestamp())
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made}"


class Service:
    """A mail service that calls us for each e-mail, and what the office has then."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.services = caller.on.client.app.state.services
        self.services.settings.letter_hook = LetterHookSettings(
            secrets=[SecretStr(NEW), SecretStr(OLD)], page="chenguang", address=US
        )

    def hand_over(self, body: bytes, signature: str | None = None) -> httpx.Response:
        seal = sealed(body) if signature is None else signature
        headers = {"Shangmen-Signature": seal, "Content-Type": "message/rfc822"}
        return self.caller.on.client.post(PATH, content=body, headers=headers)

    @property
    def letters(self) -> list[ReportLetter]:
        return self.caller.rows(ReportLetter)


@pytest.fixture
def service(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Service]:
    people = cast(JobStatus.BOOKED)
    with stage(sqlite_templates.copy_to(tmp_path / "shangmen.db"), tmp_path, people) as on:
        on.calls.write(catalogue, people)
        yield Service(Caller(on))


def looked_at_while_it_waits(service: Service, shown: dict[str, Any]) -> None:
    """The picture as it was cleaned, for the office alone, and only those the e-mail brought."""
    [one] = shown["files"]
    assert one["kind"] == "photo"
    path, on = f"/api/letters/{shown['id']}/files", service.caller.on
    picture = on.sign_in("agent").get(f"{path}/{one['sha256']}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.content[:2] == b"\xff\xd8"
    assert hashlib.sha256(picture.content).hexdigest() != one["sha256"]
    assert on.sign_in("agent").get(f"{path}/{'0' * 64}").status_code == 404
    assert on.sign_in("technician").get(f"{path}/{one['sha256']}").status_code == 403


def test_a_signed_mail_is_taken_once_and_answered_like_one_of_the_mailbox(service: Service) -> None:
    sent = mail()
    sent.add_attachment(photo(), maintype="image", subtype="jpeg", filename="fault.jpg")
    body = sent.as_bytes()
    taken = service.hand_over(body)
    assert (taken.status_code, taken.json()) == (200, {"state": "taken"})
    for again in (sealed(body, OLD), sealed(body, at=utc_now() - dt.timedelta(minutes=4))):
        assert service.hand_over(body, again).json() == {"state": "known"}
    assert service.hand_over(mail("<own@example.org>", From=US).as_bytes()).json() == {"state": "taken"}
    (shown,) = service.caller.on.sign_in("agent").get("/api/letters").json()["items"]
    assert (shown["sender"], len(shown["files"])) == (LI, 1)
    looked_at_while_it_waits(service, shown)
    answers, services = Answers(), service.services
    postbox = Postbox(services.settings, services.db, services.secret, answers)
    portal = service.caller.on.client.blocking_portal
    assert [portal.call(postbox.look) for _ in range(2)] == [0, 0]
    assert [one.address for one in answers.sent] == [LI]


def test_what_is_not_signed_by_us_and_now_is_not_read(service: Service) -> None:
    body = mail().as_bytes()
    for wrong in (
        "",
        "v1=" + "0" * 64,
        "t=1,v1=x",
        sealed(body).replace("t=", "t=9"),
        sealed(body, "else" * 8),
        sealed(body + b"!"),
        sealed(body, at=utc_now() - dt.timedelta(minutes=6)),
        sealed(body, at=utc_now() + dt.timedelta(minutes=6)),
    ):
        refused = service.hand_over(body, wrong)
        assert (refused.status_code, refused.json()["code"]) == (401, "bad_signature"), wrong
    assert service.hand_over(b"no e-mail").json()["code"] == "unreadable_letter"
    too_much = {"Shangmen-Signature": sealed(body), "Content-Length": str(MOST_BYTES + 1)}
    client = service.caller.on.client
    assert client.post(PATH, content=body, headers=too_much).status_code == 413
    hook = service.services.settings.letter_hook
    hook.secrets = hook.secrets[:1]  # the old secret is over
    assert service.hand_over(body, sealed(body, OLD)).status_code == 401
    hook.secrets = []
    assert service.hand_over(body).status_code == 404
    assert service.letters == []
    assert NEW not in repr(hook)
    with pytest.raises(ValidationError):
        LetterHookSettings(secrets=[SecretStr("short")])


def test_a_seal_is_what_any_tool_computes() -> None:
    """Made with `openssl dgst -sha256 -hmac`; one of several signatures is enough."""
    now, body = dt.datetime.fromtimestamp(1_700_000_000, dt.UTC), b"From: li@example.org\r\n\r\nhi"
    right = "e286b8a53150fd21e9bba34c6bba2c7df8c377cd13a454ebb5f0381453ec0491"
    for header, is_ours in (
        (f"v1={right}", True),
        (f"v1={'0' * 64},v1={right}", True),
        (f"v1={'0' * 64}", False),
    ):
        seal = LetterSeal.of(f"t=1700000000,{header}", [b"o" * 32, b"k" * 32], now)
        seal.read(body[:7])
        seal.read(body[7:])
        if is_ours:
            seal.require()
        else:
            with pytest.raises(BadSealError):
                seal.require()
