"""Signing in, staying signed in, and everything that must not work."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from backend.audit.models import AuditEntry
from backend.auth import service
from backend.auth.models import Account, PairingCode, SignInSession
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


def test_a_pairing_code_signs_one_phone_in_once(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    technician_id = on_stage.world.technician.id
    reply = dispatcher.post(f"/api/technicians/{technician_id}/pairing-code")
    assert reply.status_code == 201
    assert reply.json()["qr_svg"].startswith("<svg")
    assert reply.json()["good_for_s"] == 15 * 60
    code = reply.json()["url"].split("#pair=")[1]
    first = on_stage.client.post("/api/session/pair", json={"code": code})
    assert first.json()["user"]["technician_id"] == str(technician_id)
    again = on_stage.client.post("/api/session/pair", json={"code": code})
    assert (again.status_code, again.json()["code"]) == (401, "code_spent")


def test_a_pairing_code_expires(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    url = dispatcher.post(f"/api/technicians/{on_stage.world.technician.id}/pairing-code").json()["url"]
    with time_machine.travel(utc_now() + dt.timedelta(minutes=16), tick=False):
        reply = on_stage.client.post("/api/session/pair", json={"code": url.split("#pair=")[1]})
    assert reply.status_code == 401


def test_a_pairing_code_of_an_account_closed_since_opens_nothing(on_stage: Stage) -> None:
    dispatcher, world = on_stage.sign_in("dispatcher"), on_stage.world
    url = dispatcher.post(f"/api/technicians/{world.technician.id}/pairing-code").json()["url"]

    def close(session: Session) -> None:
        session.get_one(Account, world.account.id).disabled_at = utc_now()

    on_stage.calls.write(close)
    reply = on_stage.client.post("/api/session/pair", json={"code": url.split("#pair=")[1]})
    assert (reply.status_code, reply.headers.get("set-cookie")) == (401, None)
    assert on_stage.calls.read(lambda session: session.exec(select(PairingCode.used_at)).all()) == [None]


@pytest.mark.parametrize("name", ["agent", "clerk", "technician"])
def test_only_dispatchers_pair_phones(on_stage: Stage, name: str) -> None:
    reply = on_stage.sign_in(name).post(f"/api/technicians/{on_stage.world.technician.id}/pairing-code")
    assert reply.status_code == 403


def test_a_vendor_pairs_its_own_technicians_only(on_stage: Stage) -> None:
    vendor = on_stage.sign_in("vendor")
    own, brands = on_stage.world.other_technician.id, on_stage.world.technician.id

    def tie_account(session: Session) -> None:
        account = session.merge(on_stage.world.other_account)
        account.vendor_id = on_stage.world.vendor.id

    on_stage.calls.write(tie_account)
    assert vendor.post(f"/api/technicians/{own}/pairing-code").status_code == 201
    assert vendor.post(f"/api/technicians/{brands}/pairing-code").status_code == 404


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
