"""Small worlds for tests: a straight road with places a minute apart, and what happens on it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from routing import (
    Break,
    Depot,
    Problem,
    Relation,
    Shift,
    Technician,
    Travel,
    Vendor,
    Visit,
    Window,
)

MINUTE = 60
HOUR = 3600
DAY = 86_400


def road(places: int, hour_percent: tuple[int, ...] | None = None, pace: int = 1) -> Travel:
    """Places on a line, a kilometre and ``pace`` minutes from each to the next."""
    line = np.arange(places)
    steps = np.abs(line[:, None] - line[None, :])
    return Travel(steps * pace * MINUTE, steps * 1000, hour_percent)


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
