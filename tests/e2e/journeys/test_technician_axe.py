"""The technician's screens against WCAG 2.2 AA on the smallest phone: Chinese and light, English and dark."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.journeys.phone import Phone, take_snap
from tests.e2e.journeys.scene import Scene
from tests.e2e.pages.axe import LOOKS, violations

SMALLEST = {"width": 320, "height": 640}


def overflow_px(phone: Phone) -> int:
    """How far the page is wider than the phone."""
    wide: int = phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


class Judge:
    """What is wrong with each screen a phone has shown, by its name."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self.found: dict[str, list[str]] = {}

    def see(self, screen: str, *shown: Locator) -> None:
        """Judge what is there once `shown` is."""
        for one in shown:
            expect(one).to_be_visible()
        page = self._phone.page
        self.found[screen] = violations(page)
        assert overflow_px(self._phone) <= 0, f"{screen} runs off the phone"
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow_px(self._phone) <= 0, f"{screen} runs off the phone with text twice as large"
        page.evaluate("document.documentElement.style.fontSize = ''")

    def see_sheet(self, screen: str) -> None:
        """Judge a sheet over the screen, and close it."""
        self.see(screen, self._phone.page.get_by_role("dialog"))
        self._phone.page.keyboard.press("Escape")
        self._phone.expect_no_sheet()


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_every_screen_of_a_job_is_accessible(
    phone_context: ContextFactory, scene: Scene, locale: str, scheme: str
) -> None:
    job_id, technician_id = scene.given("install")
    context = phone_context(locale=locale, color_scheme=scheme, viewport=SMALLEST)
    # The technician's own language would win over the phone's.
    context.add_init_script(f"localStorage.setItem('shangmen.language', '{locale}')")
    phone = Phone(context.new_page(), scene.server.url)
    judge = Judge(phone)
    phone.page.goto(f"{scene.server.url}/technician/")
    judge.see("sign-in", phone.page.locator("input[type=password]"))
    scene.pair(phone, technician_id)
    judge.see("today")
    phone.open_job(job_id)
    judge.see("offer")
    phone.page.locator(".decline").click()
    judge.see_sheet("decline")
    phone.arrive()
    see_the_work(phone, judge, job_id)
    see_extra_work(phone, judge)
    see_what_is_beside_the_work(phone, judge, job_id)
    assert judge.found == {screen: [] for screen in judge.found}


def see_the_work(phone: Phone, judge: Judge, job_id: str) -> None:
    phone.tap("step")
    judge.see("step", phone.page.locator("#question"))
    phone.go(f"#/job/{job_id}")
    phone.tap("take-part")
    judge.see_sheet("parts")


def see_extra_work(phone: Phone, judge: Judge) -> None:
    phone.tap("extra")
    phone.page.locator("[data-add=WK-DRILL]").click()
    judge.see("extra work")
    phone.tap("show-quote")
    judge.see("quote", phone.primary("agree"))
    phone.tap("decline-quote")
    judge.see("quote declined", phone.page.get_by_role("dialog"))
    phone.tap("confirm-decline")
    judge.see("answers to quotes", phone.page.locator("[data-quote=declined]"))


def see_what_is_beside_the_work(phone: Phone, judge: Judge, job_id: str) -> None:
    for sheet in ("trouble-sheet", "navigate"):
        phone.tap(sheet)
        judge.see_sheet(sheet)
    phone.go("#/summary")
    judge.see("summary", phone.page.locator("main dl").first)
    phone.go(f"#/job/{job_id}/receipt")
    judge.see("receipt", phone.page.locator("main dl").first)
    for screen in ("unsent", "account"):
        phone.page.evaluate(f"location.hash = '#/{screen}'")
        judge.see(screen, phone.page.locator("h1"))


@pytest.mark.slow
def test_the_signing_screen_is_accessible(
    phone_context: ContextFactory,
    scene: Scene,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    job_id, technician_id = scene.given("install")
    phone = Phone(phone_context().new_page(), scene.server.url)
    scene.pair(phone, technician_id)
    phone.open_job(job_id)
    phone.arrive()
    phone.answer_all(tmp_path_factory.mktemp("album"), take_snap)
    phone.tap("complete")
    phone.tap("sign")
    phone.draw_signature()
    expect(phone.primary("confirm")).to_be_enabled()
    assert violations(phone.page) == []
