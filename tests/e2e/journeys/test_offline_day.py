"""A whole day in basements: eight jobs and thirty photos without signal, then everything once."""

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone, take_snap
from tests.e2e.journeys.scene import Scene, pick_up

JOBS = 8
# Beside the one of the checklist; thirty in all.
EXTRA_PHOTOS = (3, 3, 3, 3, 3, 3, 2, 2)
ONCE = ("accept", "depart", "arrive", "complete", "sign")


def do_job(phone: Phone, job_id: str, album: Path, extra_photos: int) -> None:
    phone.open_job(job_id)
    phone.arrive()
    phone.answer_all(album, take_snap)
    for place in range(extra_photos):
        phone.photograph(take_snap(album), place)
    phone.tap("complete")
    phone.sign()
    expect(phone.page.locator(".signed")).to_be_visible()


@pytest.mark.slow
def test_a_day_without_signal_arrives_whole_and_once(
    scene: Scene, line: CutProxy, phone_context: ContextFactory, tmp_path: Path
) -> None:
    technician_id = scene.technician("lock")
    jobs = [scene.order(hour=9 + at) for at in range(JOBS)]
    for at, job_id in enumerate(jobs):
        scene.assign(job_id, technician_id, hour=9 + at)
    hand = pick_up(scene, phone_context, line, technician_id)
    hand.signal.lose()
    for job_id, extra in zip(jobs, EXTRA_PHOTOS, strict=True):
        do_job(hand.phone, job_id, tmp_path, extra)
    hand.phone.page.reload()
    expect(hand.phone.chip).not_to_have_attribute("data-unsent", "0")
    assert [scene.read(job_id)["sheet"]["status"] for job_id in jobs] == ["assigned"] * JOBS

    cuts = [line.cut("POST /api/sync/commands", "swallow"), line.cut("PUT /api/blobs", "tear")]
    hand.signal.find()
    hand.phone.expect_sent()
    assert [cut.times for cut in cuts] == [0, 0]
    sheets = [scene.read(job_id)["sheet"] for job_id in jobs]
    assert [sheet["status"] for sheet in sheets] == ["signed"] * JOBS
    assert [len(sheet["photos"]) for sheet in sheets] == [1 + extra for extra in EXTRA_PHOTOS]
    assert len({photo["sha256"] for sheet in sheets for photo in sheet["photos"]}) == 30
    for job_id in jobs:
        counted = Counter(scene.actions(job_id))
        assert [counted[action] for action in ONCE] == [1] * len(ONCE)
