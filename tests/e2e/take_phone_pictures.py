"""Every screen of the technician's phone, 360 by 780 in both languages.

`python -m tests.e2e.take_phone_pictures` takes them anew.

They are for looking at. A machine without a Chinese font shows boxes where words should be.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone, draw, take_picture
from tests.e2e.journeys.scene import PAID_BY_TARIFF, Hand, Scene
from tests.e2e.lock_screen import NOWHERE, UNASKED, push_service
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.phone_signal import PhoneSignal
from tests.e2e.take_pictures import HAND, demo_server
from tests.servers import LiveServer

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "phone"
LANGUAGES = {"zh-CN": "", "en-GB": "-en"}
APP_LANGUAGE = {"zh-CN": "zh-CN", "en-GB": "en"}


class Album:
    """Saves what the phone shows under a name, per language."""

    def __init__(self, phone: Phone, suffix: str) -> None:
        self.phone, self.suffix = phone, suffix

    def shoot(self, name: str) -> None:
        self.phone.page.wait_for_timeout(350)
        self.phone.page.screenshot(path=FOLDER / f"{name}{self.suffix}.png")
        print(f"{name}{self.suffix}.png", flush=True)

    def shoot_sheet(self, name: str) -> None:
        expect(self.phone.page.get_by_role("dialog")).to_be_visible()
        self.shoot(name)
        self.phone.page.keyboard.press("Escape")
        expect(self.phone.page.get_by_role("dialog")).to_have_count(0)


def before_the_door(hand: Hand, album: Album) -> None:
    phone = hand.phone
    phone.go("#/today")
    album.shoot("02-today")
    phone.open_job(hand.job_id)
    album.shoot("03-offer")
    phone.page.locator(".decline").click()
    album.shoot_sheet("04-decline")
    phone.tap("accept")
    phone.go("#/today")
    expect(phone.page.locator("[data-push-card]")).to_be_visible()
    album.shoot("27-alerts")
    phone.open_job(hand.job_id)
    phone.tap("navigate")
    album.shoot_sheet("05-navigate")
    phone.tap("depart")
    album.shoot("06-on-the-way")
    phone.tap("arrive")
    album.shoot("07-on-site")
    phone.tap("write-serial")
    album.shoot_sheet("28-serial-number")


def at_work(hand: Hand, album: Album, camera: Path) -> None:
    phone = hand.phone
    phone.tap("find-fault")
    album.shoot("08-symptoms")
    phone.page.locator("[data-symptom]").first.click()
    phone.page.locator("input[name=cause]").first.check()
    album.shoot("09-cause")
    phone.tap("diagnose")
    phone.tap("step")
    album.shoot("10-question")
    phone.page.go_back()
    phone.answer_all(camera)
    phone.tap("take-part")
    phone.page.locator("button.part:enabled").first.click()
    expect(phone.page.locator(".quantity")).to_be_visible()
    album.shoot("11-parts")
    phone.page.locator(".quantity .use").click()
    phone.photograph(take_picture(camera))
    phone.tap("trouble-sheet")
    phone.page.locator("[role=dialog] input[value=need_part]").check()
    album.shoot_sheet("12-missing-part")
    phone.page.locator("main .product").scroll_into_view_if_needed()
    album.shoot("13-job")
    phone.page.locator("main h2").last.scroll_into_view_if_needed()
    album.shoot("14-job-below")


def beyond_the_order(hand: Hand, album: Album) -> None:
    """Extra work: chosen, put before the customer, signed and declined."""
    phone = hand.phone
    phone.tap("extra")
    for code in ("WK-DRILL", "WK-DRILL", "WK-DOOR"):
        phone.page.locator(f"[data-add={code}]").click()
    album.shoot("23-extra-work")
    phone.tap("show-quote")
    box = phone.page.locator("canvas").bounding_box()
    if box is not None:
        draw(phone.page, box)
    album.shoot("24-quote")
    phone.tap("agree")
    phone.tap("extra")
    phone.page.locator("[data-add=WK-SOCKET]").click()
    phone.tap("show-quote")
    phone.tap("decline-quote")
    expect(phone.page.get_by_role("dialog")).to_be_visible()
    album.shoot("25-quote-declined")
    phone.tap("confirm-decline")
    phone.page.locator("[data-extras]").scroll_into_view_if_needed()
    album.shoot("26-answers-to-quotes")


def without_signal(hand: Hand, album: Album) -> None:
    phone = hand.phone
    hand.signal.lose()
    phone.tap("complete")
    phone.go("#/unsent")
    album.shoot("15-unsent")
    phone.go(f"#/job/{hand.job_id}/sign")
    box = phone.page.locator("canvas").bounding_box()
    if box is not None:
        draw(phone.page, box)
    album.shoot("16-signature")
    phone.page.locator("button.toggle").click()
    album.shoot_sheet("17-what-is-signed")
    phone.tap("confirm")
    expect(phone.page.locator(".signed")).to_be_visible()
    album.shoot("18-signed")
    hand.signal.find()
    phone.expect_sent()


def afterwards(scene: Scene, hand: Hand, other: str, album: Album) -> None:
    phone = hand.phone
    phone.go("#/summary")
    expect(phone.page.locator("[data-earned]")).to_be_visible()
    album.shoot("19-summary")
    phone.go("#/account")
    album.shoot("20-me")
    phone.open_job(other)
    phone.tap("accept")
    expect(phone.primary("depart")).to_be_visible()
    phone.expect_sent()
    hand.signal.lose()
    phone.tap("depart")
    scene.act(other, "report_no_show", text="没有联系上")
    hand.signal.find()
    phone.go("#/unsent")
    expect(phone.page.locator("li[data-state=conflict], li[data-state=rejected]").first).to_be_visible()
    album.shoot("21-conflict")


def with_the_workshop(hand: Hand, job_id: str, album: Album) -> None:
    phone = hand.phone
    phone.open_job(job_id)
    for action in ("accept", "depart", "arrive"):
        phone.tap(action)
    phone.report("take_to_workshop", "主板需返修")
    phone.tap("trouble")
    expect(phone.page.locator("main dl")).to_be_visible()
    album.shoot("22-workshop-receipt")


def journey(browser: Browser, scene: Scene, proxy: CutProxy, locale: str, suffix: str, camera: Path) -> None:
    options: dict[str, Any] = {**HAND, "locale": locale}
    context = browser.new_context(**options)
    context.set_default_timeout(20_000)
    # Each technician has a language of their own; here the pictures do.
    context.add_init_script(f"localStorage.setItem('shangmen.language', '{APP_LANGUAGE[locale]}')")
    context.add_init_script(UNASKED + push_service(NOWHERE))
    phone = Phone(context.new_page(), proxy.url)
    album = Album(phone, suffix)
    phone.page.goto(f"{proxy.url}/technician/")
    expect(phone.page.locator("input[type=password]")).to_be_visible()
    album.shoot("01-sign-in")
    technician_id = scene.technician("lock", PAID_BY_TARIFF)
    kinds = ("repair", "maintain", "repair", "inspect")
    jobs = [scene.order(kind, 9 + at * 2) for at, kind in enumerate(kinds)]
    for at, job_id in enumerate(jobs):
        scene.assign(job_id, technician_id, 9 + at * 2)
    scene.pair(phone, technician_id)
    hand = Hand(phone, PhoneSignal(context, proxy), technician_id, jobs[0])
    before_the_door(hand, album)
    at_work(hand, album, camera)
    beyond_the_order(hand, album)
    without_signal(hand, album)
    with_the_workshop(hand, jobs[2], album)
    afterwards(scene, hand, jobs[1], album)
    context.close()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    server: LiveServer
    with sync_playwright() as playwright, demo_server() as server, tempfile.TemporaryDirectory() as camera:
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=chromium.flags, env={**os.environ, **chromium.env}
        )
        with signed_in(server.url, "dispatcher", PASSWORD) as client, CutProxy(server.port) as proxy:
            scene = Scene(server, Office(client))
            for locale, suffix in LANGUAGES.items():
                journey(browser, scene, proxy, locale, suffix, Path(camera))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
