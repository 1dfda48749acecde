"""Parameters of the search for a problem: insertion orders, neighbourhoods, temperatures."""

from __future__ import annotations

import numpy as np

from routing.search.arrays import Data, Knobs

Range = tuple[float, float]

EVERYWHERE_PAIRS = 400_000
"""Up to so many visits x routes every place of every route is tried, and remembered."""


def knobs_for(data: Data) -> Knobs:
    """Parameters that did well on the published families; nothing in them depends on an instance's name."""
    n, routes = len(data.opens), len(data.kind)
    keys = _orders(data)
    weights = np.array([4.0, 4.0, 2.0, 1.0, 2.0, 1.0, 1.0, 2.0])
    return Knobs(
        mean_removed=10.0,
        longest_string=6.0,
        split=0.5,
        split_growth=0.01,
        blink=0.01,
        absent_seed=0.0,
        picky=0.0,
        everywhere=n * routes <= EVERYWHERE_PAIRS,
        most_absent=60,
        pool_within=1.01,
        order_total=float(weights.sum()),
        order_weight=weights,
        order_key=keys,
    )


def _orders(data: Data) -> np.ndarray:
    """Orders to insert in, small first: random, dear, far, near, narrow, early, late, few able."""
    n, routes = len(data.opens), len(data.kind)
    starts = data.at[n : n + routes]
    kinds, first = np.unique(data.kind, return_index=True)
    far = np.zeros(n)
    for route in first[:50]:
        far += data.time[data.travel[route], starts[route], data.at[:n]]
    able = np.zeros(n)
    copies = np.bincount(data.kind, minlength=len(data.eligible))
    for kind in kinds:
        able += data.eligible[kind] * copies[kind]
    return np.ascontiguousarray(
        [
            np.zeros(n),
            -(data.price + data.demand).astype(float),
            -far,
            far,
            (data.closes - data.opens).astype(float),
            data.opens.astype(float),
            -data.closes.astype(float),
            able,
        ]
    )


def temperatures(data: Data, per_time: float) -> tuple[Range, Range]:
    """Where annealing cycles start and end: with room for every visit, and where some must be left out.

    Both are multiples of a usual step: driving between near neighbours, its time priced at ``per_time``. Choosing
    which visits to leave out needs larger steps uphill than choosing how to drive.
    """
    n = len(data.opens)
    width = min(8, data.near.shape[1])
    if width == 0:
        return (1.0, 1.0), (1.0, 1.0)
    here, there = data.at[:n][:, None], data.at[data.near[:, :width]]
    usual = max(float(np.median(data.cost[0, here, there] + per_time * data.time[0, here, there])), 1.0)
    return (5.0 * usual, 0.1 * usual), (8.0 * usual, 3.0 * usual)
