"""What administrators set: rules that two of them change at once, and where e-mails come in."""

import httpx
from playwright.sync_api import Page, expect

from tests.backend.report.test_letter_hook import sealed
from tests.backend.report.test_postbox import mail
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import Console
from tests.servers import LiveServer

SAVED = "设置已保存"


def administrator(desktop_context: ContextFactory, url: str, screen: str) -> Console:
    console = Console(desktop_context().new_page(), url)
    console.open_day("admin")
    console.go(screen)
    return console


def save(page: Page, label: str, value: str) -> None:
    page.get_by_role("spinbutton", name=label).fill(value)
    page.get_by_role("button", name="保存", exact=True).click()


def test_rules_that_two_change_at_once_are_merged_and_what_both_touched_is_asked_again(
    shared_server: LiveServer, desktop_context: ContextFactory
) -> None:
    days, notice = "开放预约天数", "最少提前（小时）"
    first, second = (
        administrator(desktop_context, shared_server.url, "#/settings/booking").page for _ in range(2)
    )
    for page in (first, second):
        expect(page.get_by_label(days)).to_have_value("7")
    save(first, days, "14")
    expect(first.get_by_text(SAVED)).to_be_visible()
    save(second, notice, "3")
    expect(second.get_by_text(SAVED)).to_be_visible()
    expect(second.get_by_label(days)).to_have_value("14")

    save(first, notice, "5")
    dispute = first.get_by_role("alert").filter(has_text="刚被别人改过")
    expect(dispute.get_by_role("row", name=notice).get_by_role("cell")).to_contain_text(["5", "3"])
    expect(first.get_by_role("spinbutton", name=notice)).to_have_value("5")
    assert violations(first) == []
    with first.expect_response(lambda reply: reply.request.method == "PUT") as written:
        save(first, notice, "5")
    assert written.value.ok, written.value.text()
    expect(dispute).to_have_count(0)
    save(second, notice, "9")
    second.get_by_role("button", name=f"采用: {notice}").click()
    expect(second.get_by_role("spinbutton", name=notice)).to_have_value("5")
    expect(second.get_by_role("button", name="保存", exact=True)).to_be_focused()


def test_an_address_for_e_mails_is_made_used_and_withdrawn(
    shared_server: LiveServer, desktop_context: ContextFactory
) -> None:
    console = administrator(desktop_context, shared_server.url, "#/settings/letters")
    page = console.page
    page.get_by_label("客户写信的邮箱").fill("service@example.com")
    page.get_by_role("button", name="生成地址和密钥").click()
    secret = page.get_by_role("status").locator("code").inner_text()
    url = page.locator("dd").first.inner_text()
    assert violations(page) == []
    body = mail(Subject="报修洗碗机").as_bytes()
    taken = httpx.post(url, content=body, headers={"Shangmen-Signature": sealed(body, secret)})
    assert taken.json() == {"state": "taken"}
    console.go("#/followups/letters")
    expect(page.get_by_text("报修洗碗机")).to_be_visible()

    console.go("#/settings/letters")
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_label("现在的密钥").select_option(label="立即作废")
    page.get_by_role("button", name="换新密钥").click()
    expect(page.get_by_role("status").locator("code")).not_to_have_text(secret)
    old = httpx.post(url, content=body, headers={"Shangmen-Signature": sealed(body, secret)})
    assert old.status_code == 401
    page.get_by_role("button", name="停用这个地址").click()
    page.get_by_role("button", name="停用这个地址").click()
    expect(page.get_by_role("button", name="生成地址和密钥")).to_be_visible()
