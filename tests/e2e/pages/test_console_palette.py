"""The search over everything: typed, walked through with the arrows, opened with Enter."""

import re

from playwright.sync_api import Locator, Route, expect

from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import Console, Office

CODE = "**/assets/Palette-*.js"


def test_screens_people_and_customers_are_opened_and_a_call_is_begun_without_a_mouse(
    console: Console, office: Office
) -> None:
    page, keys = console.page, console.page.keyboard
    job, technician = office.free_slot()
    sheet = office.client.get(f"/api/jobs/{job['job_id']}").json()["sheet"]
    office.act(job["job_id"], "cancel", {"reason": "不需要了"})
    console.open_day()

    def typed(text: str) -> Locator:
        """What is found by it; the first is the one that Enter would open."""
        keys.press("Control+k")
        expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
        keys.type(text)
        found = page.get_by_role("dialog").get_by_role("option")
        expect(found.first).to_have_attribute("aria-selected", "true")
        return found

    found = typed("pb")  # pinyin initials
    keys.press("ArrowUp")
    expect(found.last).to_have_attribute("aria-selected", "true")
    expect(found.last).to_have_text("设置 › 排班目标")
    assert violations(page) == []
    keys.press("Enter")
    expect(page).to_have_url(re.compile("#/settings/plans$"))

    expect(typed(technician["name"]).filter(has_text=technician["name"])).to_have_count(1)
    keys.press("Enter")
    expect(console.panel(technician["name"])).to_be_visible()

    found = typed(sheet["asset"]["serial"])
    expect(found).to_have_count(2)  # the job that was called off, and the customer
    keys.press("ArrowDown")
    expect(found.last).to_have_attribute("aria-selected", "true")
    expect(found.last).to_contain_text(sheet["customer"]["name"])
    keys.press("Enter")
    expect(page.get_by_label("姓名")).to_have_value(sheet["customer"]["name"])
    expect(page.get_by_label("序列号")).to_have_value(sheet["asset"]["serial"])
    expect(page.get_by_label("故障")).to_be_focused()


def test_what_is_typed_before_the_search_has_come_is_searched(console: Console) -> None:
    console.open_day()
    page, held = console.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route(CODE, hold)
    with page.expect_request(CODE):
        page.keyboard.press("Control+k")
    page.keyboard.type("cpb")  # a `c` by itself would take a call
    page.keyboard.press("Backspace")
    for each in held:
        each.continue_()
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_value("cp")
    expect(page).not_to_have_url(re.compile("#/intake"))
