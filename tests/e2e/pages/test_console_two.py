"""Two people at the same day: each sees the other, and what the other does, and finds any caller's job."""

import pytest
from playwright.sync_api import expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer

pytestmark = pytest.mark.slow


def test_two_dispatchers_at_one_day(desktop_context: ContextFactory, live_server: LiveServer) -> None:
    """The second sees the first, and their move as it is made; no undo over somebody's change."""
    with signed_in(live_server.url, "dispatcher", PASSWORD) as client:
        office = Office(client)
        job, technician = office.free_slot()
        first, second = (Console(desktop_context().new_page(), live_server.url) for _ in range(2))
        first.open_day()
        second.open_day("admin")
        expect(second.page.get_by_role("status").filter(has_text="林悦")).to_be_visible()

        first.find(job["number"])
        second.find(job["number"])
        expect(second.panel(job["number"]).get_by_text("正打开这一单")).to_be_visible()
        assert violations(second.page) == []

        panel = first.panel(job["number"])
        panel.get_by_role("button", name="指派").first.click()
        panel.get_by_role("combobox").select_option(technician["id"])
        panel.get_by_role("button", name="指派").last.click()
        expect(second.bar(job["job_id"])).to_be_visible()

        office.act(job["job_id"], "unassign", {})
        first.page.keyboard.press("Control+z")
        expect(first.page.get_by_text(f"{job['number']} 之后又有变动")).to_be_visible()
        assert office.job(job["job_id"])["technician_id"] is None


def test_a_callers_job_is_found_with_the_keyboard_alone(own_console: Console, own_office: Office) -> None:
    """Ctrl+K, a few digits of the number, Enter: the job is open, on its day."""
    own_console.open_day()
    number = own_office.board()["unassigned"][0]["number"]
    own_console.go("#/imports")
    page = own_console.page
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill(number)
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(own_console.panel(number)).to_be_visible()
