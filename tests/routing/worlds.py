"""Small worlds for tests: a straight road with places a minute apart, and random problems on it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from routing import (
    Break,
    Depot,
    Lock,
    Planned,
    Problem,
    Promise,
    Relation,
    Shift,
    Technician,
    Travel,
    Vendor,
    Visit,
    Window,
)

Item = TypeVar("Item")
Other = TypeVar("Other")

MINUTE = 60
HOUR = 3600
DAY = 86_400


def road(places: int, hour_percent: tuple[int, ...] | None = None) -> Travel:
    """Places on a line, one minute and one kilometre from each to the next."""
    line = np.arange(places)
    steps = np.abs(line[:, None] - line[None, :])
    return Travel(steps * MINUTE, steps * 1000, hour_percent)


def day(start_h: float = 8, end_h: float = 18, *breaks: Break) -> Shift:
    """A shift on the first day, in hours."""
    return Shift(int(start_h * HOUR), int(end_h * HOUR), breaks)


def technician(name: str = "Li", place: int = 0, **rest: Any) -> Technician:
    """Somebody living at ``place`` who works from 8 to 18 for 60 an hour."""
    given: dict[str, Any] = {"shifts": (day(),), "cents_per_hour": 6000, "cents_per_km": 100, **rest}
    return Technician(name, place, place, **given)


def visit(name: str, place: int, **rest: Any) -> Visit:
    """Half an hour of work at any time of the first day."""
    return Visit(name, place, **{"service_s": 30 * MINUTE, "windows": (Window(0, DAY),), **rest})


def at(hour: float, until: float | None = None, **rest: Any) -> Window:
    """A window in hours; a moment without ``until``."""
    return Window(int(hour * HOUR), int((hour if until is None else until) * HOUR), **rest)


def problem(*items: Technician | Visit | Vendor | Depot | Relation, **rest: Any) -> Problem:
    """A problem on the road from its parts in any order."""
    kinds: Mapping[str, type] = {
        "technicians": Technician,
        "visits": Visit,
        "vendors": Vendor,
        "depots": Depot,
        "relations": Relation,
    }
    parts: dict[str, Any] = {
        name: tuple(item for item in items if isinstance(item, kind)) for name, kind in kinds.items()
    }
    return Problem(**{"travel": {"car": road(40)}, **parts, **rest})


def with_visit(base: Problem, name: str, **changes: Any) -> Problem:
    """The problem with one visit changed."""
    visits = tuple(replace(v, **changes) if v.id == name else v for v in base.visits)
    return replace(base, visits=visits)


SKILLS = ("gas", "wiring")
PARTS = ("valve", "pump")
TOOLS = ("drill",)
JOBS = ("install", "repair")
TEAM = ("A", "B", "C")


def sometimes(strategy: st.SearchStrategy[Item], otherwise: Other) -> st.SearchStrategy[Item | Other]:
    """Usually the plain value, now and then something drawn."""
    return st.one_of(st.just(otherwise), st.just(otherwise), strategy)


def subsets(items: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """Any of the items."""
    return st.frozensets(st.sampled_from(items))


def amounts(items: tuple[str, ...], most: int) -> st.SearchStrategy[dict[str, int]]:
    """A count for some of the items."""
    return st.dictionaries(st.sampled_from(items), st.integers(1, most), max_size=len(items))


@st.composite
def shifts(draw: st.DrawFn, days: int) -> tuple[Shift, ...]:
    """One shift on each day, some with a lunch break."""
    made = []
    for number in range(days):
        start = number * DAY + draw(st.integers(7, 10)) * HOUR
        end = start + draw(st.integers(2, 8)) * HOUR
        lunch = Break(number * DAY + 11 * HOUR, number * DAY + 12 * HOUR, 30 * MINUTE)
        tea = Break(number * DAY + 15 * HOUR, number * DAY + 16 * HOUR, 10 * MINUTE)
        breaks = draw(st.sampled_from([(), (), (lunch,), (lunch, tea)]))
        made.append(Shift(start, end, breaks))
    return tuple(made)


@st.composite
def technicians(draw: st.DrawFn, name: str, days: int, has_vendor: bool) -> Technician:
    """Anybody."""
    return Technician(
        name,
        draw(st.integers(0, 19)),
        draw(st.integers(0, 19)),
        draw(shifts(days)),
        skills=draw(amounts(SKILLS, 3)),
        certificates=draw(sometimes(st.just({"card": None}), {"card": 10 * DAY})),
        tags=frozenset({"van"}),
        tools=draw(subsets(TOOLS)),
        van_stock=draw(amounts(PARTS, 3)),
        service_percent=draw(sometimes(st.just({"repair": 150}), {})),
        cents_per_hour=draw(st.sampled_from([0, 6000])),
        cents_per_km=draw(st.sampled_from([0, 130])),
        day_fee_cents=draw(st.sampled_from([0, 5000])),
        overtime_limit_s=draw(st.sampled_from([0, HOUR])),
        overtime_cents_per_hour=3001,
        vendor=draw(st.sampled_from([None, "V"])) if has_vendor else None,
        max_depot_trips=draw(st.sampled_from([0, 1, 1, 2])),
    )


@st.composite
def windows(draw: st.DrawFn, days: int) -> tuple[Window, ...]:
    """One or two windows, some with a due time."""
    starts = draw(st.lists(st.integers(0, days * 24 - 1), min_size=1, max_size=2, unique=True))
    made: list[Window] = []
    for start in sorted(hour % 24 // 3 + 8 + hour // 24 * 24 for hour in starts):
        if made and start * HOUR <= made[-1].end_s:
            continue
        length = draw(st.integers(0, 6)) * 30 * MINUTE
        is_soft = draw(st.booleans())
        due = start * HOUR + length // 2 if is_soft else None
        made.append(Window(start * HOUR, start * HOUR + length, due, 77 if is_soft else 0))
    return tuple(made)


@st.composite
def visits(draw: st.DrawFn, name: str, days: int, team: tuple[str, ...]) -> Visit:
    """Any visit."""
    start = draw(st.integers(8, 15)) * HOUR
    return Visit(
        name,
        draw(st.integers(0, 19)),
        draw(st.integers(0, 9)) * 10 * MINUTE,
        draw(sometimes(windows(days), (Window(0, days * DAY),))),
        release_s=draw(sometimes(st.just(10 * HOUR), 0)),
        job_type=draw(st.sampled_from(JOBS)),
        skills=draw(sometimes(amounts(SKILLS, 2), {})),
        certificates=draw(sometimes(st.just(frozenset({"card"})), frozenset())),
        tools=draw(sometimes(subsets(TOOLS), frozenset())),
        allowed=draw(sometimes(subsets(team), frozenset())),
        excluded=draw(sometimes(st.just(frozenset({"A"})), frozenset())),
        preferred=draw(sometimes(subsets(team), frozenset())),
        not_preferred_cents=900,
        parts=draw(sometimes(amounts(PARTS, 2), {})),
        unserved_cents=draw(st.sampled_from([1000, 100_000])),
        lock=draw(sometimes(st.just(Lock(frozenset({"A"}), start, start + HOUR)), None)),
        promise=draw(sometimes(promises(start), None)),
        planned=draw(sometimes(st.just(Planned(frozenset({"A"}), start)), None)),
    )


def promises(start: int) -> st.SearchStrategy[Promise]:
    """Two hours from ``start``, to be moved at a price or not at all."""
    return st.sampled_from([Promise(start, start + 2 * HOUR, 4000), Promise(start, start + 2 * HOUR)])


@st.composite
def problems(
    draw: st.DrawFn, most_visits: int = 6, *, linked: bool = True, days: int | None = None
) -> Problem:
    """A random small problem with any of the rules."""
    horizon = draw(st.integers(1, 2)) if days is None else days
    team = TEAM[: draw(st.integers(1, 3))]
    has_vendor = draw(st.booleans())
    crew = [draw(technicians(name, horizon, has_vendor)) for name in team]
    names = [f"v{number}" for number in range(draw(st.integers(0, most_visits)))]
    made = [draw(visits(name, horizon, team)) for name in names]
    relations = draw(relations_between(names)) if linked and len(names) > 1 else ()
    if linked and len(team) > 1:
        made = [_with_crew(draw, item, team) for item in made]
    vendor = Vendor("V", {"install": 3000, "repair": 2000}, draw(st.sampled_from([None, 1, 2])))
    depots = (Depot("D", 19, 10 * MINUTE),) if draw(st.booleans()) else ()
    rush = (100,) * 8 + (150,) + (100,) * 8 + (170, 130) + (100,) * 5
    return Problem(
        {"car": road(20, draw(sometimes(st.just(rush), None)))},
        tuple(crew),
        tuple(made),
        vendors=(vendor,) if has_vendor else (),
        depots=depots,
        relations=relations,
        max_moved=draw(st.sampled_from([None, None, 0, 1])),
        freeze_until_s=draw(sometimes(st.just(10 * HOUR), 0)),
        lock_drop_cents=500_000,
    )


def _with_crew(draw: st.DrawFn, item: Visit, team: tuple[str, ...]) -> Visit:
    if item.lock is not None or item.planned is not None or not draw(sometimes(st.just(True), False)):
        return item
    return replace(item, crew_size=2)


@st.composite
def relations_between(draw: st.DrawFn, names: list[str]) -> tuple[Relation, ...]:
    """An order between some of the visits, never a circle."""
    if not draw(sometimes(st.just(True), False)):
        return ()
    first = draw(st.integers(0, len(names) - 2))
    second = draw(st.integers(first + 1, len(names) - 1))
    return (Relation(names[first], names[second], draw(st.sampled_from([0, HOUR])), draw(st.booleans())),)
