"""Signing in, staying signed in, and everything that must not work."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from backend.audit.models import AuditEntry
from backend.auth import service
from backend.auth.models import SignInSession
from backend.db.types import utc_now
from backend.organisations.models import Organisation
from tests.factories.cast import PASSWORD, Stage


def sign_in(stage: Stage, login: str, password: str) -> dict[str, Any]:
    reply = stage.client.post("/api/session", json={"login": login, "password": password})
    return {"status": reply.status_code, **reply.json(), "cookie": reply.headers.get("set-cookie", "")}


def test_the_right_password_opens_a_session_in_a_closed_cookie(on_stage: Stage) -> None:
    reply = sign_in(on_stage, "dispatcher", PASSWORD)
    assert reply["status"] == 201
    assert reply["user"]["role"] == "dispatcher"
    cookie = str(reply["cookie"]).lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    read = on_stage.client.get("/api/session")
    assert read.json()["user"] == reply["user"]


def test_the_cookies_value_is_nowhere_in_the_database(on_stage: Stage) -> None:
    sign_in(on_stage, "dispatcher", PASSWORD)
    token = on_stage.client.cookies["shangmen_session"]
    stored = on_stage.calls.read(lambda session: session.exec(select(SignInSession)).one())
    assert token not in (stored.token_hash, stored.csrf_token)
    assert stored.token_hash == service.digest(token)


@pytest.mark.parametrize(
    ("login", "password"), [("dispatcher", "wrong"), ("nobody", PASSWORD), ("dispatcher", " ")]
)
def test_a_wrong_login_or_password_tells_nothing_more(on_stage: Stage, login: str, password: str) -> None:
    reply = sign_in(on_stage, login, password)
    assert (reply["status"], reply["code"], reply["cookie"]) == (401, "wrong_password", "")


def test_guessing_is_slowed_down_and_forgiven_later(on_stage: Stage) -> None:
    attempts = on_stage.client.app.state.services.settings.sign_in_attempts
    with time_machine.travel(utc_now(), tick=True) as clock:
        for _ in range(attempts):
            assert sign_in(on_stage, "dispatcher", "wrong")["status"] == 401
        refused = sign_in(on_stage, "dispatcher", PASSWORD)
        assert (refused["status"], refused["code"]) == (429, "too_many_attempts")
        clock.shift(dt.timedelta(minutes=6))
        assert sign_in(on_stage, "dispatcher", PASSWORD)["status"] == 201


def test_guesses_that_come_at_once_are_no_more_than_those_one_after_the_other(on_stage: Stage) -> None:
    attempts = on_stage.client.app.state.services.settings.sign_in_attempts
    with ThreadPoolExecutor(3 * attempts) as pool:
        told = list(
            pool.map(lambda _: sign_in(on_stage, "dispatcher", "wrong")["status"], range(3 * attempts))
        )
    assert (told.count(401), told.count(429)) == (attempts, 2 * attempts)


def test_a_write_without_the_csrf_token_is_refused(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    body = {"technician": True, "time": False, "version": 1}
    path = f"/api/jobs/{on_stage.world.job.id}/lock"
    assert dispatcher.post(path, json=body, headers={"x-csrf-token": ""}).json()["code"] == "csrf"
    assert dispatcher.post(path, json=body, headers={"x-csrf-token": "guess"}).status_code == 403
    assert dispatcher.post(path, json=body).status_code == 200


def test_signing_out_ends_the_session(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    assert dispatcher.request("DELETE", "/api/session").status_code == 204
    assert dispatcher.get("/api/session").status_code == 401


def test_a_session_ends_by_itself_and_with_the_account(on_stage: Stage) -> None:
    dispatcher, agent = on_stage.sign_in("dispatcher"), on_stage.sign_in("agent")
    with time_machine.travel(utc_now() + dt.timedelta(hours=2), tick=False):
        assert dispatcher.get("/api/session").status_code == 401

    def close_account(session: Session) -> None:
        account = on_stage.cast.accounts["agent"]
        session.merge(account).disabled_at = utc_now()

    on_stage.calls.write(close_account)
    assert agent.get("/api/session").status_code == 401


def test_a_session_says_in_what_the_organisation_counts(on_stage: Stage) -> None:
    def abroad(session: Session) -> None:
        session.get_one(Organisation, on_stage.world.org.id).currency = "EUR"

    on_stage.calls.write(abroad)
    assert sign_in(on_stage, "dispatcher", PASSWORD)["user"]["currency"] == "EUR"
    assert on_stage.sign_in("technician").get("/api/session").json()["user"]["currency"] == "EUR"


def test_signing_in_is_audited_without_secrets(on_stage: Stage) -> None:
    sign_in(on_stage, "dispatcher", PASSWORD)
    entries = on_stage.calls.read(lambda session: session.exec(select(AuditEntry)).all())
    entry = next(e for e in entries if e.action == "sign_in")
    assert (entry.actor_name, entry.actor_kind, entry.data) == (
        "dispatcher",
        "dispatcher",
        {"how": "password"},
    )
    assert entry.request_id
