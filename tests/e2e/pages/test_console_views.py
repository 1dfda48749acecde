"""A day looked at in one's own way: filters, groups, saved views, several jobs at once, the week."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import Console, Office


def lens_of(page: Page) -> dict[str, list[str]]:
    """What the address says of how the day is looked at."""
    return parse_qs(urlsplit(page.url.replace("#/", "")).query)


def menu(console: Console, name: str) -> Locator:
    """Opens one of the menus of the filters; its panel."""
    bar = console.page.get_by_role("group", name="筛选和分组")
    bar.get_by_role("button", name=name).click()
    return bar.locator(".panel")


def bar_menu_closed(console: Console) -> None:
    console.page.keyboard.press("Escape")
    expect(console.page.locator(".lens .panel")).to_have_count(0)


def test_filters_groups_and_views_live_in_the_address(
    console: Console, office: Office, desktop_context: ContextFactory
) -> None:
    """Filters and groups reach board and lists, a link and the back button repeat them, a view keeps them."""
    job = office.assign_one()
    page = console.page
    console.open_day()
    assert only_own_by_skill(console, office, job["number"]) < len(office.board()["technicians"])
    keep_as_own_view(console)
    kept = lens_of(page)
    assert (kept["whose"], kept["group"]) == (["own"], ["skill"])

    page.get_by_role("button", name="清除筛选").click()
    assert "whose" not in lens_of(page)
    page.go_back()
    expect(page.get_by_role("button", name="清除筛选")).to_be_visible()
    assert lens_of(page) == kept
    # A colleague who is given the link sees the same; a bare address opens with the default.
    colleague = Console(desktop_context().new_page(), console.url)
    colleague.open_day()
    colleague.go(urlsplit(page.url).fragment)
    expect(colleague.board.locator(".group-head button").first).to_have_attribute("aria-expanded", "false")
    page.goto("about:blank")
    page.goto(f"{console.url}/console/")
    expect(console.board.locator(".group-head button").first).to_be_visible()
    assert lens_of(page)["whose"] == ["own"]


def only_own_by_skill(console: Console, office: Office, number: str) -> int:
    """Filter to the own technicians and group them, the first group folded; how many there are."""
    page = console.page
    page.keyboard.press("f")
    menu(console, "归属").get_by_role("checkbox", name="自有师傅").check()
    bar_menu_closed(console)
    own = sum(1 for one in office.board()["technicians"] if one["vendor"] is None)
    expect(console.board).to_have_attribute("aria-rowcount", str(own))
    page.get_by_label("包含文字").fill(number)
    expect(page.get_by_role("group", name="筛选和分组").get_by_role("status")).to_contain_text("显示 1 /")
    expect(console.cards).to_have_count(0)
    page.get_by_label("包含文字").fill("")
    expect(console.board).to_have_attribute("aria-rowcount", str(own))
    page.get_by_label("分组", exact=True).select_option("skill")
    heads = console.board.locator(".group-head button")
    expect(heads.first).to_have_attribute("aria-expanded", "true")
    shown = console.board.get_attribute("aria-rowcount")
    heads.first.focus()
    page.keyboard.press("Enter")
    expect(heads.first).to_have_attribute("aria-expanded", "false")
    expect(heads.first).to_be_focused()
    expect(console.board).not_to_have_attribute("aria-rowcount", str(shown))
    assert violations(page) == []
    return own


def keep_as_own_view(console: Console) -> None:
    """Save what is shown as a view under one name, call it by another, and make it the default."""
    page = console.page
    panel = menu(console, "视图")
    panel.get_by_label("保存当前视图").fill("自有 按技能")
    panel.get_by_label("同事也能看到").check()
    panel.get_by_role("button", name="保存", exact=True).click()
    expect(panel.get_by_role("button", name="自有 按技能", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    assert violations(page) == []
    panel.get_by_role("button", name="改名").click()
    panel.get_by_label("名称", exact=True).last.fill("自有")
    panel.locator("li form button").click()
    panel.get_by_role("button", name="打开控制台时用").click()
    expect(panel.get_by_role("button", name="自有 默认")).to_be_visible()
    bar_menu_closed(console)


@pytest.fixture
def two_given(console: Console, office: Office) -> tuple[Console, list[str]]:
    """A console on a day with two assigned jobs, which are named."""
    numbers = [office.assign_one()["number"], office.assign_one()["number"]]
    console.open_day()
    console.page.keyboard.press("1")
    return console, numbers


def test_several_jobs_are_taken_back_at_once_and_moved_to_another_day(
    two_given: tuple[Console, list[str]], office: Office
) -> None:
    """Chosen together, told before, done, undone in one step; from the week one goes to the next day."""
    console, numbers = two_given
    page = console.page
    jobs = {row["number"]: row for row in office.board()["visits"]}
    first, second = (jobs[number] for number in numbers)
    console.bar(first["job_id"]).click()
    console.bar(second["job_id"]).click(modifiers=["ControlOrMeta"])
    panel = console.panel("已选 2 单")
    panel.get_by_role("button", name="锁定").click()
    panel.get_by_role("button", name="执行 2 单").click()
    expect(panel.get_by_role("button", name="执行 2 单")).to_have_count(0)
    assert [office.job(row["job_id"])["lock"]["technician"] for row in (first, second)] == [True, True]
    page.keyboard.press("Control+z")
    expect(page.get_by_text("已撤销：锁定（2 单）")).to_be_visible()
    assert [office.job(row["job_id"])["lock"]["technician"] for row in (first, second)] == [False, False]

    # Somebody else takes one back meanwhile: it is named, the other is done.
    panel.get_by_role("button", name="撤回派单").click()
    expect(panel.get_by_text("可以")).to_have_count(2)
    office.act(second["job_id"], "unassign", {})
    expect(panel.get_by_text("已派 1 单，未派 1 单")).to_be_visible()
    panel.get_by_role("button", name="执行 1 单").click()
    expect(panel.get_by_text("已派 0 单，未派 2 单")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Control+z")
    expect(panel.get_by_text("已派 1 单，未派 1 单")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("w")
    whose = next(one["name"] for one in office.board()["technicians"] if one["id"] == first["technician_id"])
    page.get_by_role("table").get_by_role("button", name=f"{whose} ").filter(has_text="单").click()
    panel = page.locator("aside").filter(has=page.get_by_role("checkbox"))
    panel.get_by_role("checkbox", name=first["number"]).check()
    do = panel.get_by_role("button", name="执行 1 单")
    expect(do).to_be_enabled()
    assert violations(page) == []
    do.click()
    expect(page.get_by_text("已改期 1 单")).to_be_visible()
    moved = office.client.get(f"/api/jobs/{first['job_id']}").json()
    assert moved["sheet"]["day"] > office.day
    page.keyboard.press("Control+z")
    expect(page.get_by_text("已撤销：改到另一天（1 单）")).to_be_visible()
    assert office.job(first["job_id"])["planned"]["start"] == first["planned"]["start"]
