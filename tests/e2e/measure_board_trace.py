"""What the browser's main thread spends, by its own clock: other work on the machine changes it little.

Chromium's trace tells each task's thread time. A page slowed four times takes four times as long for it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

CATEGORIES = [
    "toplevel", "cc", "benchmark", "blink.user_timing", "devtools.timeline",
    "disabled-by-default-devtools.timeline",
]  # fmt: skip
MAIN_THREAD, TASK, FRAME, MARK = "CrRendererMain", "RunTask", "ProxyMain::BeginMainFrame", "blink.user_timing"
PARTS = ("FunctionCall", "UpdateLayoutTree", "Layout", "Paint", "Layerize", "Commit", "HitTest", "MinorGC")


@dataclass(frozen=True)
class MainThread:
    """The events of one page's main thread in the order they began; times are in microseconds."""

    events: list[dict[str, Any]]
    marks: dict[str, float]

    def tasks_ms(self, begin: str | None = None, end: str | None = None) -> list[float]:
        """Thread time of each task between two marks of the page, or of all."""
        return [spent_ms(task) for task in self._between(TASK, begin, end)]

    def parts_ms(self, begin: str | None = None, end: str | None = None) -> dict[str, float]:
        """How much of it was script, style and so on; what lies in one another counts in both."""
        found = {name: sum(map(spent_ms, self._between(name, begin, end))) for name in PARTS}
        return {name: round(ms, 1) for name, ms in found.items() if ms >= 0.05}

    def frames_ms(self) -> list[float]:
        """Thread time from one frame's beginning to the next one's."""
        begins = [event["ts"] for event in self._between(FRAME, None, None)]
        tasks = self._between(TASK, None, None)
        spent = [0.0] * max(0, len(begins) - 1)
        at = 0
        for task in tasks:
            while at < len(spent) and begins[at + 1] <= task["ts"]:
                at += 1
            if at < len(spent) and begins[at] <= task["ts"] + task["dur"]:
                spent[at] += spent_ms(task)
        return spent

    def _between(self, name: str, begin: str | None, end: str | None) -> list[dict[str, Any]]:
        since = self.marks[begin] if begin else 0.0
        until = self.marks[end] if end else float("inf")
        named = (event for event in self.events if event["name"] == name)
        return [event for event in named if event["ts"] + event["dur"] >= since and event["ts"] <= until]


def spent_ms(event: dict[str, Any]) -> float:
    return float(event.get("tdur", 0)) / 1000


def traced(browser: Browser, page: Page, work: Callable[[], object]) -> MainThread:
    """Does the work and returns what the page's main thread spent meanwhile."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    work()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    marks = {event["name"]: event["ts"] for event in events if MARK in event.get("cat", "")}
    # Two pages may share the trace; the one that was worked with spent the most.
    threads: dict[tuple[int, int], list[dict[str, Any]]] = {
        (event["pid"], event["tid"]): []
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == MAIN_THREAD
    }
    for event in events:
        if event["ph"] == "X" and (event["pid"], event["tid"]) in threads:
            threads[event["pid"], event["tid"]].append(event)
    busiest = max(threads.values(), key=lambda thread: sum(map(spent_ms, thread)))
    return MainThread(sorted(busiest, key=lambda event: event["ts"]), marks)
