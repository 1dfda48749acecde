"""Somebody is not there, or a job has nobody: ways out with their price, put into force in one click."""

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.console import SOLVED_WITHIN_MS, Console, Office

pytestmark = pytest.mark.slow


def test_what_an_absent_technician_had_goes_to_others_in_one_click(
    own_console: Console, own_office: Office
) -> None:
    """The absence makes exceptions of the visits, a remedy gives them to others; both are undone again."""
    job = own_office.assign_one()
    technician_id = job["technician_id"]
    own_console.open_day()
    board = own_office.board()
    name = next(row["name"] for row in board["technicians"] if row["id"] == technician_id)
    own_console.board.locator(".name", has_text=name).click()
    panel = own_console.panel(name)
    panel.get_by_role("button", name="今天来不了").click()
    panel.get_by_role("button", name="确认缺勤（1 单要另派）").click()
    give = panel.get_by_role("button", name="就这么办").first
    expect(give).to_be_visible(timeout=SOLVED_WITHIN_MS)
    expect(panel.get_by_text(job["number"])).not_to_have_count(0)
    give.click()
    expect(own_console.page.get_by_text("已生效")).to_be_visible()
    after = own_office.job(job["job_id"])
    assert after["technician_id"] not in (None, technician_id)
    assert after["window"]["start"] <= after["planned"]["start"] <= after["window"]["end"]

    undo = own_console.page.get_by_text("已撤销")
    own_console.page.keyboard.press("Control+z")
    expect(undo.filter(has_text="补救（1 单）")).to_be_visible()
    assert own_office.job(job["job_id"])["technician_id"] == technician_id
    own_console.page.keyboard.press("Control+z")
    expect(undo.filter(has_text=f"{name} 的缺勤")).to_be_visible()
    shifts = {row["id"]: row["shift"] for row in own_office.board()["technicians"]}
    assert shifts[technician_id] is not None
    expect(own_console.page.get_by_role("button", name="异常")).to_contain_text("0")


def test_a_job_that_nobody_has_is_given_to_the_cheapest_who_can(
    own_console: Console, own_office: Office
) -> None:
    job, _technician = own_office.free_slot()
    own_console.open_day()
    own_console.find(job["number"])
    panel = own_console.panel(job["number"])
    panel.get_by_role("button", name="看看怎么补救").click()
    expect(panel.get_by_text("转给一位师傅").first).to_be_visible(timeout=SOLVED_WITHIN_MS)
    panel.get_by_role("button", name="就这么办").first.click()
    expect(own_console.bar(job["job_id"])).to_be_visible()
    assert own_office.job(job["job_id"])["technician_id"] is not None
