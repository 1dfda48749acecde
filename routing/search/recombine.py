"""Set partitioning over the pool: which routes seen, driven by whom, together cost least.

A Lagrangian dual (subgradient, compiled) prices each visit and each kind of technician; routes whose
reduced cost exceeds the gap cannot be in a better solution and are left out; OR-Tools CP-SAT does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from routing.jit import njit
from routing.search.arrays import ABSENT, GROUP, KIND, PRICE, Data, Int32, Int64
from routing.search.pool import Pool, retain

Float = npt.NDArray[np.float64]

ROUNDS = 300
"""Most subgradient steps."""
WORK = 12_000_000
"""Most columns looked at over all steps."""
MOST_COLUMNS = 3000
"""Columns handed to CP-SAT."""
RETAINED = 10_000
"""Columns whose routes stay pooled, so that solutions far apart in time can be mixed."""
DETERMINISTIC_S = 4.0


@dataclass(frozen=True)
class Columns:
    """Candidate routes: column c visits ``nodes[start[c]:start[c + 1]]``, driven by a route of
    ``kind[c]``.
    """

    start: Int32
    nodes: Int32
    codes: Int32  # the same as visit + n x variant
    cost: Int64
    kind: Int32
    source: Int32  # the pooled route it is

    def visits(self, column: int) -> list[int]:
        """Visits of a column."""
        return [int(node) for node in self.nodes[self.start[column] : self.start[column + 1]]]

    def coded(self, column: int) -> list[int]:
        """Visits of a column in driving order, with their variants."""
        return [int(code) for code in self.codes[self.start[column] : self.start[column + 1]]]


def columns_of(data: Data, pool: Pool, twins: npt.NDArray[np.bool_] | None) -> Columns:
    """Columns for every pooled route and, where ``twins`` (kinds x kinds) says costs agree, for other
    kinds.
    """
    count = int(pool.count[0])
    start, codes = pool.start[: count + 1], pool.nodes[: pool.count[1]]
    nodes = codes % data.size
    kind = data.route[pool.route[:count], KIND].astype(np.int32)
    if twins is None or count == 0:
        return Columns(start, nodes, codes, pool.cost[:count], kind, np.arange(count, dtype=np.int32))
    able = np.logical_and.reduceat(data.eligible[:, nodes], start[:-1], axis=1)
    may = able & twins[:, kind]
    column, other = np.nonzero(may.T)
    lengths = (start[1:] - start[:-1])[column]
    fresh = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    offset = np.repeat(start[:-1][column] - fresh[:-1], lengths)
    picked = np.arange(fresh[-1]) + offset
    return Columns(
        fresh,
        nodes[picked],
        codes[picked],
        pool.cost[:count][column],
        other.astype(np.int32),
        column.astype(np.int32),
    )


class Dual(NamedTuple):
    """Prices being improved, and room to work in."""

    value: Float  # n: price of each visit
    best_value: Float  # n: at the best bound
    covered: Int64  # n
    lowest: Float  # kinds x copies: lowest reduced costs of the kind's columns, ascending
    lowest_column: Int32
    reduced: Float  # per column, at the best bound


@njit
def relax(
    start: Int32,
    nodes: Int32,
    cost: Int64,
    kind: Int32,
    price: Int64,
    copies: Int64,
    dual: Dual,
    value: Float,
) -> float:
    """Lower bound for visit prices ``value``: each kind drives its cheapest columns, as many as it has
    routes.
    """
    bound = 0.0
    for visit in range(len(price)):
        dual.covered[visit] = 1 if value[visit] > price[visit] else 0
        bound += min(value[visit], float(price[visit]))
    for group in range(len(copies)):
        for place in range(copies[group]):
            dual.lowest[group, place] = 0.0
            dual.lowest_column[group, place] = ABSENT
    for column in range(len(cost)):
        reduced = float(cost[column])
        for cursor in range(start[column], start[column + 1]):
            reduced -= value[nodes[cursor]]
        dual.reduced[column] = reduced
        group = kind[column]
        place = copies[group] - 1
        if reduced >= dual.lowest[group, place]:
            continue
        while place > 0 and dual.lowest[group, place - 1] > reduced:
            dual.lowest[group, place] = dual.lowest[group, place - 1]
            dual.lowest_column[group, place] = dual.lowest_column[group, place - 1]
            place -= 1
        dual.lowest[group, place] = reduced
        dual.lowest_column[group, place] = column
    for group in range(len(copies)):
        for place in range(copies[group]):
            column = dual.lowest_column[group, place]
            if column >= 0:
                bound += dual.lowest[group, place]
                for cursor in range(start[column], start[column + 1]):
                    dual.covered[nodes[cursor]] += 1
    return bound


@njit
def dual_ascent(
    start: Int32,
    nodes: Int32,
    cost: Int64,
    kind: Int32,
    price: Int64,
    copies: Int64,
    dual: Dual,
    upper: float,
    rounds: int,
) -> float:
    """Subgradient ascent (Polyak steps) on ``dual.value``; returns the best bound and leaves its
    reduced costs.
    """
    best, scale, stall = -1e300, 1.0, 0
    for _ in range(rounds):
        bound = relax(start, nodes, cost, kind, price, copies, dual, dual.value)
        if bound > best:
            stall = stall if bound < best + 1e-5 * abs(best) else 0
            best = bound
            for visit in range(len(price)):
                dual.best_value[visit] = dual.value[visit]
        stall += 1
        if stall > 12:
            scale *= 0.7
            stall = 0
            for visit in range(len(price)):
                dual.value[visit] = dual.best_value[visit]
        norm = 0.0
        for visit in range(len(price)):
            norm += (1.0 - dual.covered[visit]) ** 2
        if norm == 0.0 or scale < 1e-4:
            break
        step = scale * max(upper - bound, 1e-4 * upper) / norm
        for visit in range(len(price)):
            dual.value[visit] += step * (1.0 - dual.covered[visit])
    return relax(start, nodes, cost, kind, price, copies, dual, dual.best_value)


def recombine(
    data: Data,
    pools: Sequence[Pool],
    twins: npt.NDArray[np.bool_] | None,
    copies: Int64,
    upper: int,
    prices: Float,
    seconds: float,
) -> dict[int, list[int]] | None:
    """The cheapest combination of pooled routes, or None when none cheaper than ``upper`` was found.

    Parameters
    ----------
    pools : routes seen
        Keep those that could best be part of another solution, and forget the others.
    twins : kinds x kinds flags, optional
        Whose routes cost each other the same.
    copies : routes of each kind
    prices : starting prices of the visits
        Receives better ones, for the next call.
    seconds : float
        For CP-SAT; it is also limited in its deterministic time, so that without a hurry results repeat.
    """
    parts = [columns_of(data, pool, twins) for pool in pools]
    columns = _joined(parts, [int(pool.count[0]) for pool in pools])
    if len(columns.cost) == 0:
        return None
    dual = Dual(
        value=prices.copy(),
        best_value=prices.copy(),
        covered=np.zeros(len(prices), np.int64),
        lowest=np.zeros((len(copies), int(copies.max()))),
        lowest_column=np.zeros((len(copies), int(copies.max())), np.int32),
        reduced=np.zeros(len(columns.cost)),
    )
    rounds = min(ROUNDS, WORK // len(columns.cost))
    price = np.ascontiguousarray(data.visit[:, PRICE])
    flat = (columns.start, columns.nodes, columns.cost, columns.kind, price, copies)
    bound = dual_ascent(*flat, dual, float(upper), rounds)
    prices[:] = dual.best_value
    excess = dual.reduced - dual.lowest[columns.kind, copies[columns.kind] - 1]
    order = np.argsort(excess, kind="stable")
    kept = order[: min(MOST_COLUMNS, np.searchsorted(excess[order], upper - bound))]
    chosen = _partition(data, columns, kept, copies, upper, seconds)
    found = None if chosen is None else _crewed(data, columns, chosen)
    _retain(pools, columns.source[order[:RETAINED]])
    return found


def _retain(pools: Sequence[Pool], sources: Int32) -> None:
    """Forget all but those routes, which are numbered through all pools."""
    first = 0
    for pool in pools:
        count = int(pool.count[0])
        inside = sources[(sources >= first) & (sources < first + count)] - first
        retain(pool, np.unique(inside).astype(np.int64))
        first += count


def _joined(parts: Sequence[Columns], sizes: Sequence[int]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    before = np.cumsum([0, *sizes[:-1]])
    lengths = np.concatenate([np.diff(part.start) for part in parts])
    return Columns(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        np.concatenate([part.nodes[: part.start[-1]] for part in parts]),
        np.concatenate([part.codes[: part.start[-1]] for part in parts]),
        np.concatenate([part.cost for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.source + first for part, first in zip(parts, before, strict=True)]),
    )


def _crewed(data: Data, columns: Columns, chosen: Sequence[int]) -> dict[int, list[int]]:
    """Give each chosen column a route of its kind."""
    free: dict[int, list[int]] = {}
    for route in range(len(data.route) - 1, -1, -1):
        free.setdefault(int(data.route[route, KIND]), []).append(route)
    return {free[int(columns.kind[column])].pop(): columns.coded(column) for column in chosen}


def _partition(
    data: Data, columns: Columns, kept: npt.NDArray[np.int64], copies: Int64, upper: int, seconds: float
) -> list[int] | None:
    """Columns of the best partition CP-SAT finds below ``upper``."""
    model, price = cp_model.CpModel(), data.visit[:, PRICE]
    picks = [model.new_bool_var("") for _ in kept]
    cover: list[list[cp_model.IntVar]] = [[] for _ in price]
    crews: list[list[cp_model.IntVar]] = [[] for _ in copies]
    for pick, column in zip(picks, kept, strict=True):
        crews[columns.kind[column]].append(pick)
        for node in columns.visits(column):
            cover[node].append(pick)
    skips = [model.new_bool_var("") for _ in price]
    for skip, literals in zip(skips, cover, strict=True):
        model.add_exactly_one([skip, *literals])
    for literals, copy in zip(crews, copies, strict=True):
        if copy == 1:
            model.add_at_most_one(literals)
        else:
            model.add(cp_model.LinearExpr.sum(literals) <= int(copy))
    group = np.full(len(copies), ABSENT)
    group[data.route[:, KIND]] = data.route[:, GROUP]
    sizes = np.diff(columns.start)[kept]
    for number, room in enumerate(data.room.tolist()):
        inside = np.flatnonzero(group[columns.kind[kept]] == number)
        load = cp_model.LinearExpr.weighted_sum([picks[k] for k in inside], sizes[inside].tolist())
        model.add(load <= room)
    cost = cp_model.LinearExpr.weighted_sum(
        picks + skips, [int(c) for c in columns.cost[kept]] + [int(p) for p in price]
    )
    model.add(cost < upper)
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = DETERMINISTIC_S
    solver.parameters.linearization_level = 2
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [int(c) for pick, c in zip(picks, kept, strict=True) if solver.boolean_value(pick)]
