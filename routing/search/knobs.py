"""Parameters of the search for a problem: insertion orders, neighbourhoods, temperatures."""

from __future__ import annotations

import numpy as np

from routing.search.arrays import CLOSES, DEMAND, ELIGIBLE, KIND, OPENS, PRICE, TRAVEL, Data, Knobs, Plain

Range = tuple[float, float]

EVERYWHERE_PAIRS = 20_000
"""Up to so many visits x routes every place of every route is tried and remembered; with the rules of a day
always."""

MANY_VISITS = 300
"""Beyond so many a search has few steps for each of them, and begins less hot."""

SELDOM = 0.2
"""How often tails are exchanged where visits are few: their routes are short, and soon straight."""


YEARNING = 1.0
MEMORY_PER_VISIT = 100
"""A visit left out for long weighs a temperature more than its price; "long" is so many steps for each visit
there is. Two and three temperatures, or 5, 20 or 300 steps, left out more in as many steps of the search."""


def knobs_for(data: Data) -> Knobs:
    """Parameters that did well on the published families; nothing in them depends on an instance's name."""
    n, routes = data.size, len(data.route)
    keys = _orders(data)
    weights = np.array([4.0, 4.0, 2.0, 1.0, 2.0, 1.0, 1.0, 2.0])
    return Knobs(
        mean_removed=10.0,
        longest_string=10.0,
        split=0.5,
        split_growth=0.01,
        blink=0.01,
        everywhere=n * routes <= EVERYWHERE_PAIRS or not isinstance(data.rules, Plain),
        most_absent=60,
        near_tails=20 if isinstance(data.rules, Plain) else 0,
        tails_chance=1.0 if n > MANY_VISITS else SELDOM,
        yearning=YEARNING,
        memory=float(MEMORY_PER_VISIT * max(n, 1)),
        pool_within=1.01,
        order_total=float(weights.sum()),
        order_weight=weights,
        order_key=keys,
    )


def _orders(data: Data) -> np.ndarray:
    """Orders to insert in, small first: random, dear, far, near, narrow, early, late, few able."""
    n, routes = data.size, len(data.route)
    starts = data.at[n : n + routes]
    kinds, first = np.unique(data.route[:, KIND], return_index=True)
    far = np.zeros(n)
    for route in first[:50]:
        far += data.time[data.route[route, TRAVEL], starts[route], data.at[:n]]
    able = np.zeros(n)
    copies = np.bincount(data.route[:, KIND], minlength=len(data.pair))
    for kind in kinds:
        able += data.pair[kind, :, ELIGIBLE] * copies[kind]
    return np.ascontiguousarray(
        [
            np.zeros(n),
            -(data.visit[:, PRICE] + data.visit[:, DEMAND]).astype(float),
            -far,
            far,
            (data.visit[:, CLOSES] - data.visit[:, OPENS]).astype(float),
            data.visit[:, OPENS].astype(float),
            -data.visit[:, CLOSES].astype(float),
            able,
        ]
    )


def temperatures(data: Data, per_time: float) -> tuple[Range, Range]:
    """Where annealing cycles start and end: with room for every visit, and where some must be left out.

    Both are multiples of a usual step: driving between near neighbours, its time priced at
    ``per_time``. Choosing
    which visits to leave out needs larger steps uphill than choosing how to drive.
    """
    n = data.size
    width = min(8, data.near.shape[1])
    if width == 0:
        return (1.0, 1.0), (1.0, 1.0)
    here, there = data.at[:n][:, None], data.at[data.near[:, :width]]
    common = int(np.bincount(data.route[:, TRAVEL]).argmax())
    cost, time = data.cost[common], data.time[common]
    usual = max(float(np.median(cost[here, there] + per_time * time[here, there])), 1.0)
    if n <= MANY_VISITS:
        return (5.0 * usual, 0.1 * usual), (8.0 * usual, 3.0 * usual)
    some = data.at[: n : 1 + n // MANY_VISITS]
    wide = float(np.mean(cost[np.ix_(some, some)] + per_time * time[np.ix_(some, some)]))
    return (0.3 * wide, 0.1 * usual), (0.3 * wide, 3.0 * usual)
