"""Being told without opening the app: asked for in context, shown by the worker, switched off again."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.scene import Scene, pick_up
from tests.e2e.lock_screen import NOWHERE, UNASKED, LockScreen, push_service
from tests.e2e.until import wait_until


@pytest.mark.slow
def test_a_technician_is_asked_after_a_yes_and_told_on_the_lock_screen(
    scene: Scene, line: CutProxy, told_phone_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given()
    hand = pick_up(scene, told_phone_context, line, technician_id, permissions=["notifications"])
    page = hand.phone.page
    page.add_init_script(UNASKED + push_service(NOWHERE))
    page.reload()
    card = page.locator("[data-push-card]")
    hand.phone.go("#/today")
    expect(hand.phone.primary("accept").first).to_be_visible()
    expect(card).to_have_count(0)
    hand.phone.open_job(job_id)
    hand.phone.work("accept")
    hand.phone.go("#/today")
    with page.expect_response(re.compile("/api/push/subscriptions$")) as subscribed:
        card.locator("[data-action=push-on]").click()
    assert subscribed.value.status == 204
    expect(card).to_have_count(0)

    # What the push service brings is shown by the worker, also when no page is in front.
    lock_screen = LockScreen(page, line.url)
    wait_until(page, "navigator.serviceWorker.controller !== null")
    notice = {
        "title": "安排有变",
        "body": "SM-1 改到 10:00",
        "url": f"/technician/#/job/{job_id}",
        "topic": "plan",
    }

    lock_screen.deliver(notice)
    assert lock_screen.shown(notice["title"]) == [notice]
    over = {**notice, "title": "已不用答复"}
    # One that takes back what was never shown is not shown either.
    lock_screen.deliver({**over, "title": "没有这一单", "topic": "offer-1", "quiet": True})
    lock_screen.deliver({**over, "quiet": True})
    assert lock_screen.shown(over["title"]) == [over]

    hand.phone.go("#/account")
    setting = page.locator("[data-push-setting]")
    expect(setting).to_be_checked()
    with page.expect_response(re.compile("/api/push/subscriptions/remove$")) as removed:
        setting.uncheck()
    assert removed.value.status == 204
