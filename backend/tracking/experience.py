"""What past visits teach about the next ones: how long work and ways take, and how far promises were off.

Nothing but a table anybody can read: for each kind of promise, how far ahead it was and how much lay between,
the 10%, 50% and 90% quantile of how much later than expected the technician came. Thin history is drawn
towards defaults. Pure.
"""

import bisect
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MINUTE_S = 60.0
SHARE_EARLY, SHARE_LATE = 0.1, 0.9
# A cell with as many promises as this believes its own history and the defaults alike.
PRIOR_PROMISES = 40
PRIOR_VISITS = 15
LEAST_RATIO, MOST_RATIO = 0.5, 2.0


class Phase(StrEnum):
    """Before departure (`plan`), or on the way (`way`)."""

    PLAN = "plan"
    WAY = "way"


# Upper ends in minutes of the time expected to go; one more cell lies beyond the last.
HORIZONS_MIN: Mapping[Phase, tuple[float, ...]] = {
    Phase.PLAN: (15, 30, 60, 120, 240),
    Phase.WAY: (5, 10, 20, 40),
}
# What widens a promise: stops still ahead, and on the way the age in minutes of the last position.
STEPS: Mapping[Phase, tuple[float, ...]] = {Phase.PLAN: (0, 1, 2), Phase.WAY: (2, 5, 15)}
# By how many minutes, before anything is known of it.
AGE_WIDENS_MIN = (0.0, 1.0, 4.0, 10.0)


@dataclass(frozen=True)
class Spread:
    """Quantiles of "came later than expected by", in seconds, out of `promises`."""

    promises: int
    early_s: float
    middle_s: float
    late_s: float


@dataclass(frozen=True)
class Ratio:
    """How long something really took, as a multiple of the plan, out of `visits`."""

    visits: int = 0
    real: float = 1.0

    @property
    def believed(self) -> float:
        """Drawn towards "as planned" while there is little to go by."""
        drawn = (self.visits * self.real + PRIOR_VISITS) / (self.visits + PRIOR_VISITS)
        return min(max(drawn, LEAST_RATIO), MOST_RATIO)


Cell = tuple[Phase, int, int]


@dataclass(frozen=True)
class Experience:
    """All that is reckoned with; without history it is the defaults."""

    visits: int = 0
    travel: Ratio = Ratio()
    work: Mapping[str, Ratio] = field(default_factory=dict)
    cells: Mapping[Cell, Spread] = field(default_factory=dict)

    def travel_time(self, planned: dt.timedelta) -> dt.timedelta:
        return planned * self.travel.believed

    def work_time(self, planned: dt.timedelta, skill: str) -> dt.timedelta:
        return planned * self.work.get(skill, Ratio()).believed

    def spread(self, phase: Phase, horizon: dt.timedelta, step: float) -> Spread:
        """The quantiles for a promise so far ahead with so much between."""
        cell = cell_of(phase, horizon, step)
        return self.cells.get(cell) or default_spread(cell)

    def to_json(self) -> dict[str, Any]:
        return {
            "travel": _ratio_json(self.travel),
            "work": {skill: _ratio_json(ratio) for skill, ratio in sorted(self.work.items())},
            "cells": [
                [phase.value, horizon, step, spread.promises, spread.early_s, spread.middle_s, spread.late_s]
                for (phase, horizon, step), spread in sorted(self.cells.items())
            ],
        }

    @classmethod
    def from_json(cls, visits: int, stored: Mapping[str, Any]) -> "Experience":
        return cls(
            visits=visits,
            travel=Ratio(*stored["travel"]),
            work={skill: Ratio(*pair) for skill, pair in stored["work"].items()},
            cells={(Phase(row[0]), row[1], row[2]): Spread(*row[3:]) for row in stored["cells"]},
        )


def cell_of(phase: Phase, horizon: dt.timedelta, step: float) -> Cell:
    """Which cell of the table a promise belongs to."""
    minutes = horizon.total_seconds() / MINUTE_S
    return phase, bisect.bisect_left(HORIZONS_MIN[phase], minutes), bisect.bisect_left(STEPS[phase], step)


def default_spread(cell: Cell) -> Spread:
    """What is believed before anything is known: wider further ahead, with more between."""
    phase, horizon, step = cell
    edges = (0.0, *HORIZONS_MIN[phase], HORIZONS_MIN[phase][-1] * 1.5)
    ahead_min = (edges[horizon] + edges[horizon + 1]) / 2
    if phase is Phase.PLAN:
        early, late = 2 + 0.01 * ahead_min + 3 * step, 14 + 0.06 * ahead_min + 19 * step
        middle = 5.0 + 5 * step
    else:
        age = AGE_WIDENS_MIN[step]
        early, late = 0.04 * ahead_min + age, 4.5 + 0.5 * ahead_min + age
        middle = 2 + 0.2 * ahead_min
    return Spread(0, -early * MINUTE_S, middle * MINUTE_S, late * MINUTE_S)


def learned_spread(cell: Cell, late_by_s: Sequence[float]) -> Spread:
    """The quantiles of a cell's history, drawn towards its defaults when there is little of it."""
    usual, count = default_spread(cell), len(late_by_s)
    ordered = sorted(late_by_s)

    def drawn(share: float, default_s: float) -> float:
        real_s = quantile(ordered, share) if ordered else default_s
        return (count * real_s + PRIOR_PROMISES * default_s) / (count + PRIOR_PROMISES)

    return Spread(
        count,
        drawn(SHARE_EARLY, usual.early_s),
        drawn(0.5, usual.middle_s),
        drawn(SHARE_LATE, usual.late_s),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The empirical quantile that makes room for the next observation, as conformal prediction does."""
    count = len(ordered)
    rank = math.ceil((count + 1) * share) if share >= 0.5 else math.floor((count + 1) * share)
    return ordered[min(max(rank, 1), count) - 1]


def widened(cells: Mapping[Cell, Spread]) -> dict[Cell, Spread]:
    """The whole table, in which more stops or older news never make a promise narrower."""
    table: dict[Cell, Spread] = {}
    for phase in Phase:
        for horizon in range(len(HORIZONS_MIN[phase]) + 1):
            early_s, late_s = math.inf, -math.inf
            for step in range(len(STEPS[phase]) + 1):
                cell = (phase, horizon, step)
                spread = cells.get(cell) or default_spread(cell)
                early_s, late_s = min(early_s, spread.early_s), max(late_s, spread.late_s)
                middle_s = min(max(spread.middle_s, early_s), late_s)
                table[cell] = Spread(spread.promises, early_s, middle_s, late_s)
    return table


def _ratio_json(ratio: Ratio) -> list[float]:
    return [ratio.visits, round(ratio.real, 4)]
