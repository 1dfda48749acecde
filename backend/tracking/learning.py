"""Learning from days that are over: each is asked again as a customer would have asked. Pure."""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

from backend.tracking.arrival import expect
from backend.tracking.course import Leg, approach_at, came_at, questions
from backend.tracking.experience import Cell, Experience, Ratio, cell_of, learned_spread, widened

LEAST_PLANNED = dt.timedelta(minutes=3)
FAR_OFF = 5.0

Day = Sequence[Leg]


def learn(days: Sequence[Day]) -> Experience:
    """What technicians' days that are over teach; each is one person's visits in driving order."""
    legs = [leg for day in days for leg in day]
    plain = Experience(visits=len(legs), travel=_travel(legs), work=_work(legs))
    late_by_s: defaultdict[Cell, list[float]] = defaultdict(list)
    for day in days:
        for index in range(len(day)):
            for cell, seconds in _outcomes(day, index, plain):
                late_by_s[cell].append(seconds)
    cells = {cell: learned_spread(cell, seconds) for cell, seconds in late_by_s.items()}
    return Experience(plain.visits, plain.travel, plain.work, widened(cells))


def _outcomes(day: Day, index: int, plain: Experience) -> Iterable[tuple[Cell, float]]:
    """For each time it is asked about: the cell of the answer, and how much later they came in seconds."""
    for moment in questions(day[index]):
        approach = approach_at(day, index, moment, plain)
        if approach is None:
            continue
        expected = expect(approach, moment, plain)
        came = came_at(day[index], expected.phase)
        if came is not None:
            cell = cell_of(expected.phase, expected.horizon, expected.step)
            yield cell, (came - expected.at).total_seconds()


def _travel(legs: Iterable[Leg]) -> Ratio:
    return _ratio(
        (leg.arrived_at - leg.departed_at) / leg.travel
        for leg in legs
        if leg.departed_at is not None and leg.arrived_at is not None and leg.travel >= LEAST_PLANNED
    )


def _work(legs: Iterable[Leg]) -> dict[str, Ratio]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for leg in legs:
        if leg.met_at is not None and leg.completed_at is not None and leg.work >= LEAST_PLANNED:
            found[leg.skill].append((leg.completed_at - leg.met_at) / leg.work)
    return {skill: _ratio(ratios) for skill, ratios in found.items()}


def _ratio(ratios: Iterable[float]) -> Ratio:
    """The middle one: a phone that was forgotten overnight teaches nothing."""
    kept = [ratio for ratio in ratios if 0 < ratio < FAR_OFF]
    return Ratio(len(kept), statistics.median(kept)) if kept else Ratio()
