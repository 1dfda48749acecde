"""Complaints have limits in working hours; the office is warned before one is broken."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, select

from backend.messages.models import Message, MessageEvent, MessageRules
from backend.organisations.models import Organisation
from backend.ratings import complaints
from backend.ratings.models import ComplaintRules, FollowUp
from tests.factories.cast import Stage

RULES: dict[str, Any] = {
    "answer_h": 2, "resolve_h": 8, "warn_minutes": 30, "weekdays": [0, 1, 2, 3, 4, 5, 6],
    "open_from_h": 0, "open_until_h": 24, "calendar": "", "ask_after_days": 3,
}  # fmt: skip
WRONG: list[dict[str, Any]] = [
    {"open_until_h": 0}, {"resolve_h": 1}, {"calendar": "ZZ"}, {"weekdays": []}, {"ask_after_days": 4},
]  # fmt: skip
MINUTE = dt.timedelta(minutes=1)


def round_the_clock(session: Session, stage: Stage) -> None:
    """Every hour is a working hour, and the office has a robot in its chat."""
    org_id = stage.world.org.id
    session.add(ComplaintRules(org_id=org_id, **RULES))
    session.add(MessageRules(org_id=org_id, alerts=["wecom"]))


def complain(stage: Stage, key: uuid.UUID | None = None) -> dict[str, Any]:
    said = {"key": str(key or uuid.uuid4()), "text": "两次没来"}
    reply = stage.sign_in("agent").post(f"/api/jobs/{stage.world.job.id}/complaints", said)
    assert reply.status_code == 201, reply.text
    told: dict[str, Any] = reply.json()
    return told


def alerts(session: Session) -> list[str]:
    rows = session.exec(select(Message).where(Message.event == MessageEvent.ALERT))
    return sorted(row.data["what"] for row in rows)


def test_a_complaint_is_answered_and_settled_each_within_its_limit(on_stage: Stage) -> None:
    on_stage.calls.write(round_the_clock, on_stage)
    told = complain(on_stage)
    row = on_stage.calls.read(lambda session: session.get_one(FollowUp, uuid.UUID(told["id"])))
    assert abs(row.due_at - row.created_at - 120 * MINUTE) < MINUTE
    assert abs(row.resolve_by - row.created_at - 480 * MINUTE) < MINUTE
    assert told["due_at"] == told["answer_by"]
    agent = on_stage.sign_in("agent")
    path = f"/api/follow-ups/{told['id']}"
    assert agent.post(f"{path}/answer").status_code == 204
    assert agent.post(f"{path}/answer").json()["code"] == "answered"
    [answered] = agent.get("/api/follow-ups").json()
    assert (answered["due_at"], answered["answered_by"]) == (answered["resolve_by"], "agent")
    assert agent.post(f"{path}/close", {"outcome": "退上门费"}).status_code == 204
    assert agent.get("/api/follow-ups").json() == []


def test_the_office_is_warned_once_before_each_limit(on_stage: Stage) -> None:
    on_stage.calls.write(round_the_clock, on_stage)
    told = complain(on_stage)
    made = dt.datetime.fromisoformat(told["answer_by"]) - 120 * MINUTE
    org_id = on_stage.world.org.id

    def look(minutes: int) -> int:
        return on_stage.calls.write(complaints.escalate, org_id, made + minutes * MINUTE)

    assert [look(80), look(95), look(130)] == [0, 1, 0]
    [shown] = on_stage.sign_in("dispatcher").get("/api/follow-ups").json()
    assert shown["is_escalated"]
    on_stage.sign_in("dispatcher").post(f"/api/follow-ups/{told['id']}/answer")
    assert [look(440), look(455), look(500)] == [0, 1, 0]
    assert on_stage.calls.read(alerts) == ["complaint", "complaint_due", "complaint_due"]


@pytest.mark.parametrize("name", ["vendor", "technician", "clerk"])
def test_only_the_office_takes_complaints(on_stage: Stage, name: str) -> None:
    path = f"/api/jobs/{on_stage.world.job.id}/complaints"
    said = {"key": str(uuid.uuid4()), "text": "x"}
    assert on_stage.sign_in(name).post(path, said).status_code == 403


def test_a_complaint_sent_twice_even_at_once_is_one(on_stage: Stage) -> None:
    on_stage.calls.write(round_the_clock, on_stage)
    key = uuid.uuid4()
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: complain(on_stage, key)["id"], range(4)))
    assert len(set(told)) == 1
    assert on_stage.calls.read(alerts) == ["complaint"]
    other = complain(on_stage)
    assert [one["id"] for one in on_stage.sign_in("agent").get("/api/follow-ups").json()] == [
        told[0],
        other["id"],
    ]


@pytest.mark.parametrize(("country", "calendar"), [("CN", "CN"), ("DE", "DE"), ("XX", "")])
def test_the_standard_holidays_are_those_of_the_organisation_s_country(
    on_stage: Stage, country: str, calendar: str
) -> None:
    def move(session: Session) -> None:
        session.get_one(Organisation, on_stage.world.org.id).phone_region = country

    on_stage.calls.write(move)
    assert on_stage.sign_in("agent").get("/api/complaint-rules").json()["calendar"] == calendar


def test_an_administrator_sets_the_rules(on_stage: Stage) -> None:
    admin = on_stage.sign_in("admin")
    assert admin.get("/api/complaint-rules").json()["calendar"] == "CN"
    assert admin.request("PUT", "/api/complaint-rules", json=RULES).json() == RULES
    assert on_stage.sign_in("agent").get("/api/complaint-rules").json() == RULES
    assert on_stage.sign_in("agent").request("PUT", "/api/complaint-rules", json=RULES).status_code == 403
    for change in WRONG:
        reply = admin.request("PUT", "/api/complaint-rules", json=RULES | change)
        assert reply.status_code == 400, change
