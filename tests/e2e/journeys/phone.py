"""A technician's phone as a test sees it: the one primary button, the questions, the pad to sign on."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.e2e.until import wait_until

STEPS_AT_MOST = 30
Camera = Callable[[Path], Path]


class Phone:
    """One open technician's app."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def pair(self, pairing_url: str) -> None:
        """Opens the link behind the QR picture and waits until the app works without a network."""
        self.page.goto(f"{self.url}/technician/#{pairing_url.partition('#')[2]}")
        expect(self.chip).to_be_visible()
        expect(self.page.locator("main .skeleton")).to_have_count(0)  # the day is on the phone
        self.wait_until_installed()

    def wait_until_installed(self) -> None:
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        wait_until(self.page, "navigator.serviceWorker.controller !== null")

    @property
    def chip(self) -> Locator:
        """What is not yet sent, always in sight."""
        return self.page.locator("[data-unsent]").first

    def primary(self, action: str) -> Locator:
        return self.page.locator(f"[data-action={action}]")

    def open_job(self, job_id: str) -> None:
        self.page.evaluate("hash => { location.hash = hash }", f"#/job/{job_id}")
        expect(self.page.locator("main .product")).to_be_visible()

    def tap(self, action: str) -> None:
        """Taps the primary button when it offers this action."""
        self.primary(action).click()

    def work(self, *actions: str) -> None:
        """Taps one step after the other; each is kept on the phone before what follows."""
        for action in actions:
            self.tap(action)
            expect(self.primary(action)).to_have_count(0)

    def arrive(self) -> None:
        """From an assigned job to the customer's door."""
        self.work("accept", "depart", "arrive")

    def answer_all(self, album: Path, camera: Camera | None = None) -> None:
        """Answers the checklist one question at a time, as a person would."""
        self.tap("step")
        expect(self.page.locator("#question")).to_be_visible()  # the job's screen is there until then
        for _ in range(STEPS_AT_MOST):
            expect(self.page.locator("#question, main .product").first).to_be_visible()
            if self.page.locator("main .product").is_visible():
                return
            self._answer_one(album, camera or take_picture)
        raise AssertionError("the checklist does not end")

    def _answer_one(self, album: Path, camera: Camera) -> None:
        question = self.page.locator("#question").inner_text()
        if self.page.locator("[data-answer=yes]").is_visible():
            self.page.locator("[data-answer=yes]").click()
        elif self.page.locator("input[inputmode=decimal]").is_visible():
            self.page.locator("input[inputmode=decimal]").fill(self._fitting_reading())
            self.tap("answer")
        elif self.page.locator("textarea").is_visible():
            self.page.locator("textarea").fill("都好了")
            self.tap("answer")
        elif self.page.locator("input[type=file]").count():
            self.page.locator("input[type=file]").set_input_files(camera(album))
            self.tap("answer")
        else:
            self.page.locator("main label").first.click()
            self.tap("answer")
        expect(self.page.locator("#question", has_text=question)).to_have_count(0)

    def _fitting_reading(self) -> str:
        """The lower end of the range the screen names; one where it names none."""
        numbers = re.findall(r"\d+(?:\.\d+)?", self.page.locator("#hint").inner_text())
        return numbers[0] if numbers else "1"

    def use_first_part(self) -> str:
        """Takes one piece of the first part in the van; returns its name."""
        self.page.get_by_role("button", name="从车上取配件").click()
        part = self.page.locator("button.part:enabled").first
        name = part.locator(".words span").first.inner_text()
        part.click()
        self.page.locator(".quantity .use").click()
        self.expect_no_sheet()
        expect(self.used_part(name)).to_be_visible()
        return name

    def used_part(self, name: str) -> Locator:
        """The line of a part taken for this job."""
        return self.page.get_by_text(f"{name} × 1", exact=True)

    def go(self, screen: str) -> None:
        """Follows an address within the app, such as `#/unsent`."""
        self.page.evaluate("hash => { location.hash = hash }", screen)

    def expect_no_sheet(self) -> None:
        """Waits until what a sheet asked for is kept, and the entry it had in the browser's history is gone:
        an address followed before that is left again with the entry.
        """
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        wait_until(self.page, "!history.state?.layer")

    def expect_sent(self) -> None:
        """Waits until what was tapped last in a sheet is kept, and then until the server has everything."""
        self.expect_no_sheet()
        expect(self.chip).to_have_attribute("data-unsent", "0")

    def photograph(self, picture: Path, place: int = 0) -> None:
        """Takes a photo on the job's screen: before, after or of the situation."""
        photos = self.page.locator("main ul .thumb")  # there before its picture is read from the store
        before = photos.count()
        self.page.locator("main .cameras input[type=file]").nth(place).set_input_files(picture)
        expect(photos).to_have_count(before + 1)

    def report(self, trouble: str, text: str, picture: Path | None = None) -> None:
        """Something is wrong: what, and why, with a photo where there is one."""
        self.tap("trouble-sheet")
        self.page.locator(f"[role=dialog] input[value={trouble}]").check()
        self.page.locator("[role=dialog] textarea").fill(text)
        if picture is not None:
            self.page.locator("[role=dialog] input[type=file]").set_input_files(picture)
            expect(self.page.locator("[role=dialog] [data-photo=taken]")).to_be_visible()

    def sign(self) -> None:
        """The customer signs with a finger and confirms."""
        self.tap("sign")
        self.draw_signature()
        self.tap("confirm")

    def draw_signature(self) -> None:
        """With a finger, once the screen names what is signed: until then the pad may change its size."""
        expect(self.page.locator("main .print")).to_have_text(re.compile("[0-9a-f]{12}"))
        box = self.page.locator("canvas").bounding_box()
        assert box is not None
        draw(self.page, box)


def draw(page: Page, box: FloatRect) -> None:
    """A signature by touch: a wave across the pad, and a short second stroke."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, points: list[dict[str, float]]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for start, length in ((0.15, 16), (0.7, 5)):
        x, y = box["x"] + box["width"] * start, box["y"] + box["height"] * 0.5
        touch("touchStart", [{"x": x, "y": y}])
        for step in range(length):
            touch("touchMove", [{"x": x + step * 9, "y": y + (step % 4) * 14 - 20}])
        touch("touchEnd", [])


def take_snap(album: Path) -> Path:
    """A small picture like no other, for days with many."""
    picture = Image.effect_noise((160, 120), 80).resize((640, 480)).convert("RGB")
    path = album / f"{uuid.uuid4().hex}.jpg"
    picture.save(path, "JPEG", quality=80)
    return path


def take_picture(album: Path) -> Path:
    """A camera's new picture: large, with a place in its metadata that must never reach the server."""
    grain = Image.effect_noise((300, 225), 60).convert("RGB")
    picture = grain.resize((2400, 1800), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 30.0)})
    path = album / f"{uuid.uuid4().hex}.jpg"
    picture.save(path, "JPEG", quality=85, exif=exif)
    return path
