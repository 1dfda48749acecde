"""Who sees what customers were told, and the way from a phone's tap to a message sent."""

import base64
import datetime as dt
import hashlib
import hmac
import uuid
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.types import utc_now
from backend.jobs.models import Job, Visit
from backend.messages import claims, outbox
from backend.messages.models import Message, MessageChannel, MessageEvent, MessageRules
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
    admin = on_stage.sign_in("admin")
    first = admin.get("/api/message-templates").json()
    assert len(first["items"]) == 2 * len(MessageEvent)
    assert all("{" not in row["preview"] and not row["is_own"] for row in first["items"])
    path, sample = "/api/message-templates/booked/en", first["samples"]["en"]
    wanted = {"text": "See you {{ window }}. {{ link }}", "channel": "sms"}
    own = admin.request("PUT", path, json=wanted).json()
    preview = f"See you {sample['window']}. {sample['link']}"
    assert (own["preview"], own["is_own"], own["sms"]["encoding"]) == (preview, True, "ucs2")
    shown = admin.post("/api/message-templates/en/preview", {"text": "{{ org }}!"}).json()
    assert shown["sms"] == {"units": 16, "parts": 1, "encoding": "gsm"}
    refused = admin.request("PUT", path, json={"text": "Hello\n{{ password }}"})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (400, "bad_template")
    assert (problem["line"], problem["column"]) == (2, 4)
    assert not admin.request("PUT", path, json={"text": "", "channel": "sms"}).json()["is_own"]
    assert on_stage.sign_in("agent").request("PUT", path, json={"text": "x"}).status_code == 403
    assert admin.request("PUT", "/api/message-templates/nothing/en", json={"text": "x"}).status_code == 400


RULES = {
    "channel": "sms",
    "fallback": "email",
    "quiet_from_h": 22,
    "quiet_until_h": 7,
    "most_per_day": 3,
    "invite_on": "arrived",
    "remind_after_h": 12,
    "task_after_h": 6,
    "delay_min": 20,
    "delay_gap_min": 40,
    "silent": ["rate"],
    "alerts": ["wecom"],
}


def test_rules_hold_once_an_administrator_has_set_them(on_stage: Stage) -> None:
    admin = on_stage.sign_in("admin")
    assert admin.get("/api/message-rules").json()["channel"] == "sandbox"
    assert admin.request("PUT", "/api/message-rules", json=RULES).json() == RULES
    assert on_stage.sign_in("dispatcher").get("/api/message-rules").json() == RULES
    for wrong in ({"channel": "pigeon"}, {"quiet_from_h": 24}, {"most_per_day": 0}, {"alerts": ["sms"]}):
        assert admin.request("PUT", "/api/message-rules", json={**RULES, **wrong}).status_code == 400
    assert on_stage.sign_in("dispatcher").request("PUT", "/api/message-rules", json=RULES).status_code == 403


def test_a_channels_secrets_are_kept_and_never_shown(on_stage: Stage) -> None:
    """Not in any answer, not readable in the database, and not sent to an address somebody else has set."""
    admin, path = on_stage.sign_in("admin"), "/api/message-channels/sms"
    options = {"account": "AC1", "sender": "+1555"}
    wanted: dict[str, Any] = {"kind": "twilio", "options": options, "secrets": {"token": "hush-hush"}}
    assert admin.request("PUT", path, json={**wanted, "secrets": {}}).json()["names"] == ["token"]
    made = admin.request("PUT", path, json=wanted)
    assert (made.json()["secrets"], made.json()["options"]) == (["token"], options)
    listed = on_stage.sign_in("dispatcher").get("/api/message-channels")
    assert "hush" not in made.text + listed.text
    row = on_stage.calls.read(lambda session: session.scalars(sa.select(MessageChannel)).one())
    assert "hush" not in row.sealed
    kept: dict[str, Any] = {**wanted, "options": {**options, "sender": "+1666"}, "secrets": {}}
    assert admin.request("PUT", path, json=kept).json()["secrets"] == ["token"]
    elsewhere = {**kept, "options": {**kept["options"], "endpoint": "https://evil.example"}}
    assert admin.request("PUT", path, json=elsewhere).json()["code"] == "missing_option"
    assert (
        admin.request("PUT", path, json={**wanted, "options": {"colour": "red"}}).json()["code"]
        == "bad_option"
    )
    assert on_stage.sign_in("dispatcher").request("PUT", path, json=wanted).status_code == 403
    told = admin.post("/api/message-channels/feishu/test", {}).json()
    assert told == {"is_taken": False, "detail": "not_set_up"}
    assert admin.request("DELETE", path).status_code == 204
    channels = {one["name"]: one for one in admin.get("/api/message-channels").json()["channels"]}
    assert not channels["sms"]["is_set"]


def test_what_a_service_reports_counts_when_it_is_signed(on_stage: Stage) -> None:
    """And a customer's STOP is heard by the same way."""
    admin, world = on_stage.sign_in("admin"), on_stage.world
    wanted = {"kind": "twilio", "options": {"account": "AC1", "sender": "+1555"}, "secrets": {"token": "tok"}}
    url = admin.request("PUT", "/api/message-channels/sms", json=wanted).json()["hook_url"]
    path = "/" + url.split("/", 3)[3]

    def posted(form: dict[str, str], token: str = "tok") -> int:
        text = url + "".join(name + form[name] for name in sorted(form))
        seal = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
        return on_stage.client.post(path, data=form, headers={"X-Twilio-Signature": seal}).status_code

    stop = {"From": world.customer.phone, "Body": "Stop"}
    contact = f"/api/jobs/{world.job.id}/contact"
    assert posted(stop, token="guess") == 404
    assert not admin.get(contact).json()["is_refused"]
    assert [posted(stop), posted(stop)] == [200, 200]
    heard = admin.get(contact).json()
    assert (heard["is_refused"], [one["how"] for one in heard["choices"]]) == (True, ["sms"])
    assert on_stage.client.post(f"/hooks/messages/{world.job.id}", data=stop).status_code == 404
    endless = (b"x" * 100_000 for _ in range(11))  # it does not say how long it will be
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert on_stage.client.post(path, content=endless, headers=form).status_code == 413


def test_who_wants_no_more_says_so_on_a_page_without_a_script(on_stage: Stage) -> None:
    admin, world = on_stage.sign_in("admin"), on_stage.world
    link = admin.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"].split("/", 3)[3]
    page = f"/{link}/messages"
    assert "不再发送" in on_stage.client.get(page).text
    for choice, shown in (("refuse", "Send them again"), ("allow", "Stop these messages")):
        reply = on_stage.client.post(f"{page}?lang=en", data={"choice": choice}, follow_redirects=True)
        assert shown in reply.text
    assert on_stage.client.post(page, data={"List-Unsubscribe": "One-Click"}).text == ""
    contact = admin.get(f"/api/jobs/{world.job.id}/contact").json()
    choices = [(one["is_refused"], one["said"]) for one in contact["choices"]]
    assert choices == [(True, "one click"), (False, ""), (True, "")]
    email = {"email": "zhao@example.com", "is_refused": False}
    kept = admin.request("PUT", f"/api/jobs/{world.job.id}/contact", json=email).json()
    assert (kept["email"], kept["is_refused"]) == ("zhao@example.com", False)
    assert on_stage.client.post(f"/{link[:-2]}xx/messages", data={"choice": "refuse"}).status_code == 404


def test_a_customer_gives_their_address_with_consent_and_takes_it_back(on_stage: Stage) -> None:
    admin, world = on_stage.sign_in("admin"), on_stage.world
    link = admin.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"].split("/", 3)[3]
    page, contact = f"/{link}/messages", f"/api/jobs/{world.job.id}/contact"
    assert "邮箱" not in on_stage.client.get(page).text  # nobody would write to it
    on_stage.calls.write(lambda session: session.add(MessageRules(org_id=world.org.id, fallback="email")))

    def give(**form: str) -> httpx.Response:
        return on_stage.client.post(f"{page}/email", data=form, follow_redirects=True)

    refused = give(email="zhao@example.com")
    assert (refused.status_code, "请先勾选同意" in refused.text) == (422, True)
    assert "邮箱写得不对" in give(email="zhao@here", consent="1").text
    assert admin.get(contact).json()["email"] == ""
    shown = give(email=" Zhao@Example.com", consent="1").text
    assert "z***@example.com" in shown
    assert "zhao@" not in shown  # whoever else has the link does not learn it
    assert admin.get(contact).json()["email"] == "zhao@example.com"
    assert "保存" in give(forget="1").text
    assert admin.get(contact).json()["email"] == ""
    assert on_stage.client.post(f"/{link[:-2]}xx/messages/email", data={"forget": "1"}).status_code == 404


def test_a_message_is_sent_again_once_and_a_task_is_closed_once(on_stage: Stage) -> None:
    world, agent = on_stage.world, on_stage.sign_in("agent")

    def fail(session: Session) -> uuid.UUID:
        outbox.put(session, world.job, MessageEvent.CANCELLED, "k", utc_now())
        message = session.scalars(sa.select(Message)).one()
        claims.give_up(session, message, MessageRules(org_id=world.org.id), "no such number", utc_now())
        return message.id

    path = f"/api/messages/{on_stage.calls.write(fail)}/again"
    again = {"id": str(uuid.uuid4())}
    assert agent.post(path, again).json()["id"] == agent.post(path, again).json()["id"]
    found = agent.get("/api/messages?state=queued&event=cancelled&q=zz").json()["items"]
    assert found == []
    queued = agent.get(f"/api/messages?state=queued&q={world.job.number}").json()["items"]
    assert [(row["job_number"], row["why"]) for row in queued] == [(world.job.number, "")]
    (task,) = agent.get("/api/tasks").json()
    assert (task["kind"], task["phone"]) == ("undelivered", world.customer.phone)
    close_path, done = f"/api/tasks/{task['id']}/close", {"outcome": "called"}
    close = [agent.post(close_path, done).status_code for _ in range(2)]
    assert (close, agent.get("/api/tasks").json()) == ([204, 409], [])
