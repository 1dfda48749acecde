"""How light and quick the customer's pages are on a cheap phone and a slow network.

`python -m tests.e2e.measure_customer` opens every page in every state in an empty browser and prints largest
contentful paint and compressed bytes beside their budgets, with the machine's load; it fails when one is
missed. `--rounds 3` measures several times and takes the median, `--pictures FOLDER` also saves what a phone
and a desktop show, in both languages.
"""

import argparse
import gzip
import io
import itertools
import os
import re
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.customer_states import every_state
from tests.e2e.measure_phone import CPU_SLOWDOWN, demo_server, opened, throttle
from tests.e2e.pages.console import PASSWORD
from tests.servers import LiveServer

PAGE_BYTES, SCRIPT_BYTES, LCP_MS = 15_000, 2_000, 1_200
PHONE: ViewportSize = {"width": 360, "height": 780}
LANGUAGES = ("zh-CN", "en")
RELAY = "+861095001234"


@dataclass
class Figure:
    """One page: the paint of each round, and bytes, which never vary much."""

    name: str
    painted_ms: list[float] = field(default_factory=list)
    page_bytes: int = 0
    script_bytes: int = 0

    @property
    def is_met(self) -> bool:
        is_light = self.page_bytes <= PAGE_BYTES and self.script_bytes <= SCRIPT_BYTES
        return is_light and statistics.median(self.painted_ms) <= LCP_MS

    def line(self) -> str:
        rounds = ", ".join(f"{ms:.0f}" for ms in self.painted_ms)
        return (
            f"{self.name:<24}{statistics.median(self.painted_ms):6.0f} / {LCP_MS} ms"
            f"{self.page_bytes:8d} / {PAGE_BYTES} bytes{self.script_bytes:7d} / {SCRIPT_BYTES} script"
            f"  {'ok' if self.is_met else 'OVER'}   ({rounds})"
        )


class Bench:
    """Every page in every state, measured and looked at."""

    def __init__(self, browser: Browser, server: LiveServer, pictures: Path | None) -> None:
        self.browser, self.server, self.pictures = browser, server, pictures
        self.figures: dict[str, Figure] = {}

    def round(self, rounds: int, only: str) -> None:
        for name, address in every_state(self.server, face()):
            if re.search(only, name):
                for _ in range(rounds):
                    self.measure(name, address)
                self.shoot(name, address)

    def measure(self, name: str, address: str) -> None:
        context = self.browser.new_context(viewport=PHONE, device_scale_factor=2)
        page = context.new_page()
        throttle(page)
        sizes: list[int] = []
        page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
        painted_ms, _ = opened(page, lambda: page.goto(address), "h1")
        figure = self.figures.setdefault(name, Figure(name))
        figure.painted_ms.append(painted_ms)
        figure.page_bytes = sum(sizes)
        scripts = page.locator("script[type=module]").all_inner_texts()
        figure.script_bytes = sum(len(gzip.compress(text.encode())) for text in scripts)
        context.close()

    def shoot(self, name: str, address: str) -> None:
        if self.pictures is None:
            return
        for language, (width, height) in itertools.product(LANGUAGES, ((360, 780), (1440, 900))):
            context = self.browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            page.goto(f"{address}?lang={language}")
            expect(page.locator("h1")).to_be_visible()
            stem = f"{re.sub('[^a-z]+', '-', name)}-{language}-{width}"
            page.screenshot(path=self.pictures / f"{stem}.png", full_page=True)
            self._shoot_map(page, stem)
            context.close()

    def _shoot_map(self, page: Page, stem: str) -> None:
        if self.pictures is not None and page.locator(".map summary").count():
            page.locator(".map summary").click()
            page.locator(".map").scroll_into_view_if_needed()
            page.screenshot(path=self.pictures / f"{stem}-map.png")


def face() -> bytes:
    """A drawn person: nobody's picture."""
    image = Image.new("RGB", (480, 640), "#c9d6df")
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 430, 460, 900), fill="#2f5d8a")
    draw.ellipse((140, 130, 340, 390), fill="#e3b58f")
    draw.pieslice((130, 100, 350, 340), 180, 360, fill="#3b2a20")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", help="the pages whose names match, such as 'report|rate'")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures")
    arguments = parser.parse_args()
    if arguments.pictures is not None:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    with sync_playwright() as playwright, demo_server() as server:
        with signed_in(server.url, "admin", PASSWORD) as client:
            rules = {"offer_minutes": None, "relay_number": RELAY}
            assert client.put("/api/organisation/rules", json=rules).is_success
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=chromium.flags, env={**os.environ, **chromium.env}
        )
        bench = Bench(browser, server, arguments.pictures)
        bench.round(arguments.rounds, arguments.only)
        browser.close()
    print(
        f"CPU slowed {CPU_SLOWDOWN} times, slow 4G; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    for figure in bench.figures.values():
        print(figure.line())
    return 0 if all(figure.is_met for figure in bench.figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
