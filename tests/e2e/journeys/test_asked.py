"""A job is put to two technicians at once: both phones show it, one takes it, the other is told so."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.scene import Hand, Scene, pick_up

pytestmark = pytest.mark.slow


def put_to(scene: Scene, job_id: str, hands: list[Hand]) -> None:
    """The office offers the job to those who hold these phones, all at once."""
    body = {
        "version": scene.read(job_id)["sheet"]["version"],
        "mode": "open",
        "candidates": [{"technician_id": hand.technician_id} for hand in hands],
    }
    reply = scene.client.post(f"/api/jobs/{job_id}/offers", json=body)
    assert reply.status_code == 201, reply.text


@pytest.fixture
def hands(scene: Scene, line: CutProxy, phone_context: ContextFactory) -> list[Hand]:
    """Two technicians who are able, each with a phone."""
    return [pick_up(scene, phone_context, line, scene.technician("lock")) for _ in range(2)]


def test_who_takes_an_offered_job_first_has_it(scene: Scene, hands: list[Hand]) -> None:
    """The card comes without a tap; only who took the job learns the door."""
    job_id = scene.order(hour=13)
    put_to(scene, job_id, hands)
    first, second = (hand.phone.page for hand in hands)
    card = second.get_by_role("article", name="问你接不接")
    expect(card).to_be_visible()
    expect(card).not_to_contain_text("8号楼")
    first.get_by_role("article", name="问你接不接").get_by_role("button", name="我来接").click()
    expect(first.get_by_text("接到了")).to_be_visible()
    expect(first.get_by_role("article", name="问你接不接")).to_have_count(0)
    expect(card).to_have_count(0)
    hands[0].phone.open_job(job_id)
    expect(first.get_by_text("8号楼")).to_be_visible()
    assert scene.read(job_id)["technician_id"] == hands[0].technician_id
    assert scene.read(job_id)["sheet"]["status"] == "accepted"


def test_a_no_is_told_with_its_reason_and_an_answer_without_signal_is_not_pretended(
    scene: Scene, hands: list[Hand]
) -> None:
    job_id = scene.order(hour=15)
    put_to(scene, job_id, hands)
    page = hands[0].phone.page
    card = page.get_by_role("article", name="问你接不接")
    expect(card).to_be_visible()
    hands[0].signal.lose()
    card.get_by_role("button", name="我来接").click()
    expect(page.get_by_text("没有收到回应")).to_be_visible()
    hands[0].signal.find()
    card.get_by_role("button", name="不接").click()
    page.locator("[role=dialog] input[value=too_far]").check()
    page.get_by_role("button", name="确认拒单").click()
    expect(card).to_have_count(0)
    (offer,) = scene.client.get(f"/api/jobs/{job_id}/offers").json()
    said = {line["technician_id"]: (line["answer"], line["reason"]) for line in offer["candidates"]}
    assert said == {
        hands[0].technician_id: ("declined", "too_far"),
        hands[1].technician_id: ("offered", ""),
    }
