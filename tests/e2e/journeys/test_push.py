"""Being told without opening the app: asked for in context, shown by the worker, switched off again."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.scene import Scene, pick_up

# A browser whose push service answers: the one of the test's browser is not on this machine.
PUSH_SERVICE = """
const state = { permission: 'default', made: null };
Object.defineProperty(Notification, 'permission', { get: () => state.permission });
Notification.requestPermission = async () => (state.permission = 'granted');
const keys = { p256dh: 'B' + 'A'.repeat(86), auth: 'A'.repeat(22) };
PushManager.prototype.subscribe = async (options) => (state.made = {
  endpoint: 'https://updates.push.services.mozilla.com/none',
  key_bytes: options.applicationServerKey.length,
  toJSON: () => ({ endpoint: state.made.endpoint, keys }),
  unsubscribe: async () => { state.made = null; return true; },
});
PushManager.prototype.getSubscription = async () => state.made;
"""

SHOWN_WITHIN_MS = 15_000
# The browser does not say when it shows a notice, so the page looks again and again.
SHOWN = """async ([title, within_ms]) => {
  const worker = await navigator.serviceWorker.ready;
  const until = performance.now() + within_ms;
  let all = [];
  while (!all.some((one) => one.title === title) && performance.now() < until) {
    await new Promise(requestAnimationFrame);
    all = await worker.getNotifications();
  }
  return all.map(({ title, body, tag, data }) => ({ title, body, topic: tag, url: data.url }));
}"""


@pytest.mark.slow
def test_a_technician_is_asked_after_a_yes_and_told_on_the_lock_screen(
    scene: Scene, line: CutProxy, phone_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given()
    hand = pick_up(scene, phone_context, line, technician_id, permissions=["notifications"])
    page = hand.phone.page
    page.add_init_script(PUSH_SERVICE)
    page.reload()
    card = page.locator("[data-push-card]")
    hand.phone.go("#/today")
    expect(hand.phone.primary("accept").first).to_be_visible()
    expect(card).to_have_count(0)
    hand.phone.open_job(job_id)
    hand.phone.tap("accept")
    expect(hand.phone.primary("depart")).to_be_visible()
    hand.phone.go("#/today")
    with page.expect_response(re.compile("/api/push/subscriptions$")) as subscribed:
        card.locator("[data-action=push-on]").click()
    assert subscribed.value.status == 204
    expect(card).to_have_count(0)

    # What the push service brings is shown by the worker, also when no page is in front.
    worker = page.context.new_cdp_session(page)
    registrations: list[dict[str, str]] = []
    worker.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: registrations.extend(told["registrations"])
    )
    worker.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    notice = {
        "title": "安排有变",
        "body": "SM-1 改到 10:00",
        "url": f"/technician/#/job/{job_id}",
        "topic": "plan",
    }

    def deliver(told: dict[str, Any]) -> None:
        registration = {"origin": line.url, "registrationId": registrations[0]["registrationId"]}
        worker.send("ServiceWorker.deliverPushMessage", {**registration, "data": json.dumps(told)})

    deliver(notice)
    assert page.evaluate(SHOWN, [notice["title"], SHOWN_WITHIN_MS]) == [notice]
    over = {**notice, "title": "已不用答复"}
    # One that takes back what was never shown is not shown either.
    deliver({**over, "title": "没有这一单", "topic": "offer-1", "quiet": True})
    deliver({**over, "quiet": True})
    assert page.evaluate(SHOWN, [over["title"], SHOWN_WITHIN_MS]) == [over]

    hand.phone.go("#/account")
    setting = page.locator("[data-push-setting]")
    expect(setting).to_be_checked()
    with page.expect_response(re.compile("/api/push/subscriptions/remove$")) as removed:
        setting.uncheck()
    assert removed.value.status == 204
