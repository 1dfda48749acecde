"""Choosing a time in a phone's browser: with and without JavaScript, in both languages, accessible."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from backend.messages.models import MessageEvent
from backend.technicians.models import Shift
from tests.browsing import LiveStream
from tests.e2e.conftest import ContextFactory
from tests.e2e.lock_screen import LockScreen, push_service
from tests.e2e.pages.axe import LOOKS, violations
from tests.e2e.pages.street import Street, street
from tests.factories.bookable import clock, tomorrow, town
from tests.factories.push_service import Browser, PushService
from tests.servers import LiveServer

SMALL = {"width": 360, "height": 780}
PAGE_BUDGET_BYTES = 15_000


WHOLE_DAY_S = 7 * 3_600


@pytest.fixture
def undecided(shared_server: LiveServer) -> Iterator[Street]:
    """A customer who has yet to choose a time, in a town with two technicians."""
    with street(shared_server, town(2, 1, days=5)) as opened:
        opened.open_desk()
        yield opened


@pytest.fixture
def crowded(shared_server: LiveServer) -> Iterator[Street]:
    """Two customers and one technician, who has room for one of them tomorrow, and for one in nine days."""
    made = town(1, 2, days=1, windows=[[9, 11]])
    made.rules.days = 2
    later = tomorrow() + dt.timedelta(days=8)
    made.shifts.append(
        Shift(
            technician_id=made.technicians[0].id,
            day=later,
            starts_at=clock(9, later),
            ends_at=clock(18, later),
        )
    )
    for job in made.jobs:
        job.duration_s = WHOLE_DAY_S
    with street(shared_server, made) as opened:
        opened.open_desk()
        yield opened


def fits(page: Page) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= SMALL["width"]


@pytest.mark.parametrize("has_script", [True, False])
def test_a_time_is_chosen_changed_and_cancelled(
    phone_context: ContextFactory, undecided: Street, has_script: bool
) -> None:
    """From the link to the appointment in four taps; changed and cancelled by the same link."""
    page = phone_context(viewport=SMALL, java_script_enabled=has_script).new_page()
    page.goto(undecided.server.url + undecided.path())
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
    assert undecided.status() == "assigned"

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
    assert undecided.status() == "cancelled"


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_the_booking_pages_are_accessible_light_and_fit(
    phone_context: ContextFactory, undecided: Street, language: str, scheme: str
) -> None:
    # axe itself is a script the page's policy would refuse.
    page = phone_context(bypass_csp=True, viewport=SMALL, color_scheme=scheme).new_page()
    problems: dict[str, list[str]] = {}
    link = undecided.server.url + undecided.path()

    def check(name: str) -> None:
        problems[name] = violations(page) + ([] if fits(page) else ["wider than the phone"])

    reply = page.goto(f"{link}/book?lang={language}")
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
    page.goto(f"{link}/cancel?lang={language}")
    check("cancel")
    assert {name: found for name, found in problems.items() if found} == {}
    assert len(problems) == 4


@pytest.mark.parametrize("has_script", [True, False])
def test_where_nothing_fits_a_customer_waits_and_is_told_of_the_place_that_came_free(
    told_phone_context: ContextFactory, crowded: Street, has_script: bool
) -> None:
    """The earliest time and the reason, the waiting list, somebody's cancellation, news, an appointment."""
    url, path = crowded.server.url, crowded.path(1)
    with httpx.Client(base_url=url, timeout=20) as neighbour, PushService() as service:
        first = crowded.path(0)
        taken = neighbour.get(f"{first}/book").text.partition('name="slot" value="')[2].partition('"')[0]
        assert neighbour.post(f"{first}/book/confirm", data={"slot": taken}).status_code == 303

        options = {"java_script_enabled": has_script, "permissions": ["notifications"]}
        context = told_phone_context(viewport=SMALL, **options)
        page = context.new_page()
        page.goto(url + path)
        page.get_by_role("link", name="选择上门时间").click()
        expect(page.locator("h1")).to_have_text("最近几天都约满了")
        expect(page.get_by_text("能做这项服务的师傅这几天都排满了。 最早可以约的时间如下。")).to_be_visible()
        expect(page.locator("button.slot")).to_have_count(1)
        later = tomorrow() + dt.timedelta(days=8)
        expect(page.locator("form.days h2")).to_contain_text(f"{later.month}月{later.day}日")
        page.get_by_label("上午").check()
        page.get_by_role("button", name="加入候补").click()
        expect(page.get_by_text("您在候补名单上")).to_be_visible()
        assert fits(page)

        phone = Browser()
        alerted = asked(page, phone, service) if has_script else None
        page.goto(url + path)
        with LiveStream(neighbour, f"{path}/live") as news:
            assert neighbour.post(f"{first}/cancel", data={"reason": "solved"}).status_code == 303
            news.next_change()
        if not has_script:
            page.reload()
        expect(page.locator(".pill")).to_have_text("已派单")
        (message,) = crowded.told(1)
        assert message.event is MessageEvent.BOOKED
        if alerted is not None:
            lock_screen, key = alerted
            (pushed,) = service.wait_for(1)
            assert pushed.is_signed(key)
            notice = phone.open(pushed.body)
            lock_screen.deliver(notice)
            assert lock_screen.shown(notice["title"]) == [notice]
            assert (notice["body"], notice["url"]) == ("上门时间已约好", urlsplit(page.url).path)
            assert lock_screen.tapped(notice["title"]) == {"shown": path, "left": 0}
    page.goto(f"{url}{path}/book")
    expect(page.get_by_text("目前预约")).to_contain_text("09:00–11:00")
    if alerted is not None:
        lock_screen.deliver(notice)
        lock_screen.shown(notice["title"])
        assert lock_screen.tapped(notice["title"]) == {"opened": path, "left": 0}
        crowded.withdraw_links(1)
        page.goto(url + path)
        expect(page.locator("h1")).to_have_text("这个链接打不开了")


def asked(page: Page, phone: Browser, service: PushService) -> tuple[LockScreen, str]:
    """The customer turns alerts on: what their lock screen shows then, and whose signature it trusts."""
    page.add_init_script(push_service(phone.subscription(f"{service.url}/zhao")))
    page.get_by_role("link", name="消息设置").click()
    page.get_by_role("link", name="手机提醒").click()
    page.get_by_role("button", name="打开提醒").click()
    status = page.get_by_role("status")
    expect(status).to_have_text("这部手机会收到提醒。")
    return LockScreen(page, page.evaluate("location.origin")), status.get_attribute("data-key") or ""
