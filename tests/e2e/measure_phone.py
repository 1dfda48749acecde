"""How fast the technician's phone is: its first picture, opening from the cache, sending after cuts.

`python -m tests.e2e.measure_phone` prints each figure beside its budget, with the machine's load, and fails
when a budget is missed. `--rounds 3` measures several times and takes the median.
"""

import argparse
import contextlib
import functools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.conftest import PHONE
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.phone_signal import PhoneSignal
from tests.servers import LiveServer, run_shangmen

CPU_SLOWDOWN = 4
SLOW_4G = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
SENT_WITHIN_MS = 60_000
OBSERVE = """
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.paintedMs = entry.startTime
}).observe({ type: 'largest-contentful-paint', buffered: true })
"""


@dataclass
class Measured:
    """One figure in milliseconds, over its rounds."""

    name: str
    budget_ms: int | None
    rounds_ms: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        return statistics.median(self.rounds_ms)

    @property
    def is_met(self) -> bool:
        return self.budget_ms is None or self.median_ms <= self.budget_ms

    def line(self) -> str:
        budget = "" if self.budget_ms is None else f" / {self.budget_ms} ms {'ok' if self.is_met else 'OVER'}"
        rounds = ", ".join(f"{ms:.0f}" for ms in self.rounds_ms)
        return f"{self.name:<44}{self.median_ms:7.0f}{budget}   ({rounds})"


def throttle(page: Page) -> None:
    """A cheap phone on a slow network."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    session.send("Network.emulateNetworkConditions", SLOW_4G)


def opened(page: Page, go: Callable[[], object], ready: str) -> tuple[float, float]:
    """Largest contentful paint, and when `ready` was there, in ms since the navigation began."""
    page.add_init_script(OBSERVE)
    go()
    expect(page.locator(ready).first).to_be_visible(timeout=SENT_WITHIN_MS)
    usable_ms = page.evaluate("performance.now()")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
    return float(page.evaluate("window.paintedMs")), float(usable_ms)


class Bench:
    """A server with the demo day, a job given to a technician, and the figures so far."""

    def __init__(self, browser: Browser, server: LiveServer, office: Office) -> None:
        self.browser, self.server, self.office = browser, server, office
        self.figures: dict[str, Measured] = {}

    def note(self, name: str, ms: float, budget_ms: int | None = None) -> None:
        self.figures.setdefault(name, Measured(name, budget_ms)).rounds_ms.append(ms)

    @contextlib.contextmanager
    def phone(self) -> Iterator[BrowserContext]:
        context = self.browser.new_context(**PHONE)
        context.set_default_timeout(SENT_WITHIN_MS)
        yield context
        context.close()

    def pairing_code(self, job: dict[str, Any]) -> str:
        reply = self.office.client.post(f"/api/technicians/{job['technician_id']}/pairing-code")
        return str(reply.json()["url"]).partition("#")[2]

    def round(self, album: Path) -> None:
        job = self.office.assign_one()
        with self.phone() as context:
            page = context.new_page()
            throttle(page)
            painted, _ = opened(
                page, lambda: page.goto(f"{self.server.url}/technician/"), "input[type=password]"
            )
            self.note("cold: sign-in, largest paint", painted, 3000)
        with self.phone() as context:
            page = context.new_page()
            throttle(page)
            url = f"{self.server.url}/technician/#{self.pairing_code(job)}"
            painted, usable = opened(page, lambda: page.goto(url), "[data-unsent] ~ a, main .card")
            self.note("cold: paired by QR, largest paint", painted, 3000)
            self.note("cold: paired by QR, the day is there", usable)
            self._warm(context, page)
        self._drain(job, album)

    def _warm(self, context: BrowserContext, page: Page) -> None:
        Phone(page, self.server.url).wait_until_installed()
        page.close()
        url = f"{self.server.url}/technician/"
        for name, is_offline in (("warm", False), ("offline", True)):
            context.set_offline(is_offline)
            again = context.new_page()
            throttle(again) if not is_offline else slow_cpu(again)
            painted, usable = opened(again, functools.partial(again.goto, url), "main .card")
            self.note(f"{name}: the day, largest paint", painted, 1500)
            self.note(f"{name}: the day is there", usable)
            again.close()
        context.set_offline(False)

    def _drain(self, job: dict[str, Any], album: Path) -> None:
        with CutProxy(self.server.port) as proxy, self.phone() as context:
            phone = Phone(context.new_page(), proxy.url)
            phone.pair(f"#{self.pairing_code(job)}")
            phone.open_job(job["job_id"])
            signal = PhoneSignal(context, proxy)
            signal.lose()
            for action in ("accept", "depart", "arrive"):
                phone.tap(action)
            phone.answer_all(album)
            phone.tap("complete")
            phone.sign()
            expect(phone.page.locator(".signed")).to_be_visible()
            unsent = phone.chip.get_attribute("data-unsent")
            throttle(phone.page)
            cuts = [
                proxy.cut("PUT /api/blobs", "swallow"),
                proxy.cut("POST /api/sync/commands", "swallow"),
                proxy.cut("POST /api/sync/commands", "tear"),
            ]
            began = time.monotonic()
            signal.find()
            expect(phone.chip).to_have_attribute("data-unsent", "0", timeout=SENT_WITHIN_MS)
            self.note(f"{unsent} commands sent, 3 replies cut", (time.monotonic() - began) * 1000, 6000)
            if any(cut.times for cut in cuts):
                raise SystemExit("not every cut was met: the figure would mean nothing")


def slow_cpu(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


@contextlib.contextmanager
def demo_server() -> Iterator[LiveServer]:
    with tempfile.TemporaryDirectory(prefix="shangmen-measure-") as folder:
        data = Path(folder)
        done = run_shangmen(data, "demo", "--unplanned")
        if done.returncode:
            raise SystemExit(done.stderr)
        server = LiveServer(data)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    chromium = find_chromium()
    with sync_playwright() as playwright, demo_server() as server, tempfile.TemporaryDirectory() as album:
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=chromium.flags, env={**os.environ, **chromium.env}
        )
        with signed_in(server.url, "dispatcher", PASSWORD) as client:
            bench = Bench(browser, server, Office(client))
            for _ in range(rounds):
                bench.round(Path(album))
        browser.close()
    print(
        f"CPU slowed {CPU_SLOWDOWN} times, slow 4G; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    for figure in bench.figures.values():
        print(figure.line())
    return 0 if all(figure.is_met for figure in bench.figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
