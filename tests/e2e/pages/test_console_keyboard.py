"""A dispatcher's work without a mouse: after each deed the next key has something to act on, in sight."""

from playwright.sync_api import Locator, expect

from tests.e2e.pages.console import PASSWORD, Console, Office

MOST_TABS = 90
IS_FOCUSED_IN_SIGHT = "e => e === document.activeElement && e.matches(':focus-visible')"


def tab_to(wanted: Locator, key: str = "Tab") -> None:
    """Presses Tab until it is reached, as somebody does who sees it."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate(IS_FOCUSED_IN_SIGHT):
            return
        wanted.page.keyboard.press(key)
    raise AssertionError(f"not reached by {key}: {wanted}")


def test_a_job_is_given_out_moved_locked_and_taken_back_without_a_mouse(
    console: Console, office: Office
) -> None:
    page, keys = console.page, console.page.keyboard
    job, _technician = office.free_slot()
    page.goto(f"{console.url}/console/")
    expect(page.locator("input[name=login]")).to_be_focused()
    keys.type("dispatcher")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(console.rows.first).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()

    keys.press("/")
    keys.type(job["number"])
    expect(console.cards).to_have_count(1)
    keys.press("Enter")
    panel = console.panel(job["number"])
    tab_to(panel.get_by_role("button", name="指派", exact=True))
    keys.press("Enter")
    tab_to(panel.locator("form").get_by_role("button", name="指派"))
    keys.press("Enter")
    bar = console.bar(job["job_id"])
    expect(bar).to_be_visible()
    expect(panel.locator(":focus")).to_have_count(1)

    lock = panel.get_by_role("checkbox").first
    tab_to(lock)
    keys.press("Space")
    expect(lock).to_be_checked()
    expect(lock).to_be_focused()
    keys.press("Space")
    expect(lock).not_to_be_checked()
    expect(lock).to_be_focused()

    keys.press("g")
    expect(console.board).to_be_focused()
    before = office.job(job["job_id"])["planned"]["start"]
    with page.expect_response(lambda reply: reply.url.endswith("/actions")) as moved:
        keys.press("ArrowRight")
        keys.press("Enter")
    assert moved.value.ok, moved.value.text()
    with page.expect_response(lambda reply: reply.url.endswith("/actions")) as undone:
        keys.press("u")
    assert undone.value.ok, undone.value.text()
    assert office.job(job["job_id"])["planned"]["start"] == before
    expect(console.board).to_be_focused()

    tab_to(panel.get_by_role("button", name="撤回派单"))
    keys.press("Enter")
    expect(panel.get_by_role("button", name="撤回派单")).to_have_count(0)
    expect(panel.locator(":focus")).to_have_count(1)


def test_planning_calls_and_settings_are_reached_by_keys_and_keep_the_focus(console: Console) -> None:
    page, keys = console.page, console.page.keyboard
    console.open_day("admin")
    keys.press("o")
    plan = console.panel("优化排班")
    expect(plan.locator(":focus")).to_have_count(1)
    tab_to(plan.get_by_role("button", name="开始优化"))
    keys.press("Escape")
    expect(console.board).to_be_focused()

    keys.press("c")
    expect(page.get_by_role("searchbox")).to_be_focused()
    tab_to(page.get_by_role("link", name="设置"), "Shift+Tab")
    keys.press("Enter")
    tab_to(page.get_by_role("link", name="API 令牌"))
    keys.press("Enter")
    tab_to(page.get_by_label("名称"))
    keys.type("键盘")
    keys.press("Enter")
    expect(page.get_by_text("令牌只显示这一次")).to_be_visible()
    row = page.get_by_role("row", name="键盘")
    tab_to(row.get_by_role("button"))
    keys.press("Enter")
    expect(row.locator(":focus")).to_have_count(1)
    keys.press("Enter")
    expect(row.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)
