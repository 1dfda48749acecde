"""Choosing a time in a phone's browser: with and without JavaScript, in both languages, accessible."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD
from tests.servers import LiveServer

SMALL = {"width": 360, "height": 780}
PAGE_BUDGET_BYTES = 15_000


class Undecided:
    """The demo's customer who has yet to choose a time."""

    def __init__(self, office: httpx.Client) -> None:
        self.office = office
        (job,) = office.get("/api/jobs", params={"status": "qualified"}).json()["items"]
        self.job_id: str = job["id"]
        self.link: str = office.post(f"/api/jobs/{self.job_id}/customer-link").json()["url"]

    @property
    def status(self) -> str:
        status: str = self.office.get(f"/api/jobs/{self.job_id}").json()["sheet"]["status"]
        return status


@pytest.fixture
def undecided(live_server: LiveServer) -> Iterator[Undecided]:
    with signed_in(live_server.url, "dispatcher", PASSWORD) as office:
        yield Undecided(office)


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= SMALL["width"]


@pytest.mark.parametrize("has_script", [True, False])
def test_a_time_is_chosen_changed_and_cancelled(
    phone_context: ContextFactory, undecided: Undecided, has_script: bool
) -> None:
    """From the link to the appointment in four taps; changed and cancelled by the same link."""
    page = phone_context(viewport=SMALL, java_script_enabled=has_script).new_page()
    page.goto(undecided.link)
    page.get_by_role("link", name="选择上门时间").click()
    first = page.locator("button.slot").nth(1)
    chosen = first.inner_text().split("\n")[0]
    first.click()
    expect(page.locator("h1")).to_have_text("请确认上门时间")
    expect(page.locator(".when")).to_contain_text(chosen)
    page.get_by_role("button", name="换个时间").click()
    page.locator("button.slot").nth(1).click()
    page.get_by_role("button", name="确认预约").click()
    expect(page.locator(".pill")).to_have_text("已派单")
    assert undecided.status == "assigned"

    page.get_by_role("link", name="改时间").click()
    expect(page.get_by_text("目前预约")).to_be_visible()
    page.get_by_role("link", name="更多日期").click()
    page.locator("button.slot").last.click()
    page.get_by_role("button", name="确认预约").click()
    expect(page.locator("h1")).to_contain_text("上门时间")

    page.get_by_role("link", name="取消上门").click()
    page.get_by_label("时间不合适").check()
    page.get_by_role("button", name="取消上门").click()
    expect(page.locator("h1")).to_have_text("本次服务已取消")
    assert undecided.status == "cancelled"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_booking_pages_are_accessible_light_and_fit(
    phone_context: ContextFactory, undecided: Undecided, language: str, scheme: str
) -> None:
    # axe itself is a script the page's policy would refuse.
    page = phone_context(bypass_csp=True, viewport=SMALL, color_scheme=scheme).new_page()
    problems: dict[str, list[str]] = {}

    def check(name: str) -> None:
        problems[name] = violations(page) + ([] if fits(page) else ["wider than the phone"])

    reply = page.goto(f"{undecided.link}/book?lang={language}")
    assert reply is not None
    assert reply.request.sizes()["responseBodySize"] <= PAGE_BUDGET_BYTES
    check("choose")
    heights = page.locator("button.slot").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 48
    page.locator("button.slot").first.click()
    page.wait_for_selector(".when")
    check("confirm")
    page.locator("button[name=slot]").click()
    page.wait_for_selector(".hero .pair")
    check("booked")
    page.goto(f"{undecided.link}/cancel?lang={language}")
    check("cancel")
    assert {name: found for name, found in problems.items() if found} == {}
    assert len(problems) == 4
