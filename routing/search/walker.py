"""One annealing walk of the search: its state, its dice, its pool and its best, run by the compiled loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from routing.search import field, working
from routing.search.anneal import LATELY, anneal
from routing.search.arrays import (
    COST_NOW,
    NEVER,
    SIZE,
    Data,
    Knobs,
    State,
    empty_state,
    no_best,
)
from routing.search.dice import seeded
from routing.search.field import Field
from routing.search.pool import Pool, empty_pool
from routing.search.routes import COST, write_route
from routing.search.working import Working

Routes = Mapping[int, Sequence[int]]
"""Visits in driving order by route, each coded as visit + n x variant."""


class Walker:
    """One annealing walk with its own dice, pool and best."""

    def __init__(self, data: Data, knobs: Knobs, seed: int, pool_routes: int) -> None:
        rules = data.rules
        if isinstance(rules, Field):
            data = data._replace(rules=field.fresh(rules))
        elif isinstance(rules, Working):
            data = data._replace(rules=working.fresh(rules))
        self.data, self.knobs = data, knobs
        self.state: State = empty_state(data, seeded(seed), knobs.everywhere)
        self.best = no_best(self.state)
        self.pool: Pool = empty_pool(data, pool_routes, 20 * pool_routes)

    def begin(self, routes: Routes | None) -> None:
        """Start from given routes, completed by cheapest insertion."""
        if routes:
            self.load(routes)
        self.complete()

    def load(self, routes: Routes) -> None:
        """Make ``routes`` the current solution."""
        for route in np.flatnonzero(self.state.route[:-1, SIZE]):
            self._write(int(route), ())
        for route, nodes in routes.items():
            self._write(route, nodes)
            if self.state.route[route, COST_NOW] >= NEVER:
                self._write(route, ())

    def _write(self, route: int, nodes: Sequence[int]) -> None:
        write_route(self.data, self.state, route, np.asarray(nodes, np.int64), 0, len(nodes))

    def complete(self) -> None:
        """Insert what is left out and can be served for less than its price; remember what is best."""
        self.run(0, 1.0)

    def run(self, iterations: int, heat: float) -> None:
        """Anneal for some iterations at one temperature."""
        anneal(self.data, self.state, self.knobs, self.best, self.pool, iterations, heat, heat)

    def pool_from_now(self) -> None:
        """Pool routes of solutions hardly dearer than the best from here on."""
        self.best.cost[LATELY] = self.state.tally[COST]

    def pool_no_more(self) -> None:
        """Pool nothing for now."""
        self.best.cost[LATELY] = 0

    @property
    def cost(self) -> int:
        """Of the best solution."""
        return int(self.best.cost[0])

    @property
    def absent(self) -> int:
        """Visits the best solution leaves out."""
        return int(self.best.cost[1])

    def routes(self) -> dict[int, list[int]]:
        """The best solution."""
        n = self.data.size
        found: dict[int, list[int]] = {}
        for route in range(len(self.data.route)):
            node = int(self.best.following[n + route])
            while node < n:
                found.setdefault(route, []).append(node + n * int(self.best.variant[node]))
                node = int(self.best.following[node])
        return found
