"""What a route costs, chosen when the search is compiled by the type of ``Data.rules``.

A model of rules is a NamedTuple with two overloads: :func:`route_cost` and :func:`grown_route_cost`. The arrays
of :class:`~routing.search.arrays.Data` bound it from below: hard windows and driving times decide first
whether a place is possible at all, and driving, fee and service costs how cheap it could be.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload

from routing.search.arrays import Int32, Plain


def is_model(rules: types.Type, model: type) -> bool:
    """Whether a compiled argument is that model of rules."""
    return getattr(rules, "instance_class", None) is model


def route_cost(rules: Any, following: Int32, variants: Int32, route: int, stamp: int, bound: int) -> int:
    """Cost of a route that has visits; ``bound`` is its driving, fee and service costs.

    ``stamp`` is the version of the route's content: two calls with the same stamp see the same route.
    """
    raise TypeError("only compiled code calls this")


def grown_route_cost(
    rules: Any, following: Int32, variants: Int32, visit: int, route: int, after: int, stamp: int, grown: int
) -> tuple[int, int]:
    """Cost of a route with a visit inserted behind a node, and the spot: the node, plus all nodes x variant.

    ``grown`` is the driving, fee and service costs by which the route grows, on top of its cost.
    """
    raise TypeError("only compiled code calls this")


@overload(route_cost, inline="always")
def _plain_route_cost(rules, following, variants, route, stamp, bound):  # type: ignore[no-untyped-def]  # numba calls it with types
    if is_model(rules, Plain):
        return lambda rules, following, variants, route, stamp, bound: np.int64(bound)
    return None


@overload(grown_route_cost, inline="always")
def _plain_grown_route_cost(rules, following, variants, visit, route, after, stamp, grown):  # type: ignore[no-untyped-def]  # numba calls it with types
    if is_model(rules, Plain):
        return lambda rules, following, variants, visit, route, after, stamp, grown: (np.int64(grown), np.int64(after))
    return None
