"""A customer's whole way on one phone: a fault reported, a visit booked, changed, watched, signed, rated."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.pages.doorbell import Doorbell, booked_visit
from tests.e2e.pages.signature import draw
from tests.servers import LiveServer

SMALL = {"width": 360, "height": 780}
ADDRESS = "北京市昌平区天通西苑三区 8 号楼 1 单元 202"


@pytest.fixture
def office(live_server: LiveServer) -> Iterator[Office]:
    with signed_in(live_server.url, "dispatcher", PASSWORD) as client:
        yield Office(client)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def report(page: Page, url: str) -> str:
    """From the code on the appliance to a case; the link of whoever reported it."""
    page.goto(f"{url}/report?sku=SM-WD10&sn=WD10-7")
    press(page, "下一步")
    page.get_by_label("不排水").check()
    press(page, "下一步")
    press(page, "没好，继续报修")
    page.get_by_label("情况描述").fill("滚筒里都是水")
    press(page, "下一步")
    page.get_by_label("姓名").fill("苗女士")
    page.get_by_label("手机号").fill("154 1234 7777")
    page.get_by_label("上门地址").fill(ADDRESS)
    page.get_by_label("我同意").check()
    press(page, "提交")
    page.get_by_role("link", name="现在就选上门时间").click()
    expect(page.locator("button.slot").first).to_be_visible()
    return page.url.partition("/book")[0]


def book_and_change(page: Page) -> None:
    page.locator("button.slot").first.click()
    press(page, "确认预约")
    expect(page.locator(".pill")).to_have_text("已派单")
    page.get_by_role("link", name="改时间").click()
    page.locator("button.slot").last.click()
    press(page, "确认预约")
    expect(page.locator(".pill")).to_have_text("已派单")


def rate(page: Page) -> None:
    page.get_by_role("link", name="评价这次服务").click()
    page.get_by_role("radio", name="满意", exact=True).check(force=True)
    press(page, "提交评价")
    expect(page.get_by_text("您给了 4 颗星")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("has_script", [True, False])
def test_from_the_fault_to_the_stars(
    phone_context: ContextFactory, live_server: LiveServer, office: Office, has_script: bool
) -> None:
    page = phone_context(viewport=SMALL, java_script_enabled=has_script).new_page()
    link = report(page, live_server.url)
    book_and_change(page)
    job_id = office.client.get("/api/jobs", params={"q": "苗女士"}).json()["items"][0]["id"]
    visit = Doorbell(office, live_server, booked_visit(office, job_id))
    with closing(visit.phone):
        play(page, link, visit, has_script=has_script)
    page.goto(link)
    rate(page)
    told = office.client.get(f"/api/jobs/{job_id}/history").json()
    seen = [event["action"] for event in told]
    assert [seen.count(action) for action in ("assign", "depart", "arrive")] == [2, 1, 1]
    assert office.client.get(f"/api/jobs/{job_id}").json()["sheet"]["status"] == "signed"


def play(page: Page, link: str, visit: Doorbell, *, has_script: bool) -> None:
    """They come, work and are signed for, and the customer sees it."""
    visit.depart()
    page.goto(link)
    expect(page.locator(".pill")).to_have_text("在途")
    expect(page.locator(".distance")).to_have_text("2.2 公里")
    visit.send("arrive")
    visit.finish()
    page.goto(link)
    if has_script:  # a finger needs a script; without one the customer signs on the technician's phone
        page.locator("a[href*='/sign']").click()
        draw(page)
        page.locator("form .button").click()
        expect(page.get_by_role("link", name="评价这次服务")).to_be_visible()
    else:
        visit.sign()
