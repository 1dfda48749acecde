"""A part is found by its barcode on a phone whose browser cannot read barcodes."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.chromium import Chromium
from tests.e2e.conftest import PHONE
from tests.e2e.cut_proxy import CutProxy
from tests.e2e.journeys.barcode import check_digit, film
from tests.e2e.journeys.phone import Phone
from tests.e2e.journeys.scene import Scene

SERIAL = "690123456789"


@pytest.mark.slow
def test_the_apps_own_reader_reads_what_the_camera_sees(
    scene: Scene, line: CutProxy, browser: Browser, chromium: Chromium, tmp_path: Path
) -> None:
    code = SERIAL + check_digit(SERIAL)
    camera = film(code, tmp_path / "camera.mjpeg")
    job_id, technician_id = scene.given()
    program = browser.browser_type.launch(
        executable_path=chromium.path,
        env={**os.environ, **chromium.env},
        args=[
            *chromium.flags,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
        ],
    )
    context = program.new_context(**PHONE, permissions=["camera"])
    try:
        page = context.new_page()
        phone = Phone(page, line.url)
        scene.pair(phone, technician_id)
        assert page.evaluate("'BarcodeDetector' in globalThis") is False
        phone.open_job(job_id)
        phone.arrive()
        assert line.requests("GET /assets/zxing") == []
        phone.tap("take-part")
        page.locator("[data-action=scan]").first.click()
        expect(page.locator("input[type=search]")).to_have_value(code)
        assert any(one.request.split()[1].endswith(".wasm") for one in line.requests("GET /assets/zxing"))
    finally:
        context.close()
        program.close()
