"""A day looked at in one's own way: filters, groups, saved views, several jobs at once, the week."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer


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
    expect(page).to_have_url(re.compile("(?=.*whose=own)(?=.*group=skill)"))
    kept = lens_of(page)

    page.get_by_role("button", name="清除筛选").click()
    expect(page).not_to_have_url(re.compile("whose"))
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
    expect(page).to_have_url(re.compile("whose=own"))


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
    by_keys_and_by_pointer(console, office, second)


def by_keys_and_by_pointer(console: Console, office: Office, job: dict[str, Any]) -> None:
    """What nobody has goes to the next day: to somebody by keys, priced before, and to nobody by dragging."""
    page = console.page
    page.get_by_role("searchbox", name="按姓名、单号、社区查找").fill(job["number"])
    card = page.get_by_role("button", name=job["number"])
    card.focus()
    page.keyboard.press("Enter")
    bar = page.get_by_role("region", name=f"移动 {job['number']}")
    expect(bar.get_by_text("现在没有人")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("status")).to_contain_text("当天为此花 ¥")
    expect(bar.get_by_role("status")).to_contain_text("别人的预约都不动")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(bar).to_have_count(0)
    moved = office.client.get(f"/api/jobs/{job['job_id']}").json()
    assert moved["sheet"]["day"] > office.day
    assert moved["technician_id"] is not None
    expect(card).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(card).to_be_visible()
    assert office.job(job["job_id"])["technician_id"] is None

    cell = page.locator(f"[data-person=''][data-on='{moved['sheet']['day']}']")
    start, end = card.bounding_box(), cell.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 10, steps=4)
    expect(bar.get_by_role("status")).to_contain_text("暂不派人")
    page.mouse.up()
    expect(bar).to_have_count(0)
    waiting = office.client.get(f"/api/jobs/{job['job_id']}").json()
    assert (waiting["sheet"]["day"], waiting["technician_id"]) == (moved["sheet"]["day"], None)


def is_many_done(reply: Response) -> bool:
    """Several jobs done, not only rehearsed: the panel asks for that first, by the same address."""
    asked = reply.request.post_data_json if reply.url.endswith("/api/jobs/many") else None
    return asked is not None and not asked["is_rehearsal"]


def test_a_vendor_acts_on_several_of_its_own_jobs_and_on_no_others(
    console: Console, office: Office, shared_server: LiveServer
) -> None:
    """It gives them to one of its people, and back to the brand; the rest is neither offered nor allowed."""
    ours, rival = "迅达家电服务", "安居智能服务"
    jobs = [office.assign_one(ours), office.assign_one(ours)]
    theirs = office.assign_one(rival)
    console.open_day("xunda")
    console.page.keyboard.press("1")
    console.bar(jobs[0]["job_id"]).click()
    console.bar(jobs[1]["job_id"]).click(modifiers=["ControlOrMeta"])
    panel = console.panel("已选 2 单")
    expect(panel.get_by_role("group", name="要做什么").get_by_role("button")).to_have_text(
        ["指派给师傅", "撤回派单"]
    )
    panel.get_by_role("button", name="指派给师傅").click()
    with console.page.expect_response(is_many_done) as done:
        panel.get_by_role("button", name="执行").click()
    assert [row["job_id"] for row in done.value.json()["done"]] != []
    panel.get_by_role("button", name="撤回派单").click()
    expect(panel.get_by_text("工单会退回品牌方")).to_be_visible()
    assert violations(console.page) == []
    panel.get_by_role("button", name="执行 2 单").click()
    for job in jobs:
        expect(console.bar(job["job_id"])).to_have_count(0)
        assert office.job(job["job_id"])["technician_id"] is None

    cancel = {"action": "cancel", "data": {"reason": "x"}}
    own = office.assign_one(ours)
    with signed_in(shared_server.url, "xunda", PASSWORD) as vendor:
        for job, step, status in (
            (own, cancel, 403),
            (theirs, cancel, 404),
            (theirs, {"action": "unassign", "data": {}}, 404),
        ):
            wanted = {"job_id": job["job_id"], "version": job["version"], "steps": [step]}
            assert vendor.post("/api/jobs/many", json={"jobs": [wanted]}).status_code == status
        assert vendor.get(f"/api/jobs/{own['job_id']}/openings?day={office.day}").status_code == 403
