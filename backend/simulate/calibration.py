"""How well arrival ranges hold: learned on some simulated days, judged on others."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.simulate.chance_days import play_days
from backend.tracking.arrival import Basis, Forecast, forecast, shown
from backend.tracking.course import Leg, approach_at, came_at, questions
from backend.tracking.experience import Experience, Phase
from backend.tracking.learning import learn

LEARNED_SHARE = 2 / 3
HORIZONS_MIN = (0, 15, 30, 60, 120, 240)
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Promise:
    """One range a customer was shown, and how it turned out; minutes."""

    basis: Basis
    ahead_min: float
    width_min: float
    off_min: float
    is_early: bool
    is_late: bool


@dataclass(frozen=True)
class Score:
    """What became of a group of promises. `bias_min`: how much later than the likely time they came."""

    name: str
    promises: int
    hit: float
    early: float
    late: float
    width_min: float
    bias_min: float


@dataclass(frozen=True)
class Calibration:
    """Everything the command prints."""

    days_learned: int
    days_judged: int
    visits_learned: int
    by_horizon: list[Score]
    by_basis: list[Score]
    overall: Score
    unlearned: Score


def calibrate(days: int, technicians: int, seed: int) -> Calibration:
    """Play days, learn from the first two thirds, and judge the promises of the others."""
    played = play_days(days, technicians, seed)
    cut = max(1, round(days * LEARNED_SHARE))
    learned = learn([course for day in played[:cut] for course in day])
    held_out = [course for day in played[cut:] for course in day]
    promises = list(judged(held_out, learned))
    return Calibration(
        days_learned=cut,
        days_judged=days - cut,
        visits_learned=learned.visits,
        by_horizon=[_score(name, group) for name, group in _by_horizon(promises)],
        by_basis=[_score(basis.value, [p for p in promises if p.basis is basis]) for basis in Basis],
        overall=_score("all", promises),
        unlearned=_score("all, nothing learned", list(judged(held_out, Experience()))),
    )


def judged(courses: Iterable[Sequence[Leg]], experience: Experience) -> Iterable[Promise]:
    """Every promise made on days that are over."""
    for legs in courses:
        for index, leg in enumerate(legs):
            for moment in questions(leg):
                approach = approach_at(legs, index, moment, experience)
                if approach is None:
                    continue
                phase = Phase.PLAN if approach.departed_at is None else Phase.WAY
                came = came_at(leg, phase)
                if came is not None:
                    yield _promise(forecast(approach, moment, experience), came, moment)


def _promise(known: Forecast, came: dt.datetime, now: dt.datetime) -> Promise:
    """As it was shown, rounding included: that is what a customer can hold against us."""
    told = shown(known, now)
    return Promise(
        basis=told.basis,
        ahead_min=(known.likely - now) / MINUTE,
        width_min=(told.latest - told.earliest) / MINUTE,
        off_min=(came - known.likely) / MINUTE,
        is_early=came < told.earliest,
        is_late=came > told.latest,
    )


def _by_horizon(promises: Sequence[Promise]) -> Iterable[tuple[str, list[Promise]]]:
    for start, end in zip(HORIZONS_MIN, (*HORIZONS_MIN[1:], math.inf), strict=True):
        name = f"{start}–{end:g} min" if end < math.inf else f"over {start} min"
        yield name, [each for each in promises if start <= each.ahead_min < end]


def _score(name: str, promises: Sequence[Promise]) -> Score:
    count = max(1, len(promises))
    early = sum(each.is_early for each in promises) / count
    late = sum(each.is_late for each in promises) / count
    return Score(
        name=name,
        promises=len(promises),
        hit=1 - early - late if promises else 0.0,
        early=early,
        late=late,
        width_min=sum(each.width_min for each in promises) / count,
        bias_min=sum(each.off_min for each in promises) / count,
    )


def described(found: Calibration) -> str:
    """The table for a terminal, in Markdown."""
    head = (
        f"Learned from {found.days_learned} simulated days ({found.visits_learned} visits), "
        f"judged on {found.days_judged} others.\n"
    )
    names = "| expected in | promises | hit | too early | too late | mean width | bias |"
    rule = "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    rows = [_row(score) for score in (*found.by_horizon, *found.by_basis, found.overall, found.unlearned)]
    return "\n".join([head, names, rule, *rows])


def _row(score: Score) -> str:
    return (
        f"| {score.name} | {score.promises} | {score.hit:.1%} | {score.early:.1%} | {score.late:.1%} "
        f"| {score.width_min:.1f} min | {score.bias_min:+.1f} min |"
    )
