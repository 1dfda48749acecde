"""Optimising a day: its objective, progress, the draft beside the plan, changes by others, publishing."""

from playwright.sync_api import expect

from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import SOLVED_WITHIN_MS, Console, Office


def test_a_draft_is_compared_published_and_becomes_the_plan(own_console: Console, own_office: Office) -> None:
    """From an empty board to a published plan, whoever asked for it; before that nobody is told."""
    own_console.open_day()
    expect(own_console.bars).to_have_count(0)
    own_office.draft()
    draft = own_console.panel("排班草案")
    expect(draft.get_by_role("rowheader", name="合计")).to_be_visible()
    expect(own_console.bars.first).to_be_visible()
    assert own_office.board()["visits"] == []
    draft.get_by_role("button", name="当前排班").click()
    expect(own_console.bars).to_have_count(0)
    draft.get_by_role("button", name="整体发布").click()
    expect(own_console.page.get_by_text("排班已发布")).to_be_visible()
    expect(own_console.bars.first).to_be_visible()
    board = own_office.board()
    assert board["published_plan"] is not None
    assert {visit["status"] for visit in board["visits"]} == {"assigned"}


def test_progress_shows_the_cost_curve_and_stopping_keeps_the_best(own_console: Console) -> None:
    """A long run shows figures while it goes on; stopped early it still gives a draft."""
    own_console.open_day()
    own_console.page.get_by_role("button", name="优化排班", exact=True).click()
    own_console.page.get_by_text("1 分钟，更省钱", exact=True).click()
    own_console.page.get_by_role("button", name="开始优化").click()
    curve = own_console.page.get_by_role("img", name="成本从")
    expect(curve).to_be_visible(timeout=SOLVED_WITHIN_MS)
    own_console.page.get_by_role("button", name="停止，用目前最好的").click()
    expect(own_console.panel("排班草案")).to_be_visible(timeout=SOLVED_WITHIN_MS)


def test_a_colleagues_change_is_merged_into_the_draft_and_published_with_it(
    own_console: Console, own_office: Office
) -> None:
    """Prices are told in words; a hand-made visit stands, is named, and nobody plans again."""
    own_console.open_day()
    page = own_console.page
    page.get_by_role("button", name="优化排班", exact=True).click()
    page.get_by_role("combobox", name="按什么目标").select_option(label="守约优先")
    page.get_by_text("各项怎么算价").click()
    expect(page.get_by_text("已通知的上门改动半小时以上算 ¥40.00")).to_be_visible()
    page.get_by_text("5 秒，先看看", exact=True).click()
    page.get_by_role("button", name="开始优化").click()
    draft = own_console.panel("排班草案")
    expect(draft.get_by_text("目标：守约优先")).to_be_visible(timeout=SOLVED_WITHIN_MS)

    job = own_office.assign_one()
    merged = draft.get_by_role("status").filter(has_text="已并入人工改动")
    expect(merged.get_by_text(job["number"])).to_be_visible(timeout=SOLVED_WITHIN_MS)
    assert violations(page) == []
    draft.get_by_role("button", name="整体发布").click()
    expect(page.get_by_text("排班已发布")).to_be_visible(timeout=SOLVED_WITHIN_MS)
    [kept] = [visit for visit in own_office.board()["visits"] if visit["job_id"] == job["job_id"]]
    assert kept["technician_id"] == job["technician_id"]
    assert kept["planned"]["start"] == job["planned"]["start"]
    page.get_by_role("button", name="优化排班", exact=True).click()
    expect(page.get_by_text("守约优先 · 全天全部")).to_be_visible()


def test_what_lets_a_job_in_is_done_with_one_press_and_undone_with_one_key(
    own_console: Console, own_office: Office
) -> None:
    """Asked why nobody has it, the server proves a way in; it is applied whole and taken back whole."""
    own_console.open_day()
    job = own_office.board()["unassigned"][0]
    own_console.find(job["number"])
    panel = own_console.panel(job["number"])
    panel.get_by_role("button", name="怎样才排得进去？").click()
    way = panel.get_by_role("region", name="最小的让步").get_by_role("listitem").first
    expect(way).to_be_visible(timeout=SOLVED_WITHIN_MS)
    assert violations(own_console.page) == []
    way.get_by_role("button", name="照此排入").click()
    expect(own_console.bar(job["job_id"])).to_be_visible()
    own_console.page.keyboard.press("Control+z")
    expect(own_console.bar(job["job_id"])).to_have_count(0)
    assert own_office.job(job["job_id"])["technician_id"] is None


def test_a_draft_is_found_again_after_a_reload_and_dropping_it_leaves_the_day_as_it_was(
    own_console: Console, own_office: Office
) -> None:
    """A draft belongs to the day, not to a tab; dropped, no visit stays, and no reload brings it back."""
    own_office.draft()
    own_console.open_day()
    expect(own_console.panel("排班草案")).to_be_visible()
    own_console.page.reload()
    expect(own_console.panel("排班草案")).to_be_visible()
    own_console.page.get_by_role("button", name="放弃草案").click()
    expect(own_console.page.get_by_text("草案已放弃")).to_be_visible()
    expect(own_console.bars).to_have_count(0)
    own_console.page.reload()
    expect(own_console.page.get_by_role("button", name="优化排班", exact=True)).to_be_enabled()
    assert own_office.board()["visits"] == []
