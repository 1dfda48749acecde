"""Every page of the console against WCAG 2.2 AA: in Chinese and light, in English and dark."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer

Screen = tuple[str, Callable[[Console], None]]
ORDERS = (
    "订单编号,收货人,手机,收货地址,商品名称,数量\n"
    "AXE-1,王小明,15400001001,北京市朝阳区某处小区301号楼2单元502,空调挂机 1.5匹,1\n"
    "AXE-2,李丽,1.54E+10,北京市海淀区中关村南大街5号,燃气热水器 16升,1\n"
)


@pytest.fixture(scope="module")
def planned_day(shared_server: LiveServer) -> Iterator[Office]:
    """A day with a visit, an address to locate, an order file, and a draft beside the plan."""
    with signed_in(shared_server.url, "dispatcher", PASSWORD) as client:
        office = Office(client)
        office.import_orders(ORDERS)
        office.draft()
        yield office


def sign_in_page(console: Console) -> None:
    console.page.goto(f"{console.url}/console/")
    expect(console.page.locator("input[name=login]")).to_be_visible()


def draft_panel(console: Console) -> None:
    console.open_day()
    expect(console.page.locator("aside table")).to_be_visible()
    expect(console.map).to_have_attribute("data-ready", "true")


def job_panel(console: Console) -> None:
    console.cards.first.click()
    expect(console.page.locator("aside ol li").first).to_be_visible()
    console.page.locator("aside .actions button").first.click()
    expect(console.page.locator("aside form select")).to_be_visible()


def technician_panel(console: Console) -> None:
    console.page.keyboard.press("Escape")
    console.board.locator(".name").first.click()
    expect(console.page.locator("aside dl dt").first).to_be_visible()


def key_help(console: Console) -> None:
    console.page.keyboard.press("?")
    expect(console.page.get_by_role("dialog")).to_be_visible()


def run_start(console: Console) -> None:
    """A day without a draft shows what an optimisation would take."""
    console.page.keyboard.press("Escape")
    with console.page.expect_response("**/api/board/columns?*day=2031-01-01*"):
        console.go("#/day?day=2031-01-01")
    expect(console.page.locator("aside table")).to_have_count(0)  # the other day's draft went with it
    console.page.keyboard.press("o")
    expect(console.page.locator("input[name=seconds]").first).to_be_visible()


def imports_page(console: Console) -> None:
    console.go("#/imports")
    expect(console.page.locator("table tbody tr").first).to_be_visible()


def import_run_page(console: Console) -> None:
    console.page.locator("table tbody a").first.click()
    expect(console.page.locator(".tiles")).to_be_visible()


def places_page(console: Console) -> None:
    console.go("#/places")
    console.page.locator("input[name=coordinates]").fill("39.908722, 116.397499")
    expect(console.page.locator(".leaflet-marker-icon")).to_be_visible()


def office_pages(console: Console) -> None:
    """Every message with one opened; the others are looked at on the way there."""
    for screen in (
        "#/messages/words",
        "#/messages/channels",
        "#/followups",
        "#/followups/conflicts",
        "#/followups/unsent",
        "#/settings",
        "#/settings/plans",
        "#/settings/live",
        "#/settings/messages",
        "#/settings/people",
        "#/statements",
    ):
        console.go(screen)
        expect(console.page.locator("main h1")).to_be_visible()
        expect(console.page.locator("main .skeleton")).to_have_count(0)
        assert told(screen, console.page) == []
    console.go("#/messages")
    console.page.locator("tbody button").first.click()
    expect(console.page.locator("aside dl dt").first).to_be_visible()


def failed_day(console: Console) -> None:
    console.page.route("**/api/board/columns?**", lambda route: route.fulfill(status=503, body=""))
    console.go("#/day?day=2031-01-02")
    expect(console.page.get_by_role("alert").first).to_be_visible()


SCREENS: list[Screen] = [
    ("sign-in", sign_in_page),
    ("draft", draft_panel),
    ("job", job_panel),
    ("technician", technician_panel),
    ("keys", key_help),
    ("optimise", run_start),
    ("imports", imports_page),
    ("import", import_run_page),
    ("places", places_page),
    ("messages", office_pages),
    ("failed", failed_day),
]


def told(screen: str, page: Page) -> list[str]:
    return [f"{screen}: {violation}" for violation in violations(page)]


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
def test_no_page_of_the_console_breaks_wcag(
    desktop_context: ContextFactory,
    shared_server: LiveServer,
    planned_day: Office,
    locale: str,
    scheme: Literal["light", "dark"],
) -> None:
    """One walk through all screens; every violation is named with its screen and element."""
    assert planned_day.board()["technicians"]
    # Without motion, so that no colour is judged on its way to another.
    page = desktop_context(locale=locale, color_scheme=scheme, reduced_motion="reduce").new_page()
    console = Console(page, shared_server.url)
    found: list[str] = []
    for name, arrive in SCREENS:
        arrive(console)
        found += told(name, page)
    assert found == []
