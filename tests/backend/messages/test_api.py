"""Who sees what customers were told, and the way from a phone's tap to a message sent."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.jobs.models import Job, Visit
from backend.messages.models import MessageRules
from tests.factories.cast import Stage


def ready_to_leave(stage: Stage) -> None:
    """Our technician has accepted and is about to set out; no hour is quiet."""
    world = stage.world

    def change(session: Session) -> None:
        session.execute(sa.update(Job).where(col(Job.id) == world.job.id).values(status="accepted"))
        left = {"departed_at": None, "arrived_at": None}
        session.execute(sa.update(Visit).where(col(Visit.id) == world.visit.id).values(left))
        session.add(MessageRules(org_id=world.org.id, quiet_from_h=0, quiet_until_h=0))

    stage.calls.write(change)


def test_a_technicians_departure_reaches_the_customer(on_stage: Stage) -> None:
    ready_to_leave(on_stage)
    assert on_stage.sign_in("technician").send("depart", on_stage.world.job.id).status_code == 200
    dispatcher = on_stage.sign_in("dispatcher")
    with on_stage.client.portal() as portal:
        portal.call(on_stage.client.app.state.services.sender.send_due)
    (message,) = dispatcher.get(f"/api/messages?job_id={on_stage.world.job.id}").json()["items"]
    assert (message["event"], message["state"], message["channel"]) == ("on_the_way", "sent", "sandbox")
    assert "王师傅已出发" in message["text"]
    link = message["text"].rsplit("：", 1)[1].split("/", 3)[3]
    assert on_stage.client.get(f"/{link}").status_code == 200
    sent_at = dt.datetime.fromisoformat(message["sent_at"])
    assert sent_at.tzinfo is not None


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin", 200),
        ("dispatcher", 200),
        ("agent", 200),
        ("clerk", 403),
        ("vendor", 403),
        ("technician", 403),
    ],
)
def test_only_who_may_share_a_link_reads_messages(on_stage: Stage, who: str, status: int) -> None:
    """A message holds the customer's link."""
    person = on_stage.sign_in(who)
    assert person.get("/api/messages").status_code == status
    assert person.get("/api/message-templates").status_code == status


def test_another_organisation_sees_none_of_ours(on_stage: Stage) -> None:
    ready_to_leave(on_stage)
    on_stage.sign_in("technician").send("depart", on_stage.world.job.id)
    assert on_stage.sign_in("stranger").get("/api/messages").json()["items"] == []


def test_words_are_previewed_set_and_put_back(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    first = dispatcher.get("/api/message-templates").json()
    assert len(first) == 12
    assert all("{" not in row["preview"] and not row["is_own"] for row in first)
    path = "/api/message-templates/booked/en"
    own = dispatcher.request("PUT", path, json={"text": "See you {window}. {link}"}).json()
    assert (own["preview"], own["is_own"]) == (
        "See you Tue 24 Nov 10:00–12:00. https://example.com/c/…",
        True,
    )
    assert dispatcher.request("PUT", path, json={"text": "{password}"}).json()["code"] == "bad_template"
    assert not dispatcher.request("PUT", path, json={"text": ""}).json()["is_own"]
    assert on_stage.sign_in("agent").request("PUT", path, json={"text": "x"}).status_code == 403
    assert (
        dispatcher.request("PUT", "/api/message-templates/nothing/en", json={"text": "x"}).status_code == 400
    )


def test_rules_hold_once_they_are_set(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    rules = {
        "channel": "sms",
        "fallback": "sandbox",
        "quiet_from_h": 22,
        "quiet_until_h": 7,
        "most_per_day": 3,
    }
    assert dispatcher.get("/api/message-rules").json()["channel"] == "sandbox"
    assert dispatcher.request("PUT", "/api/message-rules", json=rules).json() == rules
    assert dispatcher.get("/api/message-rules").json() == rules
    for wrong in ({"channel": "pigeon"}, {"quiet_from_h": 24}, {"most_per_day": 0}):
        reply = dispatcher.request("PUT", "/api/message-rules", json={**rules, **wrong})
        assert reply.status_code == 400
    assert on_stage.sign_in("agent").request("PUT", "/api/message-rules", json=rules).status_code == 403
