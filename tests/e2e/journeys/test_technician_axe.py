"""The technician's screens against WCAG 2.2 AA, in both languages, light and dark, on the smallest phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.journeys.phone import Phone, draw
from tests.e2e.journeys.scene import Scene
from tests.e2e.pages.axe import violations

SMALLEST = {"width": 320, "height": 640}


def overflow_px(phone: Phone) -> int:
    """How far the page is wider than the phone."""
    wide: int = phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_of_a_job_is_accessible(
    phone_context: ContextFactory, scene: Scene, locale: str, scheme: str
) -> None:
    job_id, technician_id = scene.given("install")
    context = phone_context(locale=locale, color_scheme=scheme, viewport=SMALLEST)
    # The technician's own language would win over the phone's.
    context.add_init_script(f"localStorage.setItem('shangmen.language', '{locale}')")
    phone = Phone(context.new_page(), scene.server.url)
    found: dict[str, list[str]] = {}

    def judge(screen: str, ready: Callable[[], None] | None = None) -> None:
        if ready is not None:
            ready()
        found[screen] = violations(phone.page)
        assert overflow_px(phone) <= 0, f"{screen} runs off the phone"
        phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow_px(phone) <= 0, f"{screen} runs off the phone with text twice as large"
        phone.page.evaluate("document.documentElement.style.fontSize = ''")

    phone.page.goto(f"{scene.server.url}/technician/")
    judge("sign-in", lambda: expect(phone.page.locator("input[type=password]")).to_be_visible())
    scene.pair(phone, technician_id)
    judge("today")
    phone.open_job(job_id)
    judge("offer")
    phone.page.locator(".decline").click()
    judge("decline", lambda: expect(phone.page.get_by_role("dialog")).to_be_visible())
    phone.page.keyboard.press("Escape")
    phone.tap("accept")
    phone.tap("depart")
    phone.tap("arrive")
    phone.tap("step")
    judge("step", lambda: expect(phone.page.locator("#question")).to_be_visible())
    phone.go(f"#/job/{job_id}")
    phone.tap("take-part")
    judge("parts", lambda: expect(phone.page.get_by_role("dialog")).to_be_visible())
    phone.page.keyboard.press("Escape")
    phone.tap("extra")
    phone.page.locator("[data-add=WK-DRILL]").click()
    judge("extra work")
    phone.tap("show-quote")
    judge("quote", lambda: expect(phone.primary("agree")).to_be_visible())
    phone.tap("decline-quote")
    judge("quote declined", lambda: expect(phone.page.get_by_role("dialog")).to_be_visible())
    phone.tap("confirm-decline")
    judge("answers to quotes", lambda: expect(phone.page.locator("[data-quote=declined]")).to_be_visible())
    phone.tap("trouble-sheet")
    judge("trouble", lambda: expect(phone.page.get_by_role("dialog")).to_be_visible())
    phone.page.keyboard.press("Escape")
    phone.tap("navigate")
    judge("navigate", lambda: expect(phone.page.get_by_role("dialog")).to_be_visible())
    phone.page.keyboard.press("Escape")
    phone.go("#/summary")
    judge("summary", lambda: expect(phone.page.locator("main dl").first).to_be_visible())
    phone.go(f"#/job/{job_id}/receipt")
    judge("receipt", lambda: expect(phone.page.locator("main dl").first).to_be_visible())
    phone.page.evaluate("location.hash = '#/unsent'")
    judge("unsent", lambda: expect(phone.page.locator("h1")).to_be_visible())
    phone.page.evaluate("location.hash = '#/account'")
    judge("account", lambda: expect(phone.page.locator("h1")).to_be_visible())
    assert found == {screen: [] for screen in found}


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
    for action in ("accept", "depart", "arrive"):
        phone.tap(action)
    phone.answer_all(tmp_path_factory.mktemp("album"))
    phone.tap("complete")
    phone.tap("sign")
    box = phone.page.locator("canvas").bounding_box()
    assert box is not None
    draw(phone.page, box)
    expect(phone.primary("confirm")).to_be_enabled()
    assert violations(phone.page) == []
