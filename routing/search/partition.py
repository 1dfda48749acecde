"""The cheapest choice of routes that visits everybody once or leaves them out, by OR-Tools CP-SAT.

A route that several kinds of technicians could drive at the same cost is chosen once. How many of the routes
with the same possible drivers each kind takes is a flow: far fewer variables than one a route and kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from routing.search.arrays import ABSENT, GROUP, KIND, PRICE, Data, Int64
from routing.search.columns import Columns

DETERMINISTIC_S = 4.0
"""CP-SAT's own measure of time, so that without a hurry results repeat."""


@dataclass
class _Alike:
    """Routes that the same kinds could drive; of the same size where that counts."""

    size: int
    columns: list[int] = field(default_factory=list)
    picks: list[cp_model.IntVar] = field(default_factory=list)
    driven: dict[int, cp_model.LinearExprT] = field(default_factory=dict)
    """How many each kind drives."""


def partition(
    data: Data, columns: Columns, kept: npt.NDArray[np.int64], copies: Int64, upper: int, seconds: float
) -> dict[int, list[int]] | None:
    """Visits by route of the best partition found that is cheaper than ``upper``, if there is one.

    Parameters
    ----------
    kept : columns to choose from
    copies : routes of each kind
    seconds : float
        For CP-SAT.
    """
    model, price = cp_model.CpModel(), data.visit[:, PRICE]
    alike = _alike(columns, kept, is_counting=len(data.room) > 0)
    _let_drive(model, alike, copies)
    cover: list[list[cp_model.IntVar]] = [[model.new_bool_var("")] for _ in price]
    skips = [literals[0] for literals in cover]
    for group in alike:
        for pick, column in zip(group.picks, group.columns, strict=True):
            for node in columns.visits(column):
                cover[node].append(pick)
    for literals in cover:
        model.add_exactly_one(literals)
    _limit(model, data, alike, copies)
    picks = [pick for group in alike for pick in group.picks]
    costs = [int(columns.cost[column]) for group in alike for column in group.columns]
    cost = cp_model.LinearExpr.weighted_sum(picks + skips, costs + price.tolist())
    model.add(cost < upper)
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = DETERMINISTIC_S
    solver.parameters.linearization_level = 2
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return _crewed(data, columns, alike, solver)


def _alike(columns: Columns, kept: npt.NDArray[np.int64], *, is_counting: bool) -> list[_Alike]:
    """The kept routes by who could drive them, and by size if visits are counted."""
    kinds: dict[int, list[int]] = {}
    first: dict[int, int] = {}
    for column in kept.tolist():
        source = int(columns.source[column])
        kinds.setdefault(source, []).append(int(columns.kind[column]))
        first.setdefault(source, column)
    found: dict[tuple[int, ...], _Alike] = {}
    for source, column in first.items():
        size = int(columns.start[column + 1] - columns.start[column]) if is_counting else 0
        drivers = sorted(kinds[source])
        group = found.setdefault((size, *drivers), _Alike(size, driven=dict.fromkeys(drivers, 0)))
        group.columns.append(column)
    return list(found.values())


def _let_drive(model: cp_model.CpModel, alike: Sequence[_Alike], copies: Int64) -> None:
    """Each route is chosen or not, and each one chosen is driven by one of its kinds."""
    for group in alike:
        group.picks = [model.new_bool_var("") for _ in group.columns]
        chosen = cp_model.LinearExpr.sum(group.picks)
        if len(group.driven) == 1:
            group.driven = dict.fromkeys(group.driven, chosen)
        else:
            numbers = {kind: model.new_int_var(0, int(copies[kind]), "") for kind in group.driven}
            model.add(chosen == cp_model.LinearExpr.sum(list(numbers.values())))
            group.driven = dict(numbers)


def _limit(model: cp_model.CpModel, data: Data, alike: Sequence[_Alike], copies: Int64) -> None:
    """Nobody drives more routes than they have, and no vendor takes more visits than there is room for."""
    group_of = np.full(len(copies), ABSENT)
    group_of[data.route[:, KIND]] = data.route[:, GROUP]
    driven: list[list[cp_model.LinearExprT]] = [[] for _ in copies]
    loads: list[list[cp_model.LinearExprT]] = [[] for _ in data.room]
    for group in alike:
        for kind, number in group.driven.items():
            driven[kind].append(number)
            if group_of[kind] >= 0:
                loads[group_of[kind]].append(group.size * number)
    for numbers, copy in zip(driven, copies.tolist(), strict=True):
        model.add(cp_model.LinearExpr.sum(numbers) <= copy)
    for load, room in zip(loads, data.room.tolist(), strict=True):
        model.add(cp_model.LinearExpr.sum(load) <= room)


def _crewed(
    data: Data, columns: Columns, alike: Sequence[_Alike], solver: cp_model.CpSolver
) -> dict[int, list[int]]:
    """Give each chosen column a route of a kind that drives as many."""
    free: dict[int, list[int]] = {}
    for route in range(len(data.route) - 1, -1, -1):
        free.setdefault(int(data.route[route, KIND]), []).append(route)
    found: dict[int, list[int]] = {}
    for group in alike:
        drivers = [kind for kind, number in group.driven.items() for _ in range(solver.value(number))]
        chosen = [c for c, pick in zip(group.columns, group.picks, strict=True) if solver.boolean_value(pick)]
        for kind, column in zip(drivers, chosen, strict=True):
            found[free[kind].pop()] = columns.coded(column)
    return found
