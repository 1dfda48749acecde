"""Integrations act with tokens that are shown once, end when they should, and are made by administrators."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from backend.audit.models import AuditEntry
from backend.auth.models import ApiToken
from backend.auth.service import digest
from backend.cli import main
from backend.db.types import utc_now
from tests.factories.calls import calls_to
from tests.factories.cast import Stage, cast


def make(stage: Stage, **body: Any) -> dict[str, Any]:
    reply = stage.sign_in("admin").post("/api/tokens", json={"name": "shop", **body})
    assert reply.status_code == 201, reply.text
    assert reply.headers["cache-control"] == "no-store"
    found: dict[str, Any] = reply.json()
    return found


def status_with(stage: Stage, token: str, path: str = "/api/jobs") -> int:
    stage.client.cookies.clear()
    return stage.client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_acts_without_a_cookie_until_it_expires(on_stage: Stage) -> None:
    made = make(on_stage, expires_at=(utc_now() + dt.timedelta(days=1)).isoformat())
    assert status_with(on_stage, made["token"]) == 200
    (listed,) = on_stage.sign_in("admin").get("/api/tokens").json()["items"]
    assert dt.datetime.fromisoformat(listed["last_used_at"]) > dt.datetime.fromisoformat(listed["created_at"])
    assert status_with(on_stage, "smt_guess") == 401
    with time_machine.travel(utc_now() + dt.timedelta(days=2), tick=False):
        assert status_with(on_stage, made["token"]) == 401


def test_a_revoked_token_is_worthless_at_once(on_stage: Stage) -> None:
    admin, made = on_stage.sign_in("admin"), make(on_stage)
    for _ in range(2):
        revoked = admin.request("DELETE", f"/api/tokens/{made['id']}")
        assert (revoked.status_code, bool(revoked.json()["revoked_at"])) == (200, True)
    assert status_with(on_stage, made["token"]) == 401
    entries = on_stage.calls.read(lambda session: session.exec(select(AuditEntry)).all())
    assert [e.action for e in entries if e.entity == "api_token"] == ["token.created", "token.revoked"]
    assert made["token"] not in str([entry.model_dump() for entry in entries])


def test_a_token_is_shown_once_and_stored_as_a_hash(on_stage: Stage) -> None:
    made = make(on_stage)
    listed = on_stage.sign_in("admin").get("/api/tokens")
    assert made["token"] not in listed.text
    assert [row["name"] for row in listed.json()["items"]] == ["shop"]

    def stored(session: Session) -> ApiToken:
        return session.exec(select(ApiToken)).one()

    assert on_stage.calls.read(stored).token_hash == digest(made["token"])


def test_a_token_has_the_rights_of_an_integration_and_no_others(on_stage: Stage) -> None:
    token = make(on_stage)["token"]
    assert status_with(on_stage, token, "/api/tokens") == 403
    region, day = on_stage.world.region.id, on_stage.world.job.day
    assert status_with(on_stage, token, f"/api/plans?region_id={region}&day={day}") == 403


@pytest.mark.parametrize("name", ["dispatcher", "agent", "clerk", "vendor", "technician"])
def test_only_administrators_make_see_and_end_tokens(on_stage: Stage, name: str) -> None:
    made, person = make(on_stage), on_stage.sign_in(name)
    assert person.get("/api/tokens").status_code == 403
    assert person.post("/api/tokens", json={"name": "mine"}).status_code == 403
    assert person.request("DELETE", f"/api/tokens/{made['id']}").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 121},
        {"name": "late", "expires_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_a_token_without_name_or_future_is_refused(on_stage: Stage, body: dict[str, Any]) -> None:
    assert on_stage.sign_in("admin").post("/api/tokens", json=body).status_code in (400, 422)


def test_the_command_line_makes_lists_and_revokes(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people = cast()
    with calls_to(database_url) as calls:
        calls.write(people.save)
    monkeypatch.setenv("SHANGMEN_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)

    assert main(["token", "create", "shop"]) == 2  # the cast lives in two organisations
    assert "--organisation" in capsys.readouterr().err
    people_of = ["--organisation", "别家"]
    with calls_to(database_url) as calls:
        calls.write(lambda session: setattr(session.merge(people.theirs.org), "name", "别家"))
    assert main(["token", "create", "shop", "--days", "30", *people_of]) == 0
    secret = capsys.readouterr().out.strip()
    assert re.fullmatch(r"smt_[\w-]{43}", secret)
    assert main(["token", "list", *people_of]) == 0
    listed = capsys.readouterr().out
    assert "good until" in listed
    assert secret not in listed
    assert main(["token", "revoke", listed.split()[0], *people_of]) == 0
    assert "shop: revoked" in capsys.readouterr().out
    assert main(["token", "revoke", "nonsense", *people_of]) == 2
