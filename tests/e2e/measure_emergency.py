"""How long an emergency takes from the ringing phone to a technician who has the job.

`python -m tests.e2e.measure_emergency` plays a dispatcher on a planned demo day in Chromium: typing at a
person's pace, looking before each deed. It prints every deed with what the person took and what the system
made them wait, and fails when a call takes more than 30 seconds. One call is for work that somebody is free
for today, the other for work that nobody is.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect, sync_playwright

from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.conftest import DESKTOP
from tests.e2e.measure_phone import demo_server
from tests.e2e.pages.console import PASSWORD, Console, Office

WHOLE_S = 30.0
# A practised typist (70 words a minute), a Chinese character with its two or three keys, the look before a
# deed, the way of the mouse.
KEY_S, CHARACTER_S, LOOK_S, POINT_S = 0.17, 0.5, 0.6, 0.8
WAIT_MS, MOST_TABS = 20_000, 8


@dataclass
class Deed:
    """One thing the dispatcher did: their own seconds, and those they waited."""

    name: str
    own_s: float
    waited_s: float


@dataclass
class Call:
    """One call, deed by deed."""

    name: str
    page: Page
    deeds: list[Deed] = field(default_factory=list)
    own_s: float = 0.0

    def type(self, text: str) -> None:
        """Types with pauses between the keys, as people do."""
        for character in text:
            pause_s = KEY_S if character.isascii() else CHARACTER_S
            self.page.wait_for_timeout(pause_s * 1000)
            self.page.keyboard.type(character)
            self.own_s += pause_s

    def press(self, key: str) -> None:
        """Looks, then presses a key."""
        self.page.wait_for_timeout(LOOK_S * 1000)
        self.own_s += LOOK_S
        self.page.keyboard.press(key)

    @contextmanager
    def deed(self, name: str) -> Iterator[None]:
        """Everything until what comes next can begin; what is not the person's own time was waiting."""
        began, self.own_s = time.monotonic(), 0.0
        yield
        whole_s = time.monotonic() - began
        self.deeds.append(Deed(name, self.own_s, max(0.0, whole_s - self.own_s)))

    @property
    def whole_s(self) -> float:
        return sum(deed.own_s + deed.waited_s for deed in self.deeds)

    def lines(self) -> Iterator[str]:
        yield f"{self.name}: {self.whole_s:.1f} s / {WHOLE_S:.0f} s, {len(self.deeds)} actions"
        for deed in self.deeds:
            yield f"  {deed.name:<44}{deed.own_s:6.1f} s own {deed.waited_s:6.2f} s waited"
        waited_s = sum(deed.waited_s for deed in self.deeds)
        yield f"  {'together':<44}{self.whole_s - waited_s:6.1f} s own {waited_s:6.2f} s waited"


def taken(call: Call, tail: str, fault: str) -> None:
    """From the key that opens the form to the case: a stranger, at an address that is read out."""
    page = call.page
    with call.deed("the phone rings: c"):
        call.press("c")
        expect(page.get_by_label("来电人")).to_be_focused(timeout=WAIT_MS)
    with call.deed("end of the phone number"):
        call.type(tail)
        expect(page.get_by_text("没有找到")).to_be_visible()
    with call.deed("what is wrong, the first that fits"):
        tab_to(call, "故障")
        call.type(fault)
        expect(page.locator(".hints button").first).to_be_visible()
        call.press("Enter")
        expect(page.get_by_label("产品")).not_to_have_value("")
    for label, text in (("姓名", "周先生"), ("电话", f"1541555{tail}"), ("上门地址", "天通西苑三区9号楼")):
        with call.deed(label):
            tab_to(call, label)
            call.type(text)
    with call.deed("an emergency: Space"):
        tab_to(call, "急件")
        page.keyboard.press("Space")
    with call.deed("save: Ctrl+Enter"):
        call.press("Control+Enter")
        expect(page.locator(".slots button").first).to_be_visible(timeout=WAIT_MS)


def tab_to(call: Call, label: str) -> None:
    """Tab until the field is reached, without looking up."""
    field_ = call.page.get_by_label(label, exact=label != "急件")
    for _ in range(MOST_TABS):
        call.own_s += KEY_S
        call.page.wait_for_timeout(KEY_S * 1000)
        call.page.keyboard.press("Tab")
        if field_.evaluate("field => field === document.activeElement"):
            return
    raise AssertionError(f"no {label} within {MOST_TABS} tabs")


def somebody_is_free(page: Page) -> Call:
    call = Call("somebody is free today", page)
    taken(call, "0177", "锁舌")
    with call.deed("the first time: 1"):
        call.press("1")
        expect(page.get_by_text("上门，预计")).to_be_visible(timeout=WAIT_MS)
    return call


def nobody_is_free(page: Page) -> Call:
    call = Call("nobody is free today", page)
    taken(call, "0288", "漏水")
    with call.deed("today all the same: 0"):
        call.press("0")
        expect(page.get_by_role("button", name="照此排入").first).to_be_visible(timeout=WAIT_MS)
    with call.deed("the smallest change: click"):
        page.wait_for_timeout((LOOK_S + POINT_S) * 1000)
        call.own_s += LOOK_S + POINT_S
        page.get_by_role("button", name="照此排入").first.click()
        expect(page.get_by_text("已排入")).to_be_visible(timeout=WAIT_MS)
    return call


def has_technician_today(office: Office, tail: str) -> bool:
    """Whether the caller's job is on the day in force, with somebody who goes there."""
    (found,) = office.client.get("/api/search", params={"q": f"1541555{tail}"}).json()
    return found["day"] == office.day and found["technician_name"] is not None


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    chromium = find_chromium()
    with sync_playwright() as playwright, demo_server() as server:
        browser = playwright.chromium.launch(
            executable_path=chromium.path, args=chromium.flags, env={**os.environ, **chromium.env}
        )
        with signed_in(server.url, "dispatcher", PASSWORD) as client:
            office = Office(client)
            client.post(f"/api/plans/{office.draft(seconds=2)}/publish", json={}).raise_for_status()
            # Tests' servers leave out what others do at their start: compiling what finds free times.
            waiting = office.board()["unassigned"][0]["job_id"]
            client.get(f"/api/jobs/{waiting}/free-slots", timeout=120)
            console = Console(browser.new_context(**DESKTOP).new_page(), server.url)
            console.open_day()
            calls = [somebody_is_free(console.page), nobody_is_free(console.page)]
            is_done = all(has_technician_today(office, tail) for tail in ("0177", "0288"))
        browser.close()
    for call in calls:
        print("\n".join(call.lines()))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("both have a technician today" if is_done else "NOT IN FORCE")
    return 0 if is_done and all(call.whole_s <= WHOLE_S for call in calls) else 1


if __name__ == "__main__":
    sys.exit(main())
