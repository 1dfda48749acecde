"""When a job does not go as planned: declined, nobody there, a part missing, to the workshop, done again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone, take_snap
from tests.e2e.journeys.scene import Hand, Scene, pick_up

pytestmark = pytest.mark.slow


def at_the_door(phone: Phone, job_id: str) -> None:
    phone.open_job(job_id)
    phone.arrive()


def phone_title(phone: Phone) -> Locator:
    return phone.page.locator("h1")


@pytest.fixture
def hand(scene: Scene, line: CutProxy, phone_context: ContextFactory) -> Hand:
    """A phone with one job of a door lock."""
    job_id, technician_id = scene.given()
    found = pick_up(scene, phone_context, line, technician_id)
    found.phone.open_job(job_id)
    found.job_id = job_id
    return found


def test_a_declined_job_goes_back_with_its_reason(scene: Scene, hand: Hand) -> None:
    phone = hand.phone
    phone.page.locator(".decline").click()
    phone.page.locator("[role=dialog] input[value=no_part]").check()
    phone.page.locator("[role=dialog] textarea").fill("没有锁体")
    phone.page.get_by_role("button", name="确认拒单").click()
    phone.expect_sent()
    assert scene.read(hand.job_id)["sheet"]["status"] == "declined"
    history = scene.client.get(f"/api/jobs/{hand.job_id}/history").json()
    declined = next(event for event in history if event["action"] == "decline")
    assert (declined["data"]["reason"], declined["data"]["text"]) == ("no_part", "没有锁体")
    phone.go("#/today")
    expect(phone.page.locator(f"a[href='#/job/{hand.job_id}']")).to_have_count(0)


def test_an_absent_customer_is_proved_by_the_door_though_there_is_no_signal(
    scene: Scene, hand: Hand, tmp_path: Path
) -> None:
    at_the_door(hand.phone, hand.job_id)
    hand.signal.lose()
    hand.phone.report("report_absent", "敲门十分钟无人", take_snap(tmp_path))
    hand.phone.tap("trouble")
    expect(hand.phone.page.locator("main .screen, main.screen")).to_be_visible()
    hand.signal.find()
    hand.phone.expect_sent()
    read = scene.read(hand.job_id)
    assert read["sheet"]["status"] == "customer_absent"
    assert [photo["step"] for photo in read["sheet"]["photos"]] == [None]


def test_a_no_show_is_the_dispatcher_s_word_and_leaves_the_phone(scene: Scene, hand: Hand) -> None:
    hand.phone.work("accept")
    hand.phone.expect_sent()
    scene.act(hand.job_id, "report_no_show", text="师傅没有到")
    hand.phone.go("#/today")
    expect(hand.phone.page.locator(f"article a[href='#/job/{hand.job_id}']")).to_have_count(0)
    assert "report_no_show" in scene.actions(hand.job_id)


def test_a_missing_part_brings_a_second_visit(scene: Scene, hand: Hand) -> None:
    at_the_door(hand.phone, hand.job_id)
    hand.phone.report("need_part", "锁体磨损")
    hand.phone.page.locator("[role=dialog] input[type=search]").fill("LK-9000")
    hand.phone.tap("trouble")
    hand.phone.expect_sent()
    asked = next(
        event
        for event in scene.client.get(f"/api/jobs/{hand.job_id}/history").json()
        if event["action"] == "need_part"
    )
    assert (asked["data"]["sku"], asked["data"]["qty"]) == ("LK-9000", 1)
    window = scene.read(hand.job_id)["sheet"]["window"]
    scene.act(hand.job_id, "book", window_start=window["start"], window_end=window["end"])
    scene.assign(hand.job_id, hand.technician_id, hour=19)
    hand.phone.go(f"#/job/{hand.job_id}")
    expect(hand.phone.page.get_by_text("第 2 次上门")).to_be_visible()
    expect(hand.phone.primary("accept")).to_be_visible()
    expect(hand.phone.page.get_by_text("新工单").first).to_be_visible()


def test_an_appliance_for_the_workshop_leaves_a_receipt(scene: Scene, hand: Hand, tmp_path: Path) -> None:
    at_the_door(hand.phone, hand.job_id)
    hand.signal.lose()
    hand.phone.report("take_to_workshop", "主板需返修", take_snap(tmp_path))
    hand.phone.tap("trouble")
    receipt = hand.phone.page.locator("main")
    expect(phone_title(hand.phone)).to_have_text("取机收条")
    expect(receipt.get_by_text("主板需返修")).to_be_visible()
    hand.signal.find()
    hand.phone.expect_sent()
    read = scene.read(hand.job_id)["sheet"]
    assert (read["status"], len(read["photos"])) == ("to_workshop", 1)


def test_a_customer_who_is_not_satisfied_gets_the_work_done_again(
    scene: Scene, hand: Hand, tmp_path: Path
) -> None:
    phone = hand.phone
    at_the_door(phone, hand.job_id)
    phone.answer_all(tmp_path, take_snap)
    phone.tap("complete")
    phone.tap("sign")
    phone.tap("not-satisfied")
    phone.page.locator("[role=dialog] textarea").fill("门还是关不严")
    phone.tap("trouble")
    expect(phone.page.get_by_text("返工", exact=True)).to_be_visible()
    phone.tap("complete")
    phone.sign()
    expect(phone.page.locator(".signed")).to_be_visible()
    phone.expect_sent()
    assert [a for a in scene.actions(hand.job_id) if a in ("complete", "reject_work", "sign")] == [
        "complete", "reject_work", "complete", "sign",
    ]  # fmt: skip


def test_the_phone_s_back_button_closes_a_sheet_and_then_leaves_the_screen(hand: Hand) -> None:
    phone = hand.phone
    phone.go("#/today")
    phone.go(f"#/job/{hand.job_id}")
    phone.page.locator(".decline").click()
    expect(phone.page.get_by_role("dialog")).to_be_visible()
    phone.page.go_back()
    expect(phone.page.get_by_role("dialog")).to_have_count(0)
    expect(phone.page).to_have_url(re.compile(hand.job_id))
    phone.page.locator(".decline").click()
    phone.page.get_by_role("button", name="取消").click()
    phone.expect_no_sheet()
    phone.page.go_back()
    expect(phone.page).to_have_url(re.compile("#/today"))


def test_in_large_print_the_fixed_button_leaves_the_last_one_within_reach(
    scene: Scene, line: CutProxy, phone_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given("maintain", "SM-WG16", "gas")  # its first question has a long name
    narrow = {"locale": "en-GB", "viewport": {"width": 360, "height": 780}}
    phone = pick_up(scene, phone_context, line, technician_id, **narrow).phone
    at_the_door(phone, job_id)
    phone.page.evaluate("document.documentElement.style.fontSize = '150%'")
    phone.tap("trouble-sheet")
    expect(phone.page.get_by_role("dialog")).to_be_visible()


def test_a_repair_is_diagnosed_from_the_fault_tree(
    scene: Scene, line: CutProxy, phone_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given("inspect")
    phone = pick_up(scene, phone_context, line, technician_id).phone
    at_the_door(phone, job_id)
    phone.tap("find-fault")
    phone.page.locator("[data-symptom=no_power]").click()
    phone.page.locator("input[value=LK-101]").check()
    phone.tap("diagnose")
    expect(phone.page.locator("main .product")).to_be_visible()  # back on the job: the cause is kept
    expect(phone.page.get_by_text("电池耗尽")).to_be_visible()
    phone.expect_sent()
    sheet = scene.read(job_id)["sheet"]
    assert (sheet["status"], sheet["fault_code"]) == ("diagnosed", "LK-101")
