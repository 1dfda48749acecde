"""The browser at hand can do what the journeys rely on, whichever of the possible ones it is."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext

from tests.e2e.cut_proxy import CutProxy
from tests.e2e.phone_signal import PhoneSignal
from tests.e2e.until import wait_until

SHELL = """<!doctype html><title>shell</title><h1>shell</h1><canvas width=300 height=300></canvas>
<script>navigator.serviceWorker.register('/sw.js')</script>"""
WORKER = """
addEventListener('install', (event) => {
  event.waitUntil(caches.open('shell').then((cache) => cache.add('/')).then(() => skipWaiting()))
})
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  event.respondWith(caches.match(event.request).then((hit) => hit ?? fetch(event.request)))
})
"""
PAGES = {"/": ("text/html", SHELL), "/sw.js": ("text/javascript", WORKER), "/live": ("text/plain", "live")}
KEEP_A_RECORD = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('journey', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('outbox')
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const change = opening.result.transaction('outbox', 'readwrite')
    change.objectStore('outbox').put(new Blob(['signed']), 'job')
    change.oncomplete = () => resolve(true)
  }
})"""
READ_IT_BACK = """() => new Promise((resolve) => {
  const opening = indexedDB.open('journey', 1)
  opening.onsuccess = () => {
    const asked = opening.result.transaction('outbox').objectStore('outbox').get('job')
    asked.onsuccess = () => resolve(asked.result.text())
  }
})"""
FETCH_LIVE = "() => fetch('/live').then((reply) => reply.text(), () => 'unreachable')"
COUNT_TOUCHES = """() => {
  window.touches = []
  addEventListener('pointermove', (event) => touches.push([event.pointerType, event.clientX]))
}"""


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        media_type, body = PAGES.get(self.path, ("text/plain", ""))
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Type", media_type)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Quiet: a test's output is its failure."""


@pytest.fixture
def proxy() -> Iterator[CutProxy]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        with CutProxy(server.server_address[1]) as line:
            yield line
        server.shutdown()
        thread.join()


def test_an_installed_page_reloads_offline_and_keeps_what_was_stored(
    proxy: CutProxy, phone_context: Callable[..., BrowserContext]
) -> None:
    context = phone_context()
    page = context.new_page()
    page.goto(proxy.url)
    page.evaluate("navigator.serviceWorker.ready")
    wait_until(page, "navigator.serviceWorker.controller !== null")
    assert page.evaluate(KEEP_A_RECORD)
    assert page.evaluate(FETCH_LIVE) == "live"
    signal = PhoneSignal(context, proxy)
    signal.lose()
    assert page.evaluate("navigator.onLine") is False
    page.reload()
    assert page.locator("h1").inner_text() == "shell"
    assert page.evaluate(FETCH_LIVE) == "unreachable"
    assert page.evaluate(READ_IT_BACK) == "signed"
    signal.find()
    page.reload()
    assert page.evaluate(FETCH_LIVE) == "live"


def test_a_finger_can_draw(proxy: CutProxy, phone_context: Callable[..., BrowserContext]) -> None:
    context = phone_context()
    page = context.new_page()
    page.goto(proxy.url)
    page.evaluate("document.querySelector('canvas').style.touchAction = 'none'")
    page.evaluate(COUNT_TOUCHES)
    finger = context.new_cdp_session(page)
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + 20
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x + step * 20, "y": y}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touches = page.evaluate("touches")
    assert {kind for kind, _ in touches} == {"touch"}
    assert touches[-1][1] == pytest.approx(x + 100, abs=1)
