"""How fast the console is for a whole region: the day's request, board, map and live changes.

`python -m tests.e2e.measure_board [--technicians 120 --visits 1200]` makes such a region in a database of its
own, serves it, opens it in a Chromium slowed down like a cheap laptop, and prints each figure as a line
of JSON beside its budget. Without sizes it measures 120 × 1,200 and 300 × 3,600. It fails when a budget is
missed.
"""

import argparse
import contextlib
import datetime as dt
import gzip
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from sqlmodel import Session, create_engine

from backend.auth.actor import system_actor
from backend.board.service import board
from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.conftest import DESKTOP
from tests.e2e.pages.console import PASSWORD, Console
from tests.factories.big_region import BigRegion, RegionMaker
from tests.servers import LiveServer, run_shangmen

SIZES = ((120, 1200), (300, 3600))
CPU_SLOWDOWN = 4
UPDATES_PER_S = 20
UPDATES_FOR_S = 15
# As many rows as the board keeps.
MOST_ROWS = 150
WAIT_MS = 90_000
BEGINNING = (Path(__file__).parent / "measure_board.js").read_text(encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass
class Figures:
    """Lines of JSON as they come; a budget is an upper limit."""

    size: str
    missed: list[str] = field(default_factory=list)

    def say(self, name: str, value: float, unit: str, budget: float | None = None) -> None:
        line: dict[str, Any] = {"size": self.size, "figure": name, "value": round(value, 1), "unit": unit}
        if budget is not None:
            line |= {"budget": budget, "ok": value <= budget}
            if value > budget:
                self.missed.append(name)
        print(json.dumps(line, ensure_ascii=False), flush=True)


@dataclass
class Bench:
    """One generated region, its server, and a browser to look at it with."""

    browser: Browser
    server: LiveServer
    region: BigRegion
    client: httpx.Client
    figures: Figures
    technicians: int
    bars_each: int
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    plain_ms: float = 0.0

    @property
    def where(self) -> dict[str, str]:
        return {"region_id": str(self.region.id), "day": self.region.day.isoformat()}

    @property
    def url(self) -> str:
        where = f"region={self.region.id}&day={self.region.day}"
        return f"{self.server.url}/console/#/day?{where}"

    def all(self) -> None:
        self.request()
        context = self.browser.new_context(**DESKTOP)
        context.set_default_timeout(WAIT_MS)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.server.url}
                for name, value in self.client.cookies.items()
            ]
        )
        context.add_init_script(BEGINNING)
        self.plain_boxes(context)
        self.opened(context, "cold").close()
        page = self.opened(context, "warm")
        self.scrolled(page)
        self.dragged(page)
        self.selected(page)
        self.live(page)
        context.close()

    def request(self) -> None:
        """The day's request: how long the server takes, how much it sends, how many statements it needs."""
        took, reply = [], None
        for _ in range(5):
            began = time.perf_counter()
            reply = self.client.get("/api/board", params=self.where).raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
        assert reply is not None
        self.places = {row["job_id"]: (row["lat"], row["lng"]) for row in reply.json()["visits"]}
        self.figures.say("the day's request", statistics.median(took), "ms")
        self.figures.say("the day's request, JSON", len(reply.content) / 1000, "kB")
        self.figures.say("the day's request, sent", self._sent_bytes() / 1000, "kB")
        self.figures.say("the day's request, gzip", len(gzip.compress(reply.content, 6)) / 1000, "kB")
        self.figures.say("the day's request, SQL statements", self._statements(), "", 16)

    def _sent_bytes(self) -> int:
        with self.client.stream("GET", "/api/board", params=self.where) as reply:
            return sum(len(chunk) for chunk in reply.iter_raw())

    def _statements(self) -> int:
        engine = create_engine(f"sqlite:///{self.server.data_dir / 'shangmen.db'}")
        said: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))
        with Session(engine) as session:
            board(session, system_actor(self.region.org_id, "measure"), self.region.id, self.region.day)
        engine.dispose()
        return len(said)

    def opened(self, context: BrowserContext, how: str) -> Page:
        page, before = context.new_page(), browser_cpu_s()
        devtools(page).send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        page.goto(self.url)
        drawn = page.evaluate("() => window.boardDrawn")
        mapped = page.evaluate("() => window.mapDrawn")
        spent = (browser_cpu_s() - before) * 1000
        self.figures.say(f"{how}: processor time until board and map are drawn", spent, "ms")
        self.figures.say(
            f"{how}: usable board since navigation", drawn["at"], "ms", 3000 if how == "cold" else 1500
        )
        self.figures.say(f"{how}: board from the reply to pixels", drawn["at"] - drawn["replied"], "ms", 250)
        self.figures.say(f"{how}: map drawn in", mapped["took"], "ms", 500)
        return page

    def plain_boxes(self, context: BrowserContext) -> None:
        """What this machine, painting as it does, needs to scroll as many boxes that are only boxes."""
        page = context.new_page()
        devtools(page).send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        page.goto(self.server.url + "/health")
        page.evaluate("([rows, bars]) => plainBoxes(rows, bars)", [self.technicians, self.bars_each])
        self.plain_ms, gaps = self._scrolling(page)
        self.figures.say("plain boxes scrolled: processor time a frame", self.plain_ms, "ms")
        self.figures.say("plain boxes scrolled: frame time p95", percentile(gaps, 0.95), "ms")
        page.close()

    def _scrolling(self, page: Page) -> tuple[float, list[float]]:
        """Processor time a frame in milliseconds, and the gaps between frames."""
        before = browser_cpu_s()
        page.evaluate("() => watchFrames()")
        page.evaluate("() => scrollBoard(4000)")
        gaps = page.evaluate("() => endFrames()")
        return (browser_cpu_s() - before) * 1000 / max(1, len(gaps)), gaps

    def scrolled(self, page: Page) -> None:
        """Once the rows beyond the view are drawn, as they are a few seconds after the day was opened."""
        rows = min(self.technicians, MOST_ROWS)
        page.locator("[role=grid] [role=row]").nth(rows - 1).wait_for(state="attached")
        page.evaluate("() => new Promise(done => setTimeout(done, 500))")
        elements = page.evaluate("() => document.querySelector('[role=grid]').querySelectorAll('*').length")
        visits = page.evaluate("() => document.querySelectorAll('[role=gridcell]').length")
        self.figures.say("elements of the board", elements, "")
        self.figures.say("elements of the board a visit", elements / max(1, visits), "", 2.5)
        spent, gaps = self._scrolling(page)
        self.figures.say("scrolling: processor time a frame", spent, "ms")
        self.figures.say("scrolling: times that of plain boxes", spent / max(0.1, self.plain_ms), "")
        self.figures.say("scrolling: frame time p95", percentile(gaps, 0.95), "ms", 20)
        self.figures.say("scrolling: frames dropped", 100 * dropped(gaps), "%", 5)

    def dragged(self, page: Page) -> None:
        """A bar over the whole board, a place further with each frame; let go where it was taken from."""
        page.evaluate("() => document.querySelector('[role=grid]').scrollTo(0, 0)")
        bars = page.locator("[role=gridcell].assigned")
        box = bars.first.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 8, box["y"] + 8)
        page.mouse.down()
        page.evaluate("() => watchFrames()")
        for step in range(120):
            page.mouse.move(box["x"] + 8 + step * 3, box["y"] + 8 + (step % 40) * 7)
        gaps = page.evaluate("() => endFrames()")
        page.keyboard.press("Escape")
        page.mouse.up()
        self.figures.say("dragging: frame time p95", percentile(gaps, 0.95), "ms", 20)

    def selected(self, page: Page) -> None:
        """From a click to the frame that shows it in both views, by the browser's own event timing."""
        console = Console(page, self.server.url)
        page.evaluate("() => document.querySelector('[role=grid]').scrollTo(0, 0)")
        for name in ("board to map", "map to board"):
            took = []
            for number in range(1, 8):
                bar = console.bars.nth(number * 3)
                job = str(bar.get_attribute("data-job"))
                if name == "board to map":
                    bar.click(position={"x": 6, "y": 10})
                else:
                    self._click_on_map(console, job)
                took.append(page.evaluate("() => selectionShown()"))
            known = [ms for ms in took if ms is not None]
            if known:  # on a crowded map another visit may lie on top each time
                median = statistics.median(known)
                self.figures.say(f"selection {name}: median of {len(known)}", median, "ms", 250)

    def _click_on_map(self, console: Console, job: str) -> None:
        """A map of such a day is a crowd: whatever lies on top there is chosen, in both views."""
        x, y = console.point_on_map(*self.places[job])
        console.page.mouse.click(x, y)

    def live(self, page: Page) -> None:
        page.keyboard.press("Escape")
        rows = self.client.get("/api/board", params=self.where).json()["visits"]
        page.evaluate("() => document.querySelector('[role=grid]').scrollTo(0, 0)")
        page.evaluate("() => new Promise(done => setTimeout(done, 1000))")  # earlier rows are gone
        page.evaluate("() => watchLive()")
        writer, before = Writer(self.client, rows), browser_cpu_s()
        writer.run()
        page.evaluate("() => new Promise(done => setTimeout(done, 3000))")
        seen = page.evaluate("() => endLive()")
        spent = (browser_cpu_s() - before) * 1000 / len(writer.told)
        self.figures.say("live: processor time an update", spent, "ms")
        waits = [seen["shown"][job] - at for job, at in writer.told.items() if job in seen["shown"]]
        visible = sum(job in seen["bars"] for job in writer.told)
        self.figures.say("live: updates sent a second", writer.rate, "1/s")
        self.figures.say("live: shown of those in view", 100 * len(waits) / max(1, visible), "%")
        self.figures.say("live: update to pixel p95", percentile(waits, 0.95), "ms", 1500)
        self.figures.say("live: update to pixel p50", percentile(waits, 0.5), "ms")
        self.figures.say("live: longest task of the main thread", max(seen["tasks"], default=0), "ms")
        self.figures.say("live: tasks over 50 ms", len(seen["tasks"]), "", 0)
        self.figures.say("live: frame time p95", percentile(seen["gaps"], 0.95), "ms", 20)
        self.figures.say("live: requests", seen["requests"], "")
        self.figures.say("live: received", seen["bytes"] / 1000, "kB")
        session = devtools(page)
        session.send("HeapProfiler.collectGarbage")
        self.figures.say("JS heap", page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6, "MB")


def browser_cpu_s() -> float:
    """Processor time the browser has used: what others do on the machine changes it little."""
    parents, spent = {}, {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                told = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)], spent[int(entry.name)] = int(told[1]), int(told[11]) + int(told[12])
    ours = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent[each] for each in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def dropped(gaps: list[float]) -> float:
    """The share of frames that came too late for a screen of 60 frames a second."""
    frame_ms = 1000 / 60
    lost = sum(round(gap / frame_ms) - 1 for gap in gaps if gap > 1.5 * frame_ms)
    return lost / max(1, len(gaps) + lost)


def devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


class Writer:
    """Another dispatcher who locks visits, many a second: each is a change everybody's board has to show."""

    def __init__(self, client: httpx.Client, rows: list[dict[str, Any]]) -> None:
        self.client = client
        half = UPDATES_PER_S * UPDATES_FOR_S // 2
        near, far = rows[:half], rows[half:]
        self.rows = [row for pair in zip(near, far[:half], strict=True) for row in pair]
        self.told: dict[str, float] = {}
        self.rate = 0.0

    def run(self) -> None:
        began = time.monotonic()
        workers = [threading.Thread(target=self._lock, args=(part, began)) for part in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.rate = len(self.told) / (time.monotonic() - began)

    def _lock(self, part: int, began: float) -> None:
        for number in range(part, len(self.rows), 4):
            time.sleep(max(0.0, began + number / UPDATES_PER_S - time.monotonic()))
            row = self.rows[number]
            wish = {"technician": True, "time": False, "version": row["version"]}
            self.client.post(f"/api/jobs/{row['job_id']}/lock", json=wish).raise_for_status()
            self.told[row["job_id"]] = time.time() * 1000


@contextlib.contextmanager
def big_server(technicians: int, visits: int) -> Iterator[tuple[LiveServer, BigRegion]]:
    """A server with such a region beside the demo's."""
    with tempfile.TemporaryDirectory(prefix="shangmen-board-") as folder:
        data = Path(folder)
        done = run_shangmen(data, "demo", "--unplanned")
        if done.returncode:
            raise SystemExit(done.stderr)
        engine = create_engine(f"sqlite:///{data / 'shangmen.db'}")
        with Session(engine, expire_on_commit=False) as session, session.begin():
            region = RegionMaker(session, dt.datetime.now(dt.UTC).date()).make(technicians, visits)
        engine.dispose()
        server = LiveServer(data)
        server.start()
        try:
            yield server, region
        finally:
            server.stop()


def measure(browser: Browser, technicians: int, visits: int) -> list[str]:
    figures = Figures(f"{technicians} x {visits}")
    with (
        big_server(technicians, visits) as (server, region),
        signed_in(server.url, "dispatcher", PASSWORD) as client,
    ):
        client.timeout = httpx.Timeout(60)
        figures.say("machine load", os.getloadavg()[0], f"on {os.cpu_count()} cores")
        Bench(browser, server, region, client, figures, technicians, visits // technicians).all()
        figures.say("machine load", os.getloadavg()[0], f"on {os.cpu_count()} cores")
    return figures.missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--technicians", type=int)
    parser.add_argument("--visits", type=int)
    told = parser.parse_args()
    sizes = ((told.technicians or 120, told.visits or 1200),) if told.technicians or told.visits else SIZES
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path,
            args=[*chromium.flags, "--enable-precise-memory-info"],
            env={**os.environ, **chromium.env},
        )
        missed = [name for size in sizes for name in measure(browser, *size)]
        browser.close()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
