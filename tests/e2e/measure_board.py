"""How fast the console is for a whole region: the day's request, board, map and live changes.

`python -m tests.e2e.measure_board [--technicians 120 --visits 1200]` makes such a region in a database of its
own, serves it, opens it in a Chromium slowed down like a cheap laptop, prints each figure as a line of JSON
beside its budget and at the end all of them as a table. Without sizes it measures
120 × 1,200 and 300 × 3,600. It fails when a budget is missed.

`--slow-network` adds a network of 562 ms and 180 kB/s. `--main-thread` measures something else, which hardly
depends on what the machine does besides: the thread time of the page's main thread, not slowed.
"""

import argparse
import os
import statistics
import sys
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.browsing import signed_in
from tests.e2e.chromium import find_chromium
from tests.e2e.measure_board_bench import CPU_SLOWDOWN, Bench
from tests.e2e.measure_board_figures import Figures, browser_cpu_s, dropped, percentile
from tests.e2e.measure_board_region import Writer, big_server
from tests.e2e.measure_board_thread import ThreadBench
from tests.e2e.pages.console import PASSWORD, Console

TIMES_AGAIN = 7
SIZES = ((120, 1200), (300, 3600))
SLOW_NETWORK = {
    "offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 180_000,
}  # fmt: skip


@dataclass
class SlowedBench(Bench):
    """The console as whoever has a cheap laptop sees it."""

    is_network_slow: bool = False
    plain_ms: float = 0.0

    def all(self) -> None:
        self.request()
        context = self.context()
        self.plain_boxes(context)
        self.opened(context, "cold").close()
        page = self.opened(context, "warm")
        self.drawn_again(page)
        self.scrolled(page)
        self.dragged(page)
        self.selected(page)
        self.live(page)
        context.close()

    def opened(self, context: BrowserContext, how: str) -> Page:
        page, before = context.new_page(), browser_cpu_s()
        session = devtools(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        if self.is_network_slow:
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        page.goto(self.url)
        drawn = page.evaluate("() => window.boardDrawn")
        mapped = page.evaluate("() => window.mapDrawn")
        spent = (browser_cpu_s() - before) * 1000
        self.figures.say(f"{how}: processor time until board and map are drawn", spent, "ms")
        self.figures.say(
            f"{how}: usable board since navigation", drawn["at"], "ms", 3000 if how == "cold" else 1500
        )
        # The console's own beginning lies between the two: the day is asked for before its script is read.
        self.figures.say(f"{how}: board from the first reply to pixels", drawn["at"] - drawn["replied"], "ms")
        self.figures.say(f"{how}: map drawn in", mapped["took"], "ms", 500)
        return page

    def drawn_again(self, page: Page) -> None:
        """What drawing a day takes from its reply, in a console that has begun."""
        took = [page.evaluate("() => window.boardDrawnAgain('#/followups')") for _ in range(TIMES_AGAIN)]
        self.figures.say(
            f"board from the reply to pixels: median of {len(took)}", statistics.median(took), "ms", 250
        )
        self.figures.say("board from the reply to pixels: longest", max(took), "ms")

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
        self.all_rows(page)
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
        page.evaluate("() => watchFrames()")
        self.drag(page)
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
                    took.append(self.choose(page, bar))
                    continue
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
        in_view = {job: at for job, at in writer.told.items() if job in set(seen["bars"])}
        waits = [seen["shown"][job] - at for job, at in in_view.items() if job in seen["shown"]]
        self.figures.say("live: updates sent a second", writer.rate, "1/s")
        self.figures.say("live: shown of those in view", 100 * len(waits) / max(1, len(in_view)), "%")
        self.figures.say("live: updates in view", len(in_view), "")
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


def devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def measure(browser: Browser, technicians: int, visits: int, told: argparse.Namespace) -> Figures:
    figures = Figures(f"{technicians} x {visits}")
    with (
        big_server(technicians, visits) as (server, region),
        signed_in(server.url, "dispatcher", PASSWORD) as client,
    ):
        client.timeout = httpx.Timeout(60)
        figures.say("machine load", os.getloadavg()[0], f"on {os.cpu_count()} cores")
        parts = (browser, server, region, client, figures, technicians, visits // technicians)
        (
            ThreadBench(*parts)
            if told.main_thread
            else SlowedBench(*parts, is_network_slow=told.slow_network)
        ).all()
        figures.say("machine load", os.getloadavg()[0], f"on {os.cpu_count()} cores")
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--technicians", type=int)
    parser.add_argument("--visits", type=int)
    parser.add_argument("--slow-network", action="store_true")
    parser.add_argument("--main-thread", action="store_true")
    told = parser.parse_args()
    sizes = ((told.technicians or 120, told.visits or 1200),) if told.technicians or told.visits else SIZES
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path,
            args=[*chromium.flags, "--enable-precise-memory-info"],
            env={**os.environ, **chromium.env},
        )
        measured = [measure(browser, *size, told) for size in sizes]
        browser.close()
    print("\n\n".join(figures.table() for figures in measured))
    return 1 if any(figures.missed for figures in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
