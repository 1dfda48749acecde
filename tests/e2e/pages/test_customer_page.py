"""The customer's page in a phone's browser: live, without JavaScript, light, accessible, honest offline."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import LOOKS, violations
from tests.e2e.pages.console import PASSWORD, Office
from tests.e2e.pages.doorbell import Doorbell
from tests.e2e.pages.street import street
from tests.factories.bookable import town
from tests.factories.wechat import SECRET, wechat
from tests.servers import LiveServer

PAGE_BUDGET_BYTES = 15_000
SCRIPT_BUDGET_BYTES = 2_000
# The goal is 1.2 s on a quiet machine; one that runs other tests at the same time gets slack, and more tries:
# only the least of several times is the page's own.
LCP_BUDGET_MS = 3_000
TRIES = 5
SMALL = {"width": 360, "height": 780}

LCP = """() => new Promise(resolve => {
    new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
        .observe({ type: 'largest-contentful-paint', buffered: true });
})"""


@pytest.fixture
def doorbell(shared_server: LiveServer) -> Iterator[Doorbell]:
    with signed_in(shared_server.url, "dispatcher", PASSWORD) as client:
        made = Doorbell(Office(client), shared_server)
        yield made
        made.phone.close()


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    return page


def test_the_page_follows_the_technician_without_a_reload(
    phone_context: ContextFactory, doorbell: Doorbell
) -> None:
    page = open_page(phone_context(viewport=SMALL), doorbell.link)
    page.evaluate("window.isSamePage = true")
    expect(page.locator(".pill")).to_have_text("已派单")
    expect(page.locator(".who .name")).to_contain_text("师傅")

    doorbell.depart()
    expect(page.locator(".pill")).to_have_text("在途")
    expect(page.locator(".distance")).to_have_text("2.2 公里")
    expect(page.get_by_role("img", name="在您家正北")).to_be_visible()

    doorbell.send("arrive")
    expect(page.locator("h1")).to_have_text("师傅已到达")
    expect(page.locator(".where")).to_have_count(0)
    expect(page.locator(".progress [aria-current=step]")).to_contain_text("师傅到达")
    assert page.evaluate("window.isSamePage")


def test_a_map_opened_by_a_tap_stays_open_while_they_drive(
    phone_context: ContextFactory, doorbell: Doorbell
) -> None:
    doorbell.depart()
    page = open_page(phone_context(viewport=SMALL), doorbell.link)
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    drawn = page.locator(".map > svg")
    expect(drawn).to_be_hidden()
    page.locator(".map summary").tap()
    expect(drawn).to_be_visible()
    doorbell.drive(north_deg=0.01)
    # Positions that follow each other fast are not announced one by one; a phone that wakes up looks anew.
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".distance")).to_have_text("1.1 公里")
    expect(drawn).to_be_visible()
    assert {url.split("/")[2] for url in outside} <= {doorbell.server.url.split("/")[2]}


def test_everything_is_there_without_javascript(phone_context: ContextFactory, doorbell: Doorbell) -> None:
    context = phone_context(java_script_enabled=False, viewport=SMALL)
    page = open_page(context, doorbell.link)
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 0
    doorbell.depart()
    page.reload()
    expect(page.locator(".distance")).to_have_text("2.2 公里")
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    page.get_by_role("link", name="English").click()
    expect(page.locator(".distance")).to_have_text("2.2 km")
    doorbell.send("arrive")
    doorbell.sign()
    page.reload()
    page.get_by_role("link", name="See the signed copy").click()
    expect(page.get_by_text("Verified", exact=False)).to_be_visible()
    expect(page.get_by_role("img", name="Signed by 赵女士", exact=False)).to_be_visible()


def test_above_the_fold_are_who_when_and_where(phone_context: ContextFactory, doorbell: Doorbell) -> None:
    doorbell.depart()
    page = open_page(phone_context(viewport=SMALL), doorbell.link)
    for part in ("h1", ".radar", ".who .name"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SMALL["height"], part
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_a_lost_connection_is_said_and_caught_up(phone_context: ContextFactory, doorbell: Doorbell) -> None:
    context = phone_context()
    page = open_page(context, doorbell.link)
    lost = page.get_by_role("alert")
    expect(lost).to_be_hidden()
    context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")  # the radio says so, the network does not work
    expect(lost).to_be_visible()
    doorbell.depart()
    expect(page.locator(".pill")).to_have_text("已派单")
    context.set_offline(False)
    expect(page.locator(".pill")).to_have_text("在途")
    expect(lost).to_be_hidden()


def test_a_withdrawn_link_closes_the_open_page(phone_context: ContextFactory, doorbell: Doorbell) -> None:
    page = open_page(phone_context(), doorbell.link)
    with signed_in(doorbell.server.url, "dispatcher", PASSWORD) as client:
        client.delete(f"/api/jobs/{doorbell.job_id}/customer-link")
    doorbell.send("accept")
    expect(page.locator("h1")).to_have_text("这个链接打不开了")


def painted_ms(page: Page, address: str) -> float:
    """When its largest part is on the screen."""
    page.goto(address)
    took_ms: float = page.evaluate(LCP)
    return took_ms


def test_it_is_light_alone_and_quick_on_a_slow_phone(
    phone_context: ContextFactory, doorbell: Doorbell
) -> None:
    doorbell.depart()
    context = phone_context(viewport=SMALL)
    page = context.new_page()
    replies: list[Response] = []
    page.on("response", lambda reply: replies.append(reply))  # noqa: PLW0108 - playwright marks its handlers
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    slow_4g = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
    session.send("Network.emulateNetworkConditions", slow_4g)
    tries = (painted_ms(page, doorbell.link) for _ in range(TRIES))
    assert any(took_ms <= LCP_BUDGET_MS for took_ms in tries)
    sizes = replies[0].request.sizes()
    assert sizes["responseBodySize"] <= PAGE_BUDGET_BYTES
    assert {reply.url.split("/")[2] for reply in replies} == {doorbell.server.url.split("/")[2]}
    loaded = {reply.request.resource_type for reply in replies}
    assert loaded <= {"document", "eventsource", "fetch"}
    script = page.locator("script").inner_text()
    assert 0 < len(script) <= SCRIPT_BUDGET_BYTES


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_is_accessible(
    phone_context: ContextFactory, doorbell: Doorbell, language: str, scheme: str
) -> None:
    # axe itself is a script the page's policy would refuse.
    context = phone_context(bypass_csp=True, viewport=SMALL, color_scheme=scheme)
    found: dict[str, list[str]] = {}

    def check(name: str, tail: str = "") -> None:
        page = open_page(context, f"{doorbell.link}{tail}?lang={language}")
        found[name] = violations(page)
        page.close()

    check("assigned")
    check("messages", "/messages")
    check("alerts", "/alerts")
    doorbell.depart()
    check("on the way")
    doorbell.send("arrive")
    check("on site")
    doorbell.sign()
    check("signed")
    check("signed copy", "/copy")
    check("closed", "x")
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(found) == 8


def test_wechat_is_connected_in_its_own_browser_and_disconnected_again(
    phone_context: ContextFactory, shared_server: LiveServer
) -> None:
    """By forms alone; the page's policy lets the form lead to WeChat, and the same browser comes back."""
    agent = "Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile MicroMessenger/8.0.47"
    context = phone_context(viewport=SMALL, java_script_enabled=False, user_agent=agent)
    with wechat() as service, street(shared_server, town(1, 1)) as customer:
        customer.writes_by_wechat(service)
        page = open_page(context, f"{shared_server.url}{customer.path()}/messages")
        page.get_by_label("发到我的微信").check()
        page.get_by_role("button", name="连接微信").click()
        expect(page.get_by_role("status")).to_have_text("微信已连接。")
        assert page.url.startswith(f"{shared_server.url}/c/")
        assert [asked["secret"] for asked in service.asked] == [SECRET]
        assert context.cookies() == []
        page.get_by_role("button", name="不再发到微信").click()
        expect(page.get_by_role("button", name="连接微信")).to_be_visible()


def test_a_wide_screen_shows_progress_beside(desktop_context: ContextFactory, doorbell: Doorbell) -> None:
    page = open_page(desktop_context(), doorbell.link)
    hero, progress = page.locator(".hero").bounding_box(), page.locator(".progress").bounding_box()
    assert hero is not None
    assert progress is not None
    assert progress["x"] > hero["x"] + hero["width"]
    assert abs(progress["y"] - hero["y"]) < 4
