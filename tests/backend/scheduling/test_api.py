"""Planning over HTTP: a dispatcher asks, watches, compares, publishes; others see nothing."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session

from backend.auth import service as auth
from backend.auth.models import Account, Role
from tests.factories.cast import RULES, Person, Stage, stage
from tests.factories.scheduling import DAY, PlanningDay, small_day

WITHIN_S = 240.0


def account_of(day: PlanningDay, role: Role) -> Account:
    return Account(
        org_id=day.org.id,
        login=f"{role}-{day.org.id}",
        name="调度小林",
        role=role,
        password_hash="-",
        vendor_id=day.vendor.id if role is Role.VENDOR_DISPATCHER else None,
    )


class Office:
    """A running server with a day to plan, and the people of its organisation."""

    def __init__(self, opened: Stage, day: PlanningDay) -> None:
        self.stage, self.day = opened, day
        self.committed = threading.Event()
        opened.client.app.state.services.db.on_commit.append(self.committed.set)

    def person(self, role: Role = Role.DISPATCHER) -> Person:
        account = account_of(self.day, role)

        def sign_in(session: Session) -> auth.SignedIn:
            session.add(account)
            session.flush()
            return auth.open_session(session, account, RULES, "", "test")

        signed_in = self.stage.calls.write(sign_in)
        return Person(self.stage.client, signed_in.token, signed_in.csrf_token)

    def ask(self, who: Person, **fields: Any) -> httpx.Response:
        body = {"region_id": str(self.day.region.id), "day": DAY.isoformat(), "seconds": 0.3, **fields}
        return who.post("/api/plan-runs", body)

    def ended(self, who: Person, run_id: str) -> dict[str, Any]:
        """The run at its end; looks again after each commit of the server."""
        while True:
            self.committed.clear()
            run: dict[str, Any] = who.get(f"/api/plan-runs/{run_id}").json()
            if run["state"] in ("done", "failed"):
                return run
            assert self.committed.wait(WITHIN_S), run


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    day = small_day(jobs=3)
    with stage(database_url, tmp_path) as opened:
        opened.calls.write(day.save)
        yield Office(opened, day)


def test_a_dispatcher_plans_compares_and_publishes(office: Office) -> None:
    who = office.person()
    asked = office.ask(who)
    assert asked.status_code == 202
    assert asked.json()["state"] == "queued"

    run = office.ended(who, asked.json()["id"])
    assert (run["state"], run["error"], run["requested_by"]) == ("done", None, "调度小林")
    assert run["progress"]["unserved"] == 0

    plan = who.get(f"/api/plans/{run['plan_id']}").json()
    assert (plan["state"], plan["run_id"]) == ("draft", run["id"])
    assert {visit["job_id"] for visit in plan["visits"]} == {str(job.id) for job in office.day.jobs}
    first = plan["visits"][0]
    assert first["arrive"] <= first["start"] < first["end"]
    assert first["start"].endswith("Z")
    assert first["why"]["marginal_fen"] > 0
    assert first["why"]["alternatives"]
    compared = plan["against_current"]
    assert compared["cost"]["total"] == {
        "before": sum(job.unserved_fen for job in office.day.jobs),
        "after": plan["cost"]["total"],
    }
    assert {item["number"] for item in compared["added"]} == {"J1", "J2", "J3"}

    published = who.post(f"/api/plans/{plan['id']}/publish")
    assert published.status_code == 200
    assert published.json()["state"] == "published"
    again = who.post(f"/api/plans/{plan['id']}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "plan_not_draft")

    region_day = {"region_id": str(office.day.region.id), "day": DAY.isoformat()}
    listed = who.get("/api/plans", params=region_day).json()["items"]
    assert [(item["id"], item["state"], item["published_by"]) for item in listed] == [
        (plan["id"], "published", "调度小林")
    ]


def test_a_stale_draft_says_what_changed(office: Office) -> None:
    who = office.person()
    run = office.ended(who, office.ask(who).json()["id"])
    job = office.day.jobs[1]
    cancelled = who.post(
        f"/api/jobs/{job.id}/actions", {"action": "cancel", "version": 1, "data": {"reason": "不装了"}}
    )
    assert cancelled.status_code == 200, cancelled.text

    refused = who.post(f"/api/plans/{run['plan_id']}/publish")

    assert refused.status_code == 409
    assert refused.headers["content-type"].startswith("application/problem+json")
    body = refused.json()
    assert body["code"] == "plan_stale"
    assert body["changes"] == [{"job_id": str(job.id), "number": "J2", "what": "gone", "technician_id": None}]
    dropped = who.post(f"/api/plans/{run['plan_id']}/drop")
    assert dropped.json()["state"] == "dropped"


@pytest.mark.parametrize(
    "fields",
    [
        {"day": "2026-02-30"},
        {"day": "0001-01-01"},
        {"day": "9999-12-31"},
        {"seconds": 0},
        {"seconds": 1e300},
        {"seed": -1},
        {"seed": 2**70},
        {"engine": "magic"},
        {"surprise": 1},
        {"region_id": "beijing"},
    ],
    ids=lambda fields: str(next(iter(fields.items()))),
)
def test_an_impossible_wish_is_refused(office: Office, fields: dict[str, Any]) -> None:
    refused = office.ask(office.person(), **fields)
    assert refused.status_code == 400
    assert refused.json()["code"] in ("bad_input", "bad_day")


def test_nobody_else_sees_or_touches_a_plan(office: Office) -> None:
    who = office.person()
    asked = office.ask(who).json()
    run = office.ended(who, asked["id"])
    region_day = {"region_id": str(office.day.region.id), "day": DAY.isoformat()}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/api/plan-runs/{run['id']}", {}),
        ("POST", f"/api/plan-runs/{run['id']}/cancel", {}),
        ("GET", "/api/plans", {"params": region_day}),
        ("GET", f"/api/plans/{run['plan_id']}", {}),
        ("POST", f"/api/plans/{run['plan_id']}/publish", {}),
        ("POST", f"/api/plans/{run['plan_id']}/drop", {}),
        ("POST", "/api/plan-runs", {"json": {**region_day, "seconds": 0.3}}),
    ]
    stranger = office.stage.sign_in("stranger")
    vendor = office.person(Role.VENDOR_DISPATCHER)
    for method, path, extra in requests:
        assert stranger.request(method, path, **extra).status_code == 404, path
        assert vendor.request(method, path, **extra).status_code == 403, path
        assert office.stage.client.request(method, path, **extra).status_code == 401, path


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    who = office.person()
    for path in ("plans", "plan-runs"):
        reply = who.get(f"/api/{path}/{uuid.uuid4()}")
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
