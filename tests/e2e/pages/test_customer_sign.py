"""Checking and signing on the customer's own phone: with a finger, accessible; then verified by anybody."""

import re
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlmodel import col

from backend.jobs.models import Job
from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.pages.doorbell import Doorbell
from tests.factories.calls import calls_to
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
        finished = sa.update(Job).where(col(Job.id) == uuid.UUID(doorbell.job_id)).values(status="done")
        with calls_to(f"sqlite:///{shared_server.data_dir / 'shangmen.db'}") as calls:
            calls.write(lambda session: session.execute(finished))
        yield doorbell
        doorbell.phone.close()


def draw(page: Page) -> None:
    """A finger's stroke across the pad."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + 60 + (step % 3) * 25)
    page.mouse.up()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_customer_checks_signs_with_a_finger_and_the_document_is_verified(
    phone_context: ContextFactory, done: Doorbell, language: str
) -> None:
    page = phone_context(bypass_csp=True, viewport=SMALL).new_page()
    problems: dict[str, list[str]] = {}
    page.goto(f"{done.link}?lang={language}")
    page.locator("a[href*='/sign']").click()
    reply = page.reload()
    assert reply is not None
    assert reply.request.sizes()["responseBodySize"] <= PAGE_BUDGET_BYTES
    expect(page.locator("canvas")).to_be_visible()
    problems["sign"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    page.locator("canvas").scroll_into_view_if_needed()
    draw(page)
    page.locator("form .button").click()
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
