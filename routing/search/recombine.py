"""Set partitioning over the pool: which routes seen, driven by whom, together cost least.

A Lagrangian dual (subgradient, compiled) prices each visit and each kind of technician; routes whose
reduced cost exceeds the gap cannot be in a better solution and are left out; OR-Tools CP-SAT does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.jit import njit
from routing.search.arrays import ABSENT, PRICE, Data, Float, Int32, Int64
from routing.search.columns import columns_of, joined
from routing.search.partition import partition
from routing.search.pool import Pool, retain

ROUNDS = 300
"""Most subgradient steps."""
WORK = 12_000_000
"""Most columns looked at over all steps."""
MOST_ROUTES = 3000
"""Routes handed to CP-SAT."""
RETAINED = 10_000
"""Columns whose routes stay pooled, so that solutions far apart in time can be mixed."""


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
        For CP-SAT.
    """
    parts = [columns_of(data, pool, twins) for pool in pools]
    columns = joined(parts, [int(pool.count[0]) for pool in pools])
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
    kept = order[: np.searchsorted(excess[order], upper - bound)]
    found = partition(data, columns, _of_few_routes(columns.source, kept), copies, upper, seconds)
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


def _of_few_routes(source: Int32, kept: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Those of the columns, the best first, that drive one of the first ``MOST_ROUTES`` routes."""
    routes, first = np.unique(source[kept], return_index=True)
    return kept[np.isin(source[kept], routes[np.argsort(first)[:MOST_ROUTES]])]
