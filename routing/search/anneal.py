"""The compiled loop: ruin, recreate, accept by simulated annealing, remember the best."""

from __future__ import annotations

import numpy as np

from routing.jit import inner, njit
from routing.search.absence import note_absent, weighed_cost
from routing.search.arrays import (
    ABSENT,
    FOLLOWING,
    VARIANT,
    WHERE,
    Best,
    Data,
    Knobs,
    State,
)
from routing.search.dice import below, uniform
from routing.search.insertion import cheapest, insert
from routing.search.pool import Pool, remember_changed
from routing.search.routes import COST, ITERATION, N_ABSENT, mark, undo
from routing.search.ruin import ruin
from routing.search.tails import exchange_tails

LATELY = 2
"""Place in ``Best.cost`` of the lowest cost since routes began to be pooled."""
FROM_AFAR = 2
"""Where many visits are left out, so many are tried wherever they are."""


@njit
def anneal(
    data: Data, state: State, knobs: Knobs, best: Best, pool: Pool, iterations: int, hot: float, cold: float
) -> None:
    """Run iterations with the temperature falling geometrically from ``hot`` to ``cold``.

    Without any, complete the solution by cheapest insertion and remember it if it is the best: compiled code
    is made once for each function called from outside, so this one does it all.
    """
    if iterations == 0:
        recreate(data, state, knobs, ABSENT, 0)
        if state.tally[COST] < best.cost[0]:
            keep(state, best)
    cooling = (cold / hot) ** (1.0 / max(iterations, 1))
    heat = hot
    for _ in range(iterations):
        heat *= cooling
        state.tally[ITERATION] += 1
        note_absent(state, knobs)
        before = weighed_cost(state, knobs, heat)
        mark(state)
        seed = below(state.dice, data.visit.shape[0])
        left_out = state.tally[N_ABSENT]
        ruin(data, state, knobs, seed)
        recreate(data, state, knobs, seed, left_out)
        after = weighed_cost(state, knobs, heat)
        if after >= before - heat * np.log(1.0 - uniform(state.dice)):
            undo(data, state)
        else:
            note(data, state, knobs, best, pool)
        if knobs.near_tails > 0 and (knobs.tails_chance >= 1.0 or uniform(state.dice) < knobs.tails_chance):
            # As a step's: so small a rise that it vanishes in the cost is none.
            cost = state.tally[COST]
            most = cost - heat * np.log(1.0 - uniform(state.dice)) - cost
            if exchange_tails(data, state, seed, knobs.near_tails, most):
                note(data, state, knobs, best, pool)


@inner
def note(data: Data, state: State, knobs: Knobs, best: Best, pool: Pool) -> None:
    """Remember the current solution if it is the best, and its changed routes if it is good."""
    cost = state.tally[COST]
    if cost < best.cost[0]:
        keep(state, best)
    if cost < best.cost[LATELY]:
        best.cost[LATELY] = cost
    if cost < knobs.pool_within * best.cost[LATELY]:
        remember_changed(data, state, pool)


@inner
def keep(state: State, best: Best) -> None:
    """Remember the current solution as the best."""
    best.cost[0], best.cost[1] = state.tally[COST], state.tally[N_ABSENT]
    for node in range(state.node.shape[0]):
        best.following[node] = state.node[node, FOLLOWING]
        best.variant[node] = state.node[node, VARIANT]


@inner
def recreate(data: Data, state: State, knobs: Knobs, seed: int, before: int) -> None:
    """Insert the unserved visits one by one, in one of several orders, each where it is cheapest."""
    count = gather(data, state, knobs, seed, before)
    order(data, state, knobs, count)
    for index in range(count):
        visit = state.todo[index]
        _, route, spot = cheapest(data, state, visit, knobs.blink, knobs.everywhere)
        if route >= 0:
            insert(data, state, visit, route, spot)


@inner
def gather(data: Data, state: State, knobs: Knobs, seed: int, before: int) -> int:
    """Fill ``todo`` with the visits just removed and with others left out, of which there were ``before``.

    With all of those where they are few; where they are many, with some of the nearest and a few of any.
    """
    total, removed = state.tally[N_ABSENT], state.tally[N_ABSENT] - before
    is_picky = seed >= 0 and before > knobs.most_absent
    count = 0
    for index in range(before if is_picky else 0, total):
        state.todo[count] = state.absent[index]
        count += 1
    if not is_picky:
        return count
    for index in range(-1, data.near.shape[1]):
        visit = seed if index < 0 else data.near[seed, index]
        place = -1 - state.node[visit, WHERE]
        if 0 <= place < before and count < removed + knobs.most_absent:
            state.todo[count] = visit
            count += 1
    for _ in range(FROM_AFAR):
        visit = state.absent[below(state.dice, before)]
        if not is_listed(state, visit, removed, count) and count < total:
            state.todo[count] = visit
            count += 1
    return count


@inner
def is_listed(state: State, visit: int, begin: int, end: int) -> bool:
    """Whether ``todo`` holds a visit between two places."""
    found = False
    for index in range(begin, end):
        found = found or state.todo[index] == visit
    return found


@inner
def order(data: Data, state: State, knobs: Knobs, count: int) -> None:
    """Sort ``todo`` by one of the orders, drawn by weight."""
    draw = uniform(state.dice) * knobs.order_total
    rule = 0
    while rule < len(knobs.order_weight) - 1 and draw >= knobs.order_weight[rule]:
        draw -= knobs.order_weight[rule]
        rule += 1
    for index in range(count):
        state.rank[index] = knobs.order_key[rule, state.todo[index]] if rule > 0 else uniform(state.dice)
    gap = 1 if count < 64 else 1 + count // 3
    while gap > 0:
        for index in range(gap, count):
            visit, key = state.todo[index], state.rank[index]
            hole = index
            while hole >= gap and state.rank[hole - gap] > key:
                state.todo[hole], state.rank[hole] = state.todo[hole - gap], state.rank[hole - gap]
                hole -= gap
            state.todo[hole], state.rank[hole] = visit, key
        gap = 1 + gap // 3 if gap > 2 else gap - 1
