"""News on a customer's lock screen: asked for by link, without anybody's data, and over with the link."""

import datetime as dt
import uuid

from sqlmodel import Session, select

from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.messages import alerts, claims, outbox
from backend.messages.models import Message, MessageEvent
from backend.messages.values import Sealing
from backend.push.models import PushMessage, PushSubscription
from tests.factories.cast import Stage

SEALING = Sealing(b"s" * 32, "https://example.com", dt.timedelta(days=30))
PLACE = "https://fcm.googleapis.com/fcm/send/"


def wish(endpoint: str = f"{PLACE}one") -> dict[str, object]:
    return {"endpoint": endpoint, "keys": {"p256dh": "B" * 87, "auth": "a" * 22}, "language": "zh-CN"}


def told(on: Stage, event: MessageEvent, now: dt.datetime | None = None) -> list[PushMessage]:
    """What phones are told when a message of the job leaves."""

    def leave(session: Session) -> list[PushMessage]:
        job, key = session.get_one(Job, on.world.job.id), str(uuid.uuid4())
        outbox.put(session, job, event, key, utc_now(), {"is_by_hand": True})
        message = session.exec(select(Message).where(Message.key == key)).one()
        claims.claim(session, message.id, SEALING, now)
        return list(session.exec(select(PushMessage)))

    return on.calls.write(leave)


def test_a_phone_that_asked_on_the_page_is_told_as_long_as_the_link_opens(on_stage: Stage) -> None:
    on_stage.calls.run(on_stage.client.app.state.services.push.close)  # what is queued stays where it is seen
    agent, world = on_stage.sign_in("dispatcher"), on_stage.world
    path = "/" + agent.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"].split("/", 3)[3]
    page = on_stage.client.get(f"{path}/alerts")
    assert "手机提醒" in page.text
    assert "worker-src 'self'" in page.headers["content-security-policy"]
    assert told(on_stage, MessageEvent.ON_THE_WAY) == []  # nobody asked
    assert on_stage.client.post(f"{path}/alerts", json=wish("https://evil.example/x/y")).status_code == 422
    assert on_stage.client.post(f"{path}/alerts", json=wish()).status_code == 204
    (notice,) = told(on_stage, MessageEvent.ON_THE_WAY)
    assert (notice.payload["title"], notice.payload["body"]) == ("上门服务有新消息", "师傅出发了")
    url = notice.payload.pop("url")  # at random, so anything short may stand in it
    assert url.startswith("/c/")
    for secret in (world.customer.name, world.customer.phone, world.place.address, world.job.number):
        assert secret not in str(notice.payload)
    assert len(told(on_stage, MessageEvent.DELAYED)) == 1  # the newer one in place of the older
    later = utc_now() + dt.timedelta(days=400)
    assert on_stage.calls.write(alerts.forget_closed, later) == 1
    assert on_stage.calls.read(lambda session: session.exec(select(PushSubscription)).all()) == []


def test_a_phone_is_told_no_more_when_it_says_so_or_the_link_is_withdrawn(on_stage: Stage) -> None:
    agent, world = on_stage.sign_in("dispatcher"), on_stage.world
    path = "/" + agent.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"].split("/", 3)[3]
    for endpoint in ("one", "two"):
        assert on_stage.client.post(f"{path}/alerts", json=wish(PLACE + endpoint)).status_code == 204
    removed = on_stage.client.post(f"{path}/alerts/remove", json={"endpoint": f"{PLACE}one"})
    assert removed.status_code == 204
    assert len(told(on_stage, MessageEvent.ON_THE_WAY)) == 1
    agent.request("DELETE", f"/api/jobs/{world.job.id}/customer-link")
    assert on_stage.calls.write(alerts.forget_closed) == 1
    assert on_stage.client.post(f"{path}/alerts", json=wish()).status_code == 404
    assert told(on_stage, MessageEvent.DELAYED) == []
