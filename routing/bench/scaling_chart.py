"""The picture of :mod:`routing.bench.scaling`: time and memory over visits, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log, log10

WIDTH, HEIGHT, EDGE, TOP = 460, 400, 56, 84
INK, FAINT, GUIDE = "#333", "#e3e3e3", "#888"

Record = dict[str, float]


@dataclass(frozen=True)
class Line:
    """One figure of the records, drawn over visits."""

    name: str
    colour: str
    label: str
    has_guide: bool = False
    """Whether to show what n log n would be, dashed, from the largest size down."""


TIMES = (
    Line("close_s", "#1769aa", "to within 3 % of the best known; dashed: n log n", has_guide=True),
    Line("first_s", "#b3541e", "to the first plan"),
)
MEMORY = (Line("peak_mb", "#5a7d2b", "at most; the matrices grow with the square of the visits"),)


def drawn(records: Sequence[Record]) -> str:
    """SVG of records ordered by ``visits``; a figure that is ``None`` is left out."""
    panels = (
        _panel(records, TIMES, "Seconds", 0)
        + _panel(records, MEMORY, "Megabytes", WIDTH)
        + [f'<text x="{WIDTH}" y="{HEIGHT - 8}" text-anchor="middle">visits, ten to a technician</text>']
    )
    frame = f'viewBox="0 0 {2 * WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" fill="{INK}"'
    background = f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="white"/>'
    return (
        "\n".join((f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>', background, *panels, "</svg>")) + "\n"
    )


def _panel(records: Sequence[Record], lines: Sequence[Line], title: str, left: int) -> list[str]:
    """One set of axes with its lines."""
    values = [record[line.name] for line in lines for record in records if record[line.name] is not None]
    low, high = floor(log10(max(min(values), 0.01))), ceil(log10(max(values)))
    first, last = log10(records[0]["visits"]), log10(records[-1]["visits"])

    def x(visits: float) -> float:
        return left + EDGE + (WIDTH - 1.5 * EDGE) * (log10(visits) - first) / max(last - first, 1e-9)

    def y(value: float) -> float:
        share = (log10(max(value, 10.0**low)) - low) / max(high - low, 1)
        return HEIGHT - EDGE - (HEIGHT - EDGE - TOP) * share

    parts = [f'<text x="{left + EDGE}" y="26" font-size="16">{title}</text>']
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{left + EDGE} {at:.1f}H{left + WIDTH - EDGE / 2}" stroke="{FAINT}"/>')
        parts.append(
            f'<text x="{left + EDGE - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>'
        )
    for record in records:
        where = f'x="{x(record["visits"]):.1f}" y="{HEIGHT - EDGE + 20}"'
        parts.append(f'<text {where} text-anchor="middle">{record["visits"]:,}</text>')
    for place, line in enumerate(lines):
        parts += _line(records, line, left, place, (x, y))
    return parts


def _line(
    records: Sequence[Record],
    line: Line,
    left: int,
    place: int,
    axes: tuple[Callable[[float], float], Callable[[float], float]],
) -> list[str]:
    """A line with its points, its name in the legend, and its guide."""
    x, y = axes
    known = [record for record in records if record[line.name] is not None]
    if not known:
        return []
    points = [(x(record["visits"]), y(record[line.name])) for record in known]
    parts = [f'<polyline points="{_path(points)}" fill="none" stroke="{line.colour}" stroke-width="2"/>']
    if line.has_guide:
        top = known[-1]
        unit = top[line.name] / _work(top["visits"])
        guide = [(x(record["visits"]), y(unit * _work(record["visits"]))) for record in known]
        parts.append(
            f'<polyline points="{_path(guide)}" fill="none" stroke="{GUIDE}" stroke-dasharray="4 4"/>'
        )
    parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{line.colour}"/>' for a, b in points]
    height = 46 + 18 * place
    parts.append(f'<path d="M{left + EDGE} {height - 4}h18" stroke="{line.colour}" stroke-width="2"/>')
    parts.append(f'<text x="{left + EDGE + 24}" y="{height}">{line.label}</text>')
    return parts


def _work(visits: float) -> float:
    return visits * log(visits)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
