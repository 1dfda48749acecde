"""The pictures of the README: the real surfaces on the demo day, taken anew by `make pictures`.

They are for looking at. A machine without a Chinese font shows boxes where words should be.
"""

import contextlib
import html
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.journeys.phone import Phone, draw
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import SHANGMEN, LiveServer, run_shangmen, shangmen_env

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "orders-taobao.csv"
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "timezone_id": "Asia/Shanghai"}
HAND: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "timezone_id": "Asia/Shanghai",
}
LANGUAGES = {"zh-CN": "", "en-GB": "-en"}


class Camera:
    """Saves what a page shows under a name, per language."""

    def __init__(self, suffix: str) -> None:
        self.suffix = suffix

    def shoot(self, page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle") if "console" not in name else page.wait_for_timeout(600)
        page.screenshot(path=PICTURES / f"{name}{self.suffix}.png")
        print(f"{name}{self.suffix}.png", flush=True)


@contextlib.contextmanager
def demo_server() -> Iterator[LiveServer]:
    with tempfile.TemporaryDirectory(prefix="shangmen-pictures-") as folder:
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


def console_pictures(browser: Browser, server: LiveServer, locale: str, camera: Camera) -> None:
    page = browser.new_context(**DESK, locale=locale).new_page()
    console = Console(page, server.url)
    console.open_day()
    console.go("#/imports")
    page.locator("input[type=file]").set_input_files(EXAMPLE)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_role("table")).to_be_visible()
    camera.shoot(page, "1-console-import")
    console.go("#/places")
    expect(page.locator("canvas, .leaflet-container").first).to_be_visible()
    camera.shoot(page, "2-console-places")
    page.context.close()


def draft_picture(browser: Browser, server: LiveServer, office: Office, locale: str, camera: Camera) -> None:
    page = browser.new_context(**DESK, locale=locale).new_page()
    console = Console(page, server.url)
    console.open_day()
    plan = office.client.get(
        "/api/plans", params={"region_id": office.region["id"], "day": office.day}
    ).json()
    rows = plan["items"] if isinstance(plan, dict) else plan
    draft = next(row for row in rows if row["state"] == "draft")
    console.go(f"#/?day={office.day}&draft={draft['id']}")
    page.wait_for_timeout(1500)
    camera.shoot(page, "3-console-draft")
    page.context.close()


def make_draft(office: Office) -> str:
    run = office.client.post(
        "/api/plan-runs", json={"region_id": office.region["id"], "day": office.day, "seconds": 10}
    ).json()
    while run["state"] not in ("done", "failed"):
        time.sleep(0.5)
        run = office.client.get(f"/api/plan-runs/{run['id']}").json()
    return str(run["plan_id"])


def phone_pictures(
    browser: Browser,
    server: LiveServer,
    office: Office,
    technician: dict[str, Any],
    locale: str,
    camera: Camera,
) -> str:
    """A technician's job from the offer to the signature; returns the job's id."""
    code = office.client.post(f"/api/technicians/{technician['id']}/pairing-code").json()["url"]
    page = browser.new_context(**HAND, locale=locale).new_page()
    phone = Phone(page, server.url)
    phone.pair(code)
    camera.shoot(page, "4-phone-today")
    job_id = next(
        visit["job_id"]
        for visit in sorted(office.board()["visits"], key=lambda row: row["planned"]["start"])
        if visit["technician_id"] == technician["id"] and visit["status"] == "assigned"
    )
    phone.open_job(job_id)
    camera.shoot(page, "4-phone-offer")
    phone.tap("accept")
    phone.tap("depart")
    expect(phone.chip).to_have_attribute("data-unsent", "0", timeout=20_000)
    customer_pictures(browser, office, job_id, locale, camera, "5-customer-on-the-way")
    phone.tap("arrive")
    phone.tap("step")
    expect(page.locator("#question")).to_be_visible()
    camera.shoot(page, "4-phone-step")
    page.go_back()
    phone.open_job(job_id)
    phone.answer_all(server.data_dir)
    phone.use_first_part()
    phone.tap("complete")
    phone.tap("sign")
    box = page.locator("canvas").bounding_box()
    if box is not None:
        draw(page, box)
    camera.shoot(page, "4-phone-signature")
    phone.tap("confirm")
    expect(phone.chip).to_have_attribute("data-unsent", "0", timeout=20_000)
    customer_pictures(browser, office, job_id, locale, camera, "5-customer-done")
    link = office.client.post(f"/api/jobs/{job_id}/customer-link").json()["url"]
    copy = browser.new_context(**HAND, locale=locale).new_page()
    copy.goto(f"{link}/copy?lang={locale[:2]}")
    camera.shoot(copy, "5-customer-copy")
    return job_id


def customer_pictures(
    browser: Browser, office: Office, job_id: str, locale: str, camera: Camera, name: str
) -> None:
    link = office.client.post(f"/api/jobs/{job_id}/customer-link").json()["url"]
    page = browser.new_context(**HAND, locale=locale, java_script_enabled=False).new_page()
    page.goto(f"{link}?lang={locale[:2]}")
    camera.shoot(page, name)


def live_day(browser: Browser, server: LiveServer, office: Office) -> None:
    """The board in the middle of a simulated day, and what the simulation tells at its end."""
    simulation = subprocess.Popen(
        [SHANGMEN, "simulate", "--speed", "120", "--base-url", server.url],
        env=shangmen_env(server.data_dir),
        stdout=subprocess.PIPE,
        text=True,
    )
    pages = {}
    for locale in LANGUAGES:
        page = browser.new_context(**DESK, locale=locale).new_page()
        Console(page, server.url).open_day()
        pages[locale] = page
    while sum(v["status"] in ("signed", "done") for v in office.board()["visits"]) < 30:
        time.sleep(1)
    for locale, suffix in LANGUAGES.items():
        pages[locale].reload()
        expect(pages[locale].get_by_role("grid")).to_be_visible()
        pages[locale].keyboard.press("Escape")
        Camera(suffix).shoot(pages[locale], "6-console-board")
    told, _ = simulation.communicate(timeout=600)
    text = browser.new_context(**DESK).new_page()
    style = "font:15px/1.5 ui-monospace,monospace;padding:32px;background:#11151c;color:#e6edf3;margin:0"
    text.set_content(f"<pre style='{style}'>$ shangmen simulate --speed 120\n{html.escape(told)}</pre>")
    Camera("").shoot(text, "7-simulate")


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=chromium.flags, env={**os.environ, **chromium.env}
        )
        with demo_server() as server, signed_in(server.url, "dispatcher", PASSWORD) as client:
            chain(browser, server, client)
        with demo_server() as server, signed_in(server.url, "dispatcher", PASSWORD) as client:
            live_day(browser, server, Office(client))
        browser.close()
    return 0


def chain(browser: Browser, server: LiveServer, client: httpx.Client) -> None:
    """Steps 1 to 5, in both languages, each language with a technician of its own."""
    office = Office(client)
    for locale, suffix in LANGUAGES.items():
        console_pictures(browser, server, locale, Camera(suffix))
    plan_id = make_draft(office)
    for locale, suffix in LANGUAGES.items():
        draft_picture(browser, server, office, locale, Camera(suffix))
    client.post(f"/api/plans/{plan_id}/publish").raise_for_status()
    visits = office.board()["visits"]
    busy = {visit["technician_id"] for visit in visits}
    technicians = [row for row in office.board()["technicians"] if row["id"] in busy]
    for (locale, suffix), technician in zip(LANGUAGES.items(), technicians, strict=False):
        phone_pictures(browser, server, office, technician, locale, Camera(suffix))


if __name__ == "__main__":
    sys.exit(main())
