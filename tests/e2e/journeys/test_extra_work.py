"""Work beyond the order: priced, shown, signed on the phone without signal, and charged as it was signed."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone, take_snap
from tests.e2e.journeys.scene import PAID_BY_TARIFF, Scene, pick_up
from tests.e2e.pages.console import Console

PAYS_FEN = 4_000  # for maintaining a lock


def quote(phone: Phone, *codes: str) -> None:
    """Choose one of each and hand the phone over."""
    phone.tap("extra")
    for code in codes:
        phone.page.locator(f"[data-add={code}]").click()
    phone.tap("show-quote")


def agree(phone: Phone) -> None:
    expect(phone.primary("agree")).to_be_disabled()
    phone.draw_signature()
    phone.tap("agree")


def earned_fen(phone: Phone) -> list[int]:
    """What the technician has earned in the week and in the month, as the evening's summary says."""
    phone.go("#/summary")
    sums = phone.page.locator("[data-earned] > dl dd")
    expect(sums).to_have_count(2)
    return [int(re.sub(r"\D", "", text)) for text in sums.all_inner_texts()]


@pytest.mark.slow
def test_extra_work_is_signed_before_it_is_done_and_charged_as_signed(
    scene: Scene,
    line: CutProxy,
    phone_context: ContextFactory,
    desktop_context: ContextFactory,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    album = tmp_path_factory.mktemp("album")
    job_id, technician_id = scene.given(vendor=PAID_BY_TARIFF)
    hand = pick_up(scene, phone_context, line, technician_id)
    phone = hand.phone
    earned_before = earned_fen(phone)
    phone.open_job(job_id)
    phone.arrive()
    phone.expect_sent()

    # In the basement: the customer declines one thing, signs for another.
    hand.signal.lose()
    quote(phone, "WK-SOCKET")
    phone.tap("decline-quote")
    phone.tap("confirm-decline")
    expect(phone.page.locator("[data-quote=declined]")).to_be_visible()
    quote(phone, "WK-DRILL", "WK-DOOR")
    agree(phone)
    expect(phone.page.locator("[data-quote=agreed]")).to_be_visible()
    phone.answer_all(album, take_snap)
    phone.tap("complete")
    phone.sign()
    expect(phone.page.locator(".signed")).to_be_visible()
    # Who is paid by tariff sees it at once; what the customer pays beyond the order is not theirs.
    assert earned_fen(phone) == [before + PAYS_FEN for before in earned_before]
    hand.signal.find()
    phone.expect_sent()

    # The office has the answers, the signature, and the same total as the customer signed.
    sheet = scene.read(job_id)["sheet"]
    assert sheet["status"] == "signed"
    assert [(one["state"], one["total_fen"]) for one in sheet["extras"]] == [
        ("declined", 12_000),
        ("agreed", 21_000),
    ]
    declined, agreed = scene.client.get(f"/api/jobs/{job_id}/extra-quotes").json()
    assert (declined["strokes"], len(agreed["strokes"]), agreed["is_intact"]) == ([], 2, True)
    copy = phone_context(java_script_enabled=False).new_page()
    copy.goto(scene.client.post(f"/api/jobs/{job_id}/customer-link").json()["url"] + "/copy")
    labour_fen = sheet["price"]["labour_fen"]
    expect(copy.locator(".total .figure")).to_contain_text(f"{(labour_fen + 21_000) / 100:.2f}")
    console = Console(desktop_context().new_page(), scene.server.url)
    console.open_day()
    console.go(f"#/day?day={scene.day}&job={job_id}")
    expect(console.page.locator("[data-quotes='2'] svg")).to_be_visible()
