"""Each organisation has an address of its own where e-mails are handed over, with a secret shown once."""

import asyncio
import datetime as dt
import uuid
from typing import Any

import httpx
import pytest
import time_machine
from sqlmodel import Session, select

from backend.audit.models import AuditEntry
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.types import utc_now
from backend.report import letter_hooks, policies
from backend.report.models import LetterHook, ReportLetter
from tests.backend.report.test_letter_hook import sealed
from tests.backend.report.test_postbox import US, mail
from tests.factories.cast import Stage

PATH = "/api/letter-hook"


def make(stage: Stage, **body: Any) -> dict[str, Any]:
    return shown(stage.sign_in("admin").post(PATH, body))


def made_elsewhere(stage: Stage) -> tuple[str, str]:
    """Address and secret of the other organisation."""
    admin = Actor(Role.ADMIN, stage.cast.theirs.org.id)
    made = stage.calls.write(letter_hooks.make, admin, stage.client.app.state.services.secret, "")
    return f"/api/letters/incoming/{made.row.id}", made.secret


def renew(stage: Stage, old_good_h: int) -> str:
    secret: str = shown(stage.sign_in("admin").post(f"{PATH}/secret", {"old_good_h": old_good_h}))["secret"]
    return secret


def shown(reply: httpx.Response) -> dict[str, Any]:
    assert (reply.status_code, reply.headers["cache-control"]) == (201, "no-store"), reply.text
    made: dict[str, Any] = reply.json()
    assert made["secret"].startswith(letter_hooks.SECRET_PREFIX)
    return made


def hand_over(stage: Stage, url: str, secret: str, body: bytes) -> httpx.Response:
    stage.client.cookies.clear()
    path = url.partition("/api/")[2]
    return stage.client.post(
        f"/api/{path}", content=body, headers={"Shangmen-Signature": sealed(body, secret)}
    )


def kept_of(session: Session) -> dict[uuid.UUID, int]:
    """How many e-mails each organisation has."""
    found: dict[uuid.UUID, int] = {}
    for row in session.exec(select(ReportLetter)):
        found[row.org_id] = found.get(row.org_id, 0) + 1
    return found


def actions(session: Session) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).where(AuditEntry.entity == "letter_hook")))


def test_an_address_is_made_used_by_its_organisation_given_a_new_secret_and_withdrawn(
    on_stage: Stage,
) -> None:
    admin = on_stage.sign_in("admin")
    assert admin.get(PATH).json() == {"hook": None}
    made = make(on_stage, address=US)
    url, first = made["url"], made["secret"]
    assert first not in admin.get(PATH).text
    row = on_stage.calls.read(lambda session: session.exec(select(LetterHook)).one())
    assert first not in row.sealed
    assert admin.post(PATH, {}).status_code == 409

    body = mail().as_bytes()
    assert hand_over(on_stage, url, first, body).json() == {"state": "taken"}
    assert hand_over(on_stage, url, first, body).json() == {"state": "known"}
    assert hand_over(on_stage, url, first, mail("<own@x.org>", From=US).as_bytes()).status_code == 200
    assert on_stage.calls.read(kept_of) == {on_stage.world.org.id: 2}
    assert admin.get(PATH).json()["hook"]["last_used_at"]

    second = renew(on_stage, 24)
    assert [hand_over(on_stage, url, one, body).status_code for one in (first, second)] == [200, 200]
    with time_machine.travel(utc_now() + dt.timedelta(hours=25), tick=False):
        assert [hand_over(on_stage, url, one, body).status_code for one in (first, second)] == [401, 200]
    third = renew(on_stage, 0)
    assert [hand_over(on_stage, url, one, body).status_code for one in (first, second, third)] == [
        401, 401, 200,
    ]  # fmt: skip
    assert [admin.request("DELETE", PATH).status_code for _ in range(2)] == [204, 404]
    assert hand_over(on_stage, url, third, body).status_code == 404
    assert make(on_stage)["url"] != url
    entries = on_stage.calls.read(actions)
    assert [one.action.partition(".")[2] for one in entries] == [
        "made", "renewed", "renewed", "withdrawn", "made",
    ]  # fmt: skip
    told = str([one.model_dump() for one in entries])
    assert not any(one in told for one in (first, second, third))


def test_who_keeps_guessing_is_not_read_any_more_and_holds_up_nobody_else(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "MOST_BAD_SEALS_PER_HOUR", 2)
    monkeypatch.setattr(policies, "MOST_HANDED_OVER_PER_HOUR", 2)
    guessed, (url, secret) = make(on_stage), made_elsewhere(on_stage)
    body = mail().as_bytes()
    wrong = [hand_over(on_stage, guessed["url"], secret, body).status_code for _ in range(3)]
    assert wrong == [401, 401, 429]
    assert hand_over(on_stage, guessed["url"], guessed["secret"], body).status_code == 429
    right = [hand_over(on_stage, url, secret, body) for _ in range(3)]
    assert [one.status_code for one in right] == [200, 200, 429]
    assert int(right[-1].headers["retry-after"]) > 0
    assert list(on_stage.calls.read(kept_of)) == [on_stage.cast.theirs.org.id]
    nobody = guessed["url"].rpartition("/")[0] + f"/{uuid.uuid4()}"
    assert hand_over(on_stage, nobody, guessed["secret"], body).status_code == 404


def test_only_administrators_see_make_and_end_it(on_stage: Stage) -> None:
    make(on_stage)
    for name in ("dispatcher", "agent", "vendor"):
        person = on_stage.sign_in(name)
        asked = [person.get(PATH), person.post(PATH, {}), person.post(f"{PATH}/secret", {})]
        assert [one.status_code for one in (*asked, person.request("DELETE", PATH))] == [403] * 4
    for wrong in ({"old_good_h": -1}, {"old_good_h": 169}, {"address": "a b"}):
        path = f"{PATH}/secret" if "old_good_h" in wrong else PATH
        assert on_stage.sign_in("admin").post(path, wrong).status_code == 400


def test_two_administrators_at_once_make_one(on_stage: Stage) -> None:
    account, db = on_stage.cast.accounts["admin"], on_stage.calls.database
    actor = Actor(Role.ADMIN, account.org_id, account_id=account.id)

    async def both() -> list[object]:
        making = (db.write(letter_hooks.make, actor, b"server", "") for _ in range(2))
        return list(await asyncio.gather(*making, return_exceptions=True))

    outcomes = on_stage.calls.run(both)
    assert sorted(isinstance(one, letter_hooks.NewSecret) for one in outcomes) == [False, True]
    assert on_stage.calls.read(lambda session: len(session.exec(select(LetterHook)).all())) == 1
