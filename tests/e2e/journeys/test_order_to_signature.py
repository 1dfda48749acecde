"""The whole chain in real surfaces: an order file goes in, a signed job comes out, exactly once."""

import datetime as dt
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.phone import Phone
from tests.e2e.pages.console import SOLVED_WITHIN_MS, Console, Office
from tests.e2e.phone_signal import PhoneSignal
from tests.servers import LiveServer

CUSTOMER = "诸葛女士"
HEADER = "order_no,customer,phone,address,sku,qty,job_type,appointment\n"


def order_line(day: str) -> str:
    return f"J-0001,{CUSTOMER},15490000041,朝阳区甜水园东里8号楼,SM-AC35,1,install,{day} 13:00-15:00\n"


def bring_in(console: Console, path: Path) -> None:
    """The shop's file through the upload page: read, looked at, applied."""
    console.go("#/imports")
    console.page.locator("input[type=file]").set_input_files(path)
    console.page.get_by_role("button", name="试读", exact=True).click()
    console.page.get_by_role("button", name="导入 1 个订单").click()
    expect(console.page.get_by_text("重复导入同一文件不会产生重复工单")).to_be_visible()


def plan_and_publish(console: Console, day: str) -> None:
    console.go(f"#/day?day={day}")
    console.page.get_by_role("button", name="优化排班", exact=True).click()
    console.page.get_by_text("5 秒，先看看", exact=True).click()
    console.page.get_by_role("button", name="开始优化").click()
    draft = console.panel("排班草案")
    expect(draft).to_be_visible(timeout=SOLVED_WITHIN_MS)
    draft.get_by_role("button", name="整体发布").click()
    expect(console.page.get_by_text("排班已发布")).to_be_visible()


def find_job(client: httpx.Client, customer: str) -> dict[str, Any]:
    items = client.get("/api/jobs", params={"q": customer}).json()["items"]
    found: list[dict[str, Any]] = [item for item in items if item["customer_name"] == customer]
    assert len(found) == 1
    return found[0]


def van_of(client: httpx.Client, phone: Phone) -> dict[str, int]:
    """What the technician's van holds, as the phone's own session sees it."""
    reply = phone.page.context.request.get(f"{client.base_url}/api/sync/pull")
    return {part["sku"]: part["qty"] for part in reply.json()["van"]}


@pytest.mark.slow
def test_an_order_becomes_a_signed_job_though_the_network_fails(
    desktop_context: ContextFactory,
    phone_context: ContextFactory,
    live_server: LiveServer,
    cut_proxy: CutProxy,
    office: Office,
    tmp_path: Path,
) -> None:
    # The dispatcher: a file in, a plan out.
    console = Console(desktop_context().new_page(), live_server.url)
    job = planned_for_tomorrow(console, office, tmp_path / "orders.csv")

    # The customer: a link that says who comes and when, before anything moves.
    link = office.client.post(f"/api/jobs/{job['id']}/customer-link").json()["url"]
    customer = phone_context(java_script_enabled=False).new_page()
    customer.goto(link)
    expect(customer.get_by_text("13:00", exact=False).first).to_be_visible()

    # The technician: pairs the phone, accepts and departs with signal.
    code = office.client.post(f"/api/technicians/{job['technician_id']}/pairing-code").json()["url"]
    context = phone_context()
    phone = Phone(context.new_page(), cut_proxy.url)
    phone.pair(code)
    van_before = van_of(office.client, phone)
    phone.open_job(job["id"])
    phone.work("accept", "depart")
    phone.expect_sent()

    # The basement: from the arrival to the signature without signal, with a reload in the middle.
    signal = PhoneSignal(context, cut_proxy)
    signal.lose()
    part = work_and_sign(phone, tmp_path)
    assert int(phone.chip.get_attribute("data-unsent") or 0) >= 6
    assert find_job(office.client, CUSTOMER)["status"] == "en_route"

    # Back above ground, on a network that swallows two replies and tears a third.
    cuts = [
        cut_proxy.cut("PUT /api/blobs", "swallow"),
        cut_proxy.cut("POST /api/sync/commands", "swallow"),
        cut_proxy.cut("POST /api/sync/commands", "tear"),
    ]
    signal.find()
    phone.expect_sent()
    assert [cut.times for cut in cuts] == [0, 0, 0]

    # Exactly one of everything.
    sheet = check_once(office.client, job["id"], part)
    van_after = van_of(office.client, phone)
    used = {sku: van_before[sku] - van_after.get(sku, 0) for sku in van_before}
    assert {sku: qty for sku, qty in used.items() if qty} == {sheet["parts_used"][0]["sku"]: 1}
    check_pictures(office.client, sheet)

    # The dispatcher sees it without asking; the customer has the signed copy, hash and all.
    expect(console.bar(job["id"])).to_have_class(re.compile(r"\bdone\b"))
    customer.goto(f"{link}/copy")
    expect(customer.get_by_text(sheet["acceptance"]["sha256"][:12], exact=False).first).to_be_visible()
    expect(customer.get_by_text(part, exact=False).first).to_be_visible()


def planned_for_tomorrow(console: Console, office: Office, orders: Path) -> dict[str, Any]:
    """Tomorrow, as an appointment may not lie in the past, whatever the time of the day this runs."""
    console.open_day()
    day = (dt.date.fromisoformat(office.day) + dt.timedelta(days=1)).isoformat()
    orders.write_text(HEADER + order_line(day), encoding="utf-8")
    bring_in(console, orders)
    plan_and_publish(console, day)
    job = find_job(office.client, CUSTOMER)
    assert (job["status"], job["day"]) == ("assigned", day)
    return job


def work_and_sign(phone: Phone, album: Path) -> str:
    """From the arrival to the signature, with a reload in the middle; the part that was used."""
    phone.work("arrive")
    phone.answer_all(album)
    part = phone.use_first_part()
    phone.page.reload()
    expect(phone.used_part(part)).to_be_visible()
    phone.tap("complete")
    phone.sign()
    expect(phone.page.locator(".signed")).to_be_visible()
    return part


def check_once(client: httpx.Client, job_id: str, part: str) -> dict[str, Any]:
    """The job's sheet, on which each step, part, photo and signature stands once."""
    sheet: dict[str, Any] = client.get(f"/api/jobs/{job_id}").json()["sheet"]
    history = Counter(e["action"] for e in client.get(f"/api/jobs/{job_id}/history").json())
    once = {name: history[name] for name in ("accept", "depart", "arrive", "complete", "sign")}
    assert once == dict.fromkeys(once, 1)
    assert sheet["status"] == "signed"
    assert [(p["name"], p["qty"]) for p in sheet["parts_used"]] == [(part, 1)]
    required = [step for step in sheet["checklist"] if step["required"]]
    photo_steps = [step["key"] for step in required if step["kind"] == "photo"]
    assert [photo["step"] for photo in sheet["photos"]] == photo_steps
    assert all(sheet["answers"].get(step["key"]) is not None for step in required)
    assert sheet["acceptance"]["signer"] == CUSTOMER
    return sheet


def check_pictures(client: httpx.Client, sheet: dict[str, Any]) -> None:
    """Pictures arrive small and without what the camera wrote into them."""
    assert sheet["photos"]
    for photo in sheet["photos"]:
        picture = Image.open(io.BytesIO(client.get(f"/api/blobs/{photo['sha256']}").content))
        assert max(picture.size) <= 1280
        assert not picture.getexif()
