"""Optimising a day: progress, the draft beside the plan, publishing whole, a stale draft."""

from playwright.sync_api import expect

from tests.e2e.pages.console import Console, Office

SOLVED_WITHIN_MS = 60_000


def optimise(console: Console) -> None:
    """Starts the shortest run and waits for its draft."""
    console.page.get_by_role("button", name="优化排班", exact=True).click()
    console.page.get_by_text("5 秒，先看看", exact=True).click()
    console.page.get_by_role("button", name="开始优化").click()
    expect(console.panel("排班草案")).to_be_visible(timeout=SOLVED_WITHIN_MS)


def test_a_draft_is_compared_published_and_becomes_the_plan(own_console: Console, own_office: Office) -> None:
    """From an empty board to a published plan; the draft tells nobody anything before that."""
    own_console.open_day()
    optimise(own_console)
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


def test_a_stale_draft_is_refused_by_name_of_what_changed(own_console: Console, own_office: Office) -> None:
    """A colleague's hand-made assignment wins: nothing is published and the job is named."""
    own_console.open_day()
    optimise(own_console)
    job = own_office.assign_one()
    own_console.panel("排班草案").get_by_role("button", name="整体发布").click()
    stale = own_console.page.get_by_role("alert").filter(has_text="草案算好之后情况变了")
    expect(stale.get_by_text(job["number"])).to_be_visible()
    board = own_office.board()
    assert board["published_plan"] is None
    assert [visit["job_id"] for visit in board["visits"]] == [job["job_id"]]


def test_a_dropped_draft_leaves_the_day_as_it_was(own_console: Console, own_office: Office) -> None:
    """Dropping is whole as well: no visit stays behind, and a reload does not bring the draft back."""
    own_console.open_day()
    optimise(own_console)
    own_console.page.get_by_role("button", name="放弃草案").click()
    expect(own_console.page.get_by_text("草案已放弃")).to_be_visible()
    expect(own_console.bars).to_have_count(0)
    own_console.page.reload()
    expect(own_console.page.get_by_role("button", name="优化排班", exact=True)).to_be_enabled()
    assert own_office.board()["visits"] == []


def test_a_draft_left_open_is_found_again_after_a_reload(own_console: Console) -> None:
    """A draft belongs to the day, not to the tab it was made in."""
    own_console.open_day()
    optimise(own_console)
    own_console.page.reload()
    expect(own_console.panel("排班草案")).to_be_visible()
