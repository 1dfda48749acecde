"""Rating a visit in a phone's browser, without JavaScript and accessible in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import LOOKS, violations
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.pages.doorbell import Doorbell
from tests.servers import LiveServer

SMALL = {"width": 360, "height": 780}


@pytest.fixture
def signed(shared_server: LiveServer) -> Iterator[Doorbell]:
    """A visit that is done and signed."""
    with signed_in(shared_server.url, "dispatcher", PASSWORD) as client:
        doorbell = Doorbell(Office(client), shared_server)
        doorbell.depart()
        doorbell.send("arrive")
        doorbell.sign()
        yield doorbell
        doorbell.phone.close()


def test_a_visit_is_rated_without_javascript(phone_context: ContextFactory, signed: Doorbell) -> None:
    page = phone_context(viewport=SMALL, java_script_enabled=False).new_page()
    page.goto(signed.link)
    page.get_by_role("link", name="评价这次服务").click()
    page.get_by_role("radio", name="满意", exact=True).check(force=True)
    page.get_by_label("准时").check(force=True)
    page.get_by_label("还想说的").fill("师傅很细心")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("您给了 4 颗星")).to_be_visible()
    page.get_by_role("radio", name="9", exact=True).check(force=True)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到")).to_be_visible()
    page.get_by_role("link", name="返回进度").click()
    expect(page.get_by_text("您的评价：4 星")).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_rating_pages_are_accessible_and_fit(
    phone_context: ContextFactory, signed: Doorbell, language: str, scheme: str
) -> None:
    page = phone_context(bypass_csp=True, viewport=SMALL, color_scheme=scheme).new_page()
    page.goto(f"{signed.link}/rate?lang={language}")
    found = {"form": violations(page)}
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    page.locator("input[name=stars]").nth(0).check(force=True)
    page.locator("form button").click()
    page.wait_for_selector(".scale")
    found["thanks"] = violations(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
    heights = page.locator(".chip span").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 48
