"""What happens to a technician's work when the office, the phone or the app changes in the meantime."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone, take_snap
from tests.e2e.journeys.scene import Scene, pick_up
from tests.e2e.pages.console import PASSWORD, Console, Office
from tests.servers import LiveServer

pytestmark = pytest.mark.slow
# What a browser answers on a full phone; its own limit cannot be set for a test.
FILL = """window.spacious = IDBObjectStore.prototype.add
IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError') }
0"""
EMPTY = "IDBObjectStore.prototype.add = window.spacious; 0"
BUILT = Path(__file__).resolve().parents[3] / "pwa" / "dist"


def test_work_on_a_job_given_to_somebody_else_is_kept_and_can_be_handed_over(
    scene: Scene, line: CutProxy, phone_context: ContextFactory, desktop_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given()
    hand = pick_up(scene, phone_context, line, technician_id)
    hand.phone.open_job(job_id)
    hand.signal.lose()
    hand.phone.arrive()
    scene.act(job_id, "unassign")
    scene.assign(job_id, scene.technician("lock"), hour=19)
    hand.signal.find()
    expect(hand.phone.page.get_by_text("已转派", exact=True)).to_be_visible()
    hand.phone.go("#/unsent")
    expect(hand.phone.page.locator("li[data-state=rejected]")).to_have_count(3)
    with hand.phone.page.expect_download() as download:
        hand.phone.tap("export")
    work = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [operation["kind"] for operation in work["operations"]] == ["accept", "depart", "arrive"]
    hand_in(Console(desktop_context().new_page(), scene.server.url), work)
    assert scene.actions(job_id).count("accept") == 0
    hand.phone.go("#/account")
    hand.phone.tap("sign-out")
    warning = hand.phone.page.get_by_role("dialog")
    expect(warning).to_contain_text("3")
    with hand.phone.page.expect_download() as download:
        hand.phone.tap("export")
    again = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert again["operations"] == work["operations"]
    hand.phone.tap("sign-out-anyway")
    expect(hand.phone.page.locator("input[type=password]")).to_be_visible()


def hand_in(console: Console, work: dict[str, Any]) -> None:
    """The office looks into the exported file, takes it in, and learns that nothing of it counts any more."""
    console.open_day()
    console.go("#/followups/unsent")
    exported = FilePayload(name="unsent.json", mimeType="application/json", buffer=json.dumps(work).encode())
    console.page.locator("input[name=unsent]").set_input_files(exported)
    expect(console.page.get_by_text("3 步操作", exact=True)).to_be_visible()
    console.page.get_by_role("button", name="收进系统").click()
    expect(console.page.get_by_text("收进 0 步，0 步早已收到，0 个文件。")).to_be_visible()
    refused = console.page.get_by_role("status").get_by_role("listitem")
    expect(refused).to_have_count(3)
    expect(refused.first).to_contain_text("接单")


def test_a_changed_plan_names_what_moved_as_it_moves(
    scene: Scene, line: CutProxy, phone_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given()
    phone = pick_up(scene, phone_context, line, technician_id).phone
    number = scene.read(job_id)["sheet"]["number"]
    phone.go("#/today")
    scene.assign(job_id, technician_id, hour=14)
    expect(phone.page.get_by_text(f"工单 {number} 改到")).to_contain_text("14:00")
    scene.act(job_id, "unassign")
    expect(phone.page.get_by_text(f"工单 {number}（")).to_be_visible()


def test_a_conflict_shows_what_the_technician_did_and_what_the_office_has(
    scene: Scene, line: CutProxy, phone_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given()
    hand = pick_up(scene, phone_context, line, technician_id)
    hand.phone.open_job(job_id)
    hand.phone.work("accept")
    hand.phone.expect_sent()
    hand.signal.lose()
    hand.phone.work("depart")
    scene.act(job_id, "report_no_show", text="没有联系上")
    hand.signal.find()
    hand.phone.go("#/unsent")
    item = hand.phone.page.locator("li[data-state=conflict], li[data-state=rejected]")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("出发")
    expect(item).to_contain_text("已不在你名下")
    hand.phone.page.get_by_role("button", name="放弃").click()
    hand.phone.page.get_by_role("dialog").get_by_role("button", name="放弃").click()
    hand.phone.expect_sent()
    assert "depart" not in scene.actions(job_id)


def test_a_full_phone_says_so_and_loses_nothing(
    scene: Scene, line: CutProxy, phone_context: ContextFactory, tmp_path: Path
) -> None:
    job_id, technician_id = scene.given()
    hand = pick_up(scene, phone_context, line, technician_id)
    phone = hand.phone
    phone.open_job(job_id)
    hand.signal.lose()
    phone.arrive()
    phone.photograph(take_snap(tmp_path))
    kept = phone.chip.get_attribute("data-unsent")
    phone.page.evaluate(FILL)
    phone.page.locator("main .cameras input[type=file]").first.set_input_files(take_snap(tmp_path))
    expect(phone.page.get_by_text("手机空间满了")).to_be_visible()
    expect(phone.chip).to_have_attribute("data-unsent", kept or "")
    expect(phone.page.locator("main ul img")).to_have_count(1)
    phone.page.evaluate(EMPTY)
    phone.photograph(take_snap(tmp_path))
    hand.signal.find()
    phone.expect_sent()
    assert len(scene.read(job_id)["sheet"]["photos"]) == 2


@pytest.fixture
def renewed(demo_data_dir: Path, tmp_path: Path) -> Iterator[tuple[Scene, Path]]:
    """A server whose pages are files of its own, so that a new version can come out."""
    pages = shutil.copytree(BUILT, tmp_path / "pages")
    data = shutil.copytree(demo_data_dir, tmp_path / "data")
    server = LiveServer(data, {"SHANGMEN_FRONT_END_DIR": str(pages)})
    server.start()
    with signed_in(server.url, "dispatcher", PASSWORD) as client:
        yield Scene(server, Office(client)), pages
    server.stop()


def bring_out_a_new_version(pages: Path) -> None:
    """Another page, and a worker that knows it by another revision."""
    page, worker = pages / "technician" / "index.html", pages / "technician" / "sw.js"
    page.write_text(page.read_text().replace("<title>", '<meta name="version" content="next"><title>'))
    text = worker.read_text()
    changed = re.sub(r'("?url"?:\s*[`"]/technician/[`"],\s*"?revision"?:\s*[`"])', r"\g<1>next", text)
    assert changed != text
    worker.write_text(changed)


def test_an_update_in_the_middle_of_a_job_keeps_everything(
    renewed: tuple[Scene, Path], phone_context: ContextFactory, tmp_path: Path
) -> None:
    scene, pages = renewed
    job_id, technician_id = scene.given()
    with CutProxy(scene.server.port) as line:
        hand = pick_up(scene, phone_context, line, technician_id)
        phone: Phone = hand.phone
        phone.open_job(job_id)
        phone.arrive()
        bring_out_a_new_version(pages)
        phone.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
        strip = phone.page.locator("[data-strip=update]")
        expect(strip).to_be_visible()
        hand.signal.lose()
        phone.photograph(take_snap(tmp_path))
        unsent = phone.chip.get_attribute("data-unsent")
        with phone.page.expect_navigation():
            strip.get_by_role("button").click()
        expect(phone.page.locator("meta[name=version]")).to_have_attribute("content", "next")
        expect(phone.chip).to_have_attribute("data-unsent", unsent or "")
        expect(phone.page.locator("main .product")).to_be_visible()
        hand.signal.find()
        phone.expect_sent()
        assert len(scene.read(job_id)["sheet"]["photos"]) == 1


def test_a_large_photo_goes_on_where_the_line_was_cut(
    scene: Scene, line: CutProxy, phone_context: ContextFactory, tmp_path: Path
) -> None:
    job_id, technician_id = scene.given()
    phone = pick_up(scene, phone_context, line, technician_id).phone
    phone.open_job(job_id)
    phone.arrive()
    phone.expect_sent()
    halved, lost = line.cut("PATCH /api/blobs", "halve"), line.cut("PATCH /api/blobs", "lose", times=1_000)
    picture = tmp_path / "wall.png"
    Image.effect_noise((1280, 960), 120).convert("RGB").save(picture)
    phone.photograph(picture)
    expect(phone.chip).not_to_have_attribute("data-unsent", "0")
    phone.page.reload()
    expect(phone.chip).not_to_have_attribute("data-unsent", "0")
    lost.times = 1
    phone.expect_sent()
    assert (halved.times, lost.times) == (0, 0)
    whole, *rest = line.requests("PATCH /api/blobs")
    passed = [one.body_bytes for one in rest if one.outcome == "passed"]
    assert passed == [whole.body_bytes - whole.body_bytes // 2]
    [photo] = scene.read(job_id)["sheet"]["photos"]
    stored = scene.client.get(f"/api/blobs/{photo['sha256']}").content
    assert Image.open(io.BytesIO(stored)).size == (1280, 960)


def test_a_note_written_by_both_sides_shows_both_and_the_office_decides(
    scene: Scene, line: CutProxy, phone_context: ContextFactory, desktop_context: ContextFactory
) -> None:
    job_id, technician_id = scene.given()
    hand = pick_up(scene, phone_context, line, technician_id)
    phone = hand.phone
    phone.open_job(job_id)
    phone.arrive()
    phone.expect_sent()
    hand.signal.lose()
    phone.tap("write-note")
    phone.page.locator("textarea[data-note]").fill("走西门")
    phone.tap("save-note")
    phone.expect_no_sheet()
    seen = scene.read(job_id)["sheet"]["version"]
    edited = scene.client.post(f"/api/jobs/{job_id}/edit", json={"version": seen, "note": "先打电话"})
    assert edited.status_code == 200
    hand.signal.find()
    phone.go("#/unsent")
    both = phone.page.locator("li[data-state=conflict] dd")
    expect(both).to_have_text(["走西门", "先打电话"])

    console = Console(desktop_context().new_page(), scene.server.url)
    console.open_day()
    console.go(f"#/day?day={scene.day}&job={job_id}")
    note = console.page.locator("[data-note]")
    expect(note.get_by_role("alert").locator("dd")).to_have_text(["先打电话", "走西门"])
    note.get_by_role("button", name="合在一起").click()
    console.page.locator("[data-action=save-note]").click()
    expect(note.locator(".text")).to_have_text("先打电话\n走西门")
    read = scene.read(job_id)
    assert (read["sheet"]["note"], read["conflicts"]) == ("先打电话\n走西门", [])
