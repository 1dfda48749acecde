"""Figures of a measurement as they come, and a table of them to be read."""

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Figures:
    """Lines of JSON as they come; a budget is an upper limit."""

    size: str
    missed: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def say(self, name: str, value: float, unit: str, budget: float | None = None) -> None:
        line: dict[str, Any] = {"size": self.size, "figure": name, "value": round(value, 1), "unit": unit}
        if budget is not None:
            line |= {"budget": budget, "ok": value <= budget}
            if value > budget:
                self.missed.append(name)
        print(json.dumps(line, ensure_ascii=False), flush=True)
        over = " (over)" if budget is not None and value > budget else ""
        limit = "–" if budget is None else f"{budget:g} {unit}".strip()
        self.rows.append((name, f"{value:.{0 if abs(value) >= 100 else 1}f} {unit}".strip() + over, limit))

    def table(self) -> str:
        """The same as a table in Markdown."""
        lines = [f"| {name} | {value} | {limit} |" for name, value, limit in self.rows]
        return "\n".join([f"| {self.size} | | budget |", "| --- | --- | --- |", *lines])


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def dropped(gaps: list[float]) -> float:
    """The share of frames that came too late for a screen of 60 frames a second."""
    frame_ms = 1000 / 60
    lost = sum(round(gap / frame_ms) - 1 for gap in gaps if gap > 1.5 * frame_ms)
    return lost / max(1, len(gaps) + lost)


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
