"""What the console takes of the page's main thread, by that thread's own clock, not slowed."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.e2e.measure_board_bench import CPU_SLOWDOWN, Bench
from tests.e2e.measure_board_figures import percentile
from tests.e2e.measure_board_trace import MainThread, traced
from tests.e2e.pages.console import Console

OPENED = 3
CHOSEN = (3, 6, 9, 12)
# What the page calls the beginning and the end of a deed.
PIXELS, SELECTION = ("board-replied", "board-drawn"), ("chosen", "chosen-shown")


@dataclass
class ThreadBench(Bench):
    """A machine slowed four times takes four times as long, so each budget is a quarter of its own."""

    def all(self) -> None:
        self.request()
        context = self.context()
        context.add_init_script("window.replyWaits = true")
        page = context.new_page()
        self.open(page)
        found = []
        for _ in range(OPENED):
            page.close()
            page = context.new_page()
            found.append(self._opened(page))
        self._say_least("reply to pixels", found, PIXELS)
        self.all_rows(page)
        self._say_frames("scrolling", self._traced(page, "() => scrollBoard(1500)"))
        self._dragged(page)
        self._say_least("selection board to map", [self._selected(page, n) for n in CHOSEN], SELECTION)
        context.close()

    def _traced(self, page: Page, script: str) -> MainThread:
        return traced(self.browser, page, lambda: page.evaluate(script))

    def _opened(self, page: Page) -> MainThread:
        return traced(self.browser, page, lambda: self.open(page))

    def _dragged(self, page: Page) -> None:
        self._say_frames("dragging", traced(self.browser, page, lambda: self.drag(page)))
        page.keyboard.press("Escape")
        page.mouse.up()

    def _selected(self, page: Page, number: int) -> MainThread:
        bar = Console(page, self.server.url).bars.nth(number)
        return traced(self.browser, page, lambda: self.choose(page, bar))

    def _say_least(self, name: str, found: list[MainThread], marks: tuple[str, str]) -> None:
        """Of several times the least: what lies above it came from elsewhere."""
        least = min(found, key=lambda spent: sum(spent.tasks_ms(*marks)))
        tasks = least.tasks_ms(*marks)
        self.figures.say(f"{name}: main thread", sum(tasks), "ms", 250 / CPU_SLOWDOWN)
        self.figures.say(f"{name}: longest task", max(tasks), "ms")
        self._say_parts(name, least.parts_ms(*marks))

    def _say_parts(self, name: str, parts: dict[str, float]) -> None:
        for part, spent in parts.items():
            self.figures.say(f"{name}: of it {part}", spent, "ms")

    def _say_frames(self, name: str, spent: MainThread) -> None:
        frames = spent.frames_ms()
        self.figures.say(f"{name}: main thread a frame, p50", percentile(frames, 0.5), "ms")
        self.figures.say(
            f"{name}: main thread a frame, p95", percentile(frames, 0.95), "ms", 20 / CPU_SLOWDOWN
        )
        self._say_parts(f"{name}, all frames", spent.parts_ms())
