"""Checking and signing on the customer's own phone: with a finger, accessible; then verified by anybody."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.pages.doorbell import Doorbell
from tests.e2e.pages.signature import draw
from tests.servers import LiveServer

SMALL = {"width": 360, "height": 780}
PAGE_BUDGET_BYTES = 15_000


@pytest.fixture
def done(shared_server: LiveServer) -> Iterator[Doorbell]:
    """A visit whose work is done and waits for a signature."""
    with signed_in(shared_server.url, "dispatcher", PASSWORD) as client:
        doorbell = Doorbell(Office(client), shared_server)
        doorbell.depart()
        doorbell.send("arrive")
        doorbell.finish()
        yield doorbell
        doorbell.phone.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_customer_checks_signs_with_a_finger_and_the_document_is_verified(
    phone_context: ContextFactory, done: Doorbell, language: str
) -> None:
    page = phone_context(bypass_csp=True, viewport=SMALL).new_page()
    problems: dict[str, list[str]] = {}
    page.goto(f"{done.link}?lang={language}")
    page.locator("a[href*='/sign']").click()
    expect(page.locator("canvas")).to_be_visible()
    reply = page.reload()
    assert reply is not None
    assert reply.request.sizes()["responseBodySize"] <= PAGE_BUDGET_BYTES
    expect(page.locator("canvas")).to_be_visible()
    problems["sign"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    by_code = page.locator("form").get_attribute("action") or ""
    draw(page)
    page.locator("form .button").click()
    expect(page.locator("a[href*='/rate']")).to_be_visible()
    page.goto(f"{done.server.url}{by_code}")  # as who came by the technician's code is told
    expect(page.locator(".hash")).to_have_text(re.compile("[0-9a-f]{64}"))
    sha256 = page.locator(".hash").inner_text()
    problems["signed"] = violations(page)
    page.locator("main .button").click()
    expect(page.locator(".verdict.intact")).to_be_visible()
    problems["verify"] = violations(page)
    page.goto(f"{done.link}/copy?lang={language}")
    expect(page.get_by_role("img").first).to_be_visible()
    document = page.request.get(f"{done.link}/copy.pdf")
    assert (document.status, document.body()[:5]) == (200, b"%PDF-")
    assert sha256 in page.content()
    assert {name: found for name, found in problems.items() if found} == {}
