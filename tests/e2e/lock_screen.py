"""What a phone shows while nobody looks at the page: pushed to its service worker, read from the browser."""

import json
import time
from typing import Any

from playwright.sync_api import Page

SHOWN_WITHIN_MS = 15_000
NOWHERE = {
    "endpoint": "https://updates.push.services.mozilla.com/none",
    "keys": {"p256dh": "B" + "A" * 86, "auth": "A" * 22},
}
# Nobody has been asked yet.
UNASKED = """
let permission = 'default';
Object.defineProperty(Notification, 'permission', { get: () => permission });
Notification.requestPermission = async () => (permission = 'granted');
"""
# A browser whose push service answers: the one of the test's browser is not on this machine.
PUSH_SERVICE = """
const state = { made: null };
PushManager.prototype.subscribe = async (options) => (state.made = {
  endpoint: SUBSCRIPTION.endpoint,
  key_bytes: options.applicationServerKey.length,
  toJSON: () => SUBSCRIPTION,
  unsubscribe: async () => { state.made = null; return true; },
});
PushManager.prototype.getSubscription = async () => state.made;
"""
# The browser does not say when it shows a notice, so the page looks again and again.
SHOWN = """async ([title, within_ms]) => {
  const [worker] = await navigator.serviceWorker.getRegistrations();
  const until = performance.now() + within_ms;
  let all = [];
  while (!all.some((one) => one.title === title) && performance.now() < until) {
    await new Promise(requestAnimationFrame);
    all = await worker.getNotifications();
  }
  return all.map(({ title, body, tag, data }) => ({ title, body, topic: tag, url: data.url ?? data }));
}"""
# A person's tap lets the worker open and focus windows, a test's does not: what it asks for is noted.
TAP = """async (title) => {
  const led = {};
  clients.openWindow = async (url) => { led.opened = url; };
  WindowClient.prototype.focus = async function () { led.shown = new URL(this.url).pathname; };
  const notification = (await registration.getNotifications()).find((one) => one.title === title);
  const event = new NotificationEvent('notificationclick', { notification });
  let all;
  event.waitUntil = (promise) => { all = promise; };
  dispatchEvent(event);
  await all;
  return { ...led, left: (await registration.getNotifications()).length };
}"""


def push_service(subscription: dict[str, Any]) -> str:
    """A script for the page: asked to subscribe, its browser answers with this endpoint and these keys."""
    return f"const SUBSCRIPTION = {json.dumps(subscription)};\n{PUSH_SERVICE}"


class LockScreen:
    """The notices of a page's one service worker."""

    def __init__(self, page: Page, origin: str) -> None:
        self._page, self._origin = page, origin
        self._registrations: list[dict[str, str]] = []
        self._worker = page.context.new_cdp_session(page)
        self._worker.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._worker.send("ServiceWorker.enable")

    def deliver(self, told: dict[str, Any]) -> None:
        """Hand the worker what a push service would, opened."""
        where = {"origin": self._origin, "registrationId": self._registration_id()}
        self._worker.send("ServiceWorker.deliverPushMessage", {**where, "data": json.dumps(told)})

    def _registration_id(self) -> str:
        """Chromium tells of the worker in its own time, while the page is asked something."""
        until = time.monotonic() + SHOWN_WITHIN_MS / 1000
        while not self._registrations:
            assert time.monotonic() < until, "the browser knows of no service worker"
            self._page.evaluate("new Promise(requestAnimationFrame)")
        return self._registrations[0]["registrationId"]

    def shown(self, title: str) -> list[dict[str, str]]:
        """All that is shown, once a notice of this title is."""
        found: list[dict[str, str]] = self._page.evaluate(SHOWN, [title, SHOWN_WITHIN_MS])
        return found

    def tapped(self, title: str) -> dict[str, Any]:
        """Where a tap on this notice leads: the path `opened` anew or `shown` where it is; notices `left`."""
        (worker,) = self._page.context.service_workers
        led: dict[str, Any] = worker.evaluate(TAP, title)
        return led

    def _note(self, told: dict[str, Any]) -> None:
        self._registrations.extend(told["registrations"])
