"""Getting into the console, in whatever language, and being kept out of it."""

from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.console import Console
from tests.servers import LiveServer


def test_wrong_password_says_so_and_keeps_the_account(console: Console) -> None:
    """A refused sign-in keeps what was typed but the password, and does not say which was wrong."""
    console.sign_in(password="not-this-one")
    expect(console.page.get_by_role("alert").filter(has_text="账号或密码不正确")).to_be_visible()
    expect(console.page.locator("input[name=login]")).to_have_value("dispatcher")
    expect(console.page.locator("input[name=password]")).to_have_value("")


def test_reload_stays_signed_in_and_sign_out_ends_it(console: Console) -> None:
    """The session lives in the browser's cookie until somebody signs out."""
    console.open_day()
    console.page.reload()
    expect(console.rows.first).to_be_visible()
    console.page.get_by_role("button", name="退出").click()
    expect(console.page.get_by_role("heading", name="登录调度台")).to_be_visible()
    console.page.reload()
    expect(console.page.get_by_role("heading", name="登录调度台")).to_be_visible()


def test_session_that_ends_elsewhere_leads_back_to_sign_in(console: Console) -> None:
    """A session the server no longer knows is told as such, and signing in returns to the same screen."""
    console.open_day()
    console.page.context.clear_cookies()
    console.go("#/places")
    expect(console.page.get_by_text("登录已过期")).to_be_visible()
    console.page.locator("input[name=login]").fill("dispatcher")
    console.page.locator("input[name=password]").fill("shangmen-demo")
    console.page.locator("form button[type=submit]").click()
    expect(console.page.get_by_role("heading", name="待定位", level=1)).to_be_visible()


def test_technician_is_shown_the_way_to_the_phone(console: Console) -> None:
    """A technician's place is the phone app; the console shows them no day."""
    console.sign_in("tech01")
    expect(console.page.get_by_role("heading", name="这个账号不能使用调度台")).to_be_visible()
    expect(console.page.get_by_role("link", name="打开师傅手机应用")).to_have_attribute(
        "href", "/technician/"
    )


def test_vendor_sees_its_own_technicians_and_nothing_of_the_office(console: Console) -> None:
    """A vendor's dispatcher gets a board of their own people, without planning, imports or places."""
    console.open_day("xunda")
    companies = console.board.locator(".names .vendor:not([hidden])")
    own = int(console.board.get_attribute("aria-rowcount") or 0)
    assert own > 0
    expect(console.rows).to_have_count(own)
    expect(companies).to_have_text([companies.first.inner_text()] * own)
    for name in ("优化排班", "订单导入", "待定位"):
        expect(console.page.get_by_text(name, exact=True)).to_have_count(0)


def test_language_follows_the_browser_and_the_choice_is_kept(
    desktop_context: ContextFactory, shared_server: LiveServer
) -> None:
    """English for an English browser; a choice of Chinese survives a reload."""
    console = Console(desktop_context(locale="en-GB").new_page(), shared_server.url)
    console.open_day()
    expect(console.page.get_by_role("button", name="Optimise", exact=True)).to_be_visible()
    console.page.get_by_role("button", name="中文").click()
    expect(console.page.get_by_role("button", name="优化排班")).to_be_visible()
    console.page.reload()
    expect(console.page.get_by_role("button", name="优化排班")).to_be_visible()
    expect(console.page.locator("html")).to_have_attribute("lang", "zh-CN")
