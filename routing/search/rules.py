"""What a route costs, chosen when the search is compiled by the type of ``Data.rules``.

A model of rules is a NamedTuple with two overloads: :func:`route_cost` and :func:`grown_route_cost`.
The arrays
of :class:`~routing.search.arrays.Data` bound it from below: hard windows and driving times decide first
whether a place is possible at all, and driving, fee and service costs how cheap it could be.
"""

from __future__ import annotations

import numpy as np
from numba.core import types
from numba.extending import overload

from routing.search.arrays import Int64, Plain


def is_model(rules: types.Type, model: type) -> bool:
    """Whether a compiled argument is that model of rules."""
    return getattr(rules, "instance_class", None) is model


def has_model(data: types.Type, model: type) -> bool:
    """Whether a compiled :class:`~routing.search.arrays.Data` has that model of rules."""
    fields, kinds = getattr(data, "fields", ()), getattr(data, "types", ())
    return "rules" in fields and is_model(kinds[fields.index("rules")], model)


def route_cost(rules: tuple[object, ...], nodes: Int64, route: int, stamp: int, bound: int) -> int:
    """Cost of a route that has visits; ``nodes`` is the table of :class:`~routing.search.arrays.State`,
    ``bound`` its driving, fee and service costs.

    ``stamp`` is the version of the route's content: two calls with the same stamp see the same route.
    """
    raise TypeError("only compiled code calls this")


def grown_route_cost(
    rules: tuple[object, ...],
    nodes: Int64,
    visit: int,
    route: int,
    after: int,
    stamp: int,
    grown: int,
    most: int,
) -> tuple[int, int]:
    """Cost of a route with a visit inserted behind a node, and the spot: the node, plus all nodes x variant.

    ``grown`` is the driving, fee and service costs by which the route grows, on top of its cost. A cost that
    is not below ``most`` may be said to be less than it is, but not less than ``most``.
    """
    raise TypeError("only compiled code calls this")


def usable_slack(rules: tuple[object, ...], slack: int) -> int:
    """How much of what a route just priced costs beyond driving, fee and service an insertion could use up.

    Waiting, for instance. ``slack`` is all of it.
    """
    raise TypeError("only compiled code calls this")


def prices_dearly(rules: tuple[object, ...]) -> bool:
    """Whether pricing a place takes so long that it pays to look for the likeliest first."""
    raise TypeError("only compiled code calls this")


@overload(prices_dearly, strict=False)
def _plain_prices_dearly(rules: types.Type) -> object:
    if is_model(rules, Plain):
        return lambda rules: False
    return None


@overload(usable_slack, strict=False)
def _usable_slack(rules: types.Type, slack: types.Type) -> object:
    if is_model(rules, Plain):
        return lambda rules, slack: np.int64(0)
    return None


@overload(route_cost, strict=False)
def _plain_route_cost(
    rules: types.Type, nodes: types.Type, route: types.Type, stamp: types.Type, bound: types.Type
) -> object:
    if is_model(rules, Plain):
        return lambda rules, nodes, route, stamp, bound: np.int64(bound)
    return None


@overload(grown_route_cost, strict=False)
def _plain_grown_route_cost(
    rules: types.Type,
    nodes: types.Type,
    visit: types.Type,
    route: types.Type,
    after: types.Type,
    stamp: types.Type,
    grown: types.Type,
    most: types.Type,
) -> object:
    if is_model(rules, Plain):
        return lambda rules, nodes, visit, route, after, stamp, grown, most: (
            np.int64(grown),
            np.int64(after),
        )
    return None
