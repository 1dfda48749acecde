"""The price of one route by every rule of a day, compiled once and called by its name.

The search hands over a *desk*: one array that says where the problem's arrays lie and ends in room to work
in. Compiled into the search itself these rules would take minutes, since every function of the search would
carry sixty arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import binding, ir  # type: ignore[import-untyped] # it ships no types
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np import arrayobj

from routing.flat import Arrays
from routing.jit import inlined, inner
from routing.kernel import Slots, schedule
from routing.legs import on_site, place_at
from routing.pricing import price
from routing.problem import FOREVER_S
from routing.search.arrays import NEVER, Int64

Context = Any
_untyped: Any = arrayobj
_types: Any = types
# What generates code in numba has no types.

SYMBOL = "routing_search_priced"
"""Name under which the compiled search finds :func:`priced`."""

NO_PLACE = -1
PLACE, DEPOT, IDLE = 0, 1, 2
"""Columns of ``Supply.found``."""


class Supply(NamedTuple):
    """What visits need and vans and depots have, and the route at hand. Sets of tools are bits."""

    pin: Int64  # per visit: its start if that is fixed, else -1
    need: Int64  # visits x parts
    need_tools: Int64
    stock: Int64  # routes x parts
    tools: Int64  # per route
    trips: Int64  # per route: whether a pick-up is allowed
    gives: Int64  # routes x depots (in one) x parts: most units of a pick-up
    lends: Int64  # per depot
    used: Int64  # per part
    stops: Int64  # the route at hand as nodes of routing.flat
    visits: Int64  # the same as visits of the search, -1 for a pick-up
    found: Int64  # of the route at hand: place and depot of its pick-up or NO_PLACE, cents spent idle


Model = type[Arrays] | type[Slots] | type[Supply]
Shape = tuple[type[np.generic], int]
SHAPES: dict[str, Shape] = {
    "durations": (np.int32, 3),
    "distances": (np.int32, 3),
    "clock": (np.float64, 2),
    "is_rush": (np.bool_, 1),
    "able": (np.uint8, 2),
}
"""Type and dimensions of arrays that are neither vectors nor tables of integers. Matrices are read-only."""
TABLES = {"percent", "tariff", "ready", "begun", "parent", "latest", "need", "stock", "gives"}
MODELS: tuple[Model, ...] = (Arrays, Slots, Supply)
WORDS = 4
"""A desk says of each array its address and up to three lengths."""
DESK_WORDS = WORDS * sum(len(model._fields) for model in MODELS)


def shapes(model: Model) -> list[Shape]:
    """Type and dimensions of each array of a tuple of arrays."""
    return [SHAPES.get(name, (np.int64, 2 if name in TABLES else 1)) for name in model._fields]


def first_word(model: Model) -> int:
    """Where a desk begins to describe a tuple of arrays."""
    return WORDS * sum(len(other._fields) for other in MODELS[: MODELS.index(model)])


def describe(desk: Int64, arrays: Arrays | Slots | Supply) -> None:
    """Write where the arrays of a tuple lie; the caller keeps them as long as the desk is used.

    Raises
    ------
    TypeError
        Naming an array that is not laid out as the compiled code will read it.
    """
    model = type(arrays)
    columns: tuple[npt.NDArray[Any], ...] = tuple(arrays)
    for place, (array, (kind, dimensions)) in enumerate(zip(columns, shapes(model), strict=True)):
        if array.dtype != kind or array.ndim != dimensions or not array.flags.c_contiguous:
            raise TypeError(
                f"{model.__name__}.{model._fields[place]}: {array.dtype} in {array.ndim} dimensions"
            )
        word = first_word(model) + WORDS * place
        desk[word] = array.ctypes.data
        desk[word + 1 : word + 1 + array.ndim] = array.shape


def _reader(model: Model) -> Callable[[int], Any]:
    """Compiled code's way from the address of a desk to one of the ``MODELS`` behind it."""
    kinds = [
        types.Array(numba.from_dtype(np.dtype(kind)), dimensions, "C", readonly=dimensions == 3)
        for kind, dimensions in shapes(model)
    ]
    result = _types.NamedTuple(kinds, model)
    begin = first_word(model)

    @intrinsic
    def read(typing_context: object, address: types.Type) -> object:
        def generate(
            context: Context, builder: ir.IRBuilder, signature: object, arguments: list[ir.Value]
        ) -> ir.Value:
            words = builder.inttoptr(arguments[0], cgutils.intp_t.as_pointer())
            return context.make_tuple(
                builder,
                result,
                [
                    _array(context, builder, kind, words, begin + WORDS * place)
                    for place, kind in enumerate(kinds)
                ],
            )

        return result(types.int64), generate

    return read


def _array(
    context: Context, builder: ir.IRBuilder, kind: types.Array, words: ir.Value, word: int
) -> ir.Value:
    """The array that the words of a desk describe."""

    def at(offset: int) -> ir.Value:
        return builder.load(builder.gep(words, [cgutils.intp_t(word + offset)]))

    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    lengths = [at(1 + dimension) for dimension in range(kind.ndim)]
    strides = [cgutils.intp_t(size)]
    for length in lengths[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    array = _untyped.make_array(kind)(context, builder)
    data = builder.inttoptr(at(0), context.get_data_type(kind.dtype).as_pointer())
    _untyped.populate_array(array, data, lengths, strides, cgutils.intp_t(size), meminfo=None)
    return array._getvalue()


arrays_at, slots_at, supply_at = (_reader(model) for model in MODELS)


@inner
def idle(a: Arrays, s: Slots, supply: Supply, route: int, count: int) -> int:
    """What the time neither driven nor worked nor rested costs in the route just scheduled, at most."""
    begin, end = s.end[0], s.begin[count + 1]
    seconds = end - begin
    for b in range(a.b_ptr[route], a.b_ptr[route + 1]):
        rest = s.rest[b - a.b_ptr[route]]
        if rest >= begin and rest + a.b_duration[b] <= end:
            seconds -= a.b_duration[b]
    profile = a.profile[route]
    for row in range(1, count + 2):
        if row <= count:
            seconds -= on_site(a, route, supply.stops[row - 1])
        if not a.is_rush[profile]:
            here = place_at(a, route, supply.stops, row - 1, count)
            seconds -= a.durations[profile, here, place_at(a, route, supply.stops, row, count)]
    return np.int64(1 + max(0, seconds) * a.per_hour[route] // 3600)


@inner
def timed(a: Arrays, s: Slots, supply: Supply, route: int, count: int) -> int:
    """Cents of the stops at hand, or NEVER."""
    for row in range(1, count + 1):
        visit = supply.visits[row - 1]
        pin = supply.pin[visit] if visit >= 0 else -1
        s.lo[row] = max(pin, 0)
        s.hi[row] = FOREVER_S if pin < 0 else pin
    if not schedule(a, route, supply.stops, count, s):
        return NEVER
    supply.found[IDLE] = idle(a, s, supply, route, count)
    return np.int64(price(a, route, supply.stops, count, s))


@inner
def first_short(supply: Supply, route: int, count: int) -> int:
    """Place of the first visit the van alone cannot supply, ``count`` when there is none."""
    for part in range(len(supply.used)):
        supply.used[part] = 0
    for place in range(count):
        visit = supply.visits[place]
        if supply.need_tools[visit] & ~supply.tools[route]:
            return place
        for part in range(len(supply.used)):
            supply.used[part] += supply.need[visit, part]
            if supply.used[part] > supply.stock[route, part] and supply.need[visit, part] > 0:
                return place
    return count


@inner
def supplies(supply: Supply, route: int, count: int, depot: int) -> bool:
    """Whether van and one pick-up there before the first short visit supply every visit."""
    for place in range(count):
        if supply.need_tools[supply.visits[place]] & ~supply.tools[route] & ~supply.lends[depot]:
            return False
    row = route * len(supply.lends) + depot
    for part in range(len(supply.used)):
        total = 0
        for place in range(count):
            total += supply.need[supply.visits[place], part]
        if total > supply.stock[route, part] + supply.gives[row, part]:
            return False
    return True


@inlined
def swap_stops(supply: Supply, one: int, other: int) -> None:
    """Exchange two stops at hand."""
    supply.stops[one], supply.stops[other] = supply.stops[other], supply.stops[one]
    supply.visits[one], supply.visits[other] = supply.visits[other], supply.visits[one]


@inner
def supplied(a: Arrays, s: Slots, supply: Supply, route: int, count: int) -> int:
    """Cents of the stops at hand with the cheapest pick-up they need, which is noted; or NEVER."""
    supply.found[PLACE], supply.found[DEPOT] = NO_PLACE, NO_PLACE
    short = first_short(supply, route, count) if len(supply.need_tools) > 0 else count
    if short == count:
        return timed(a, s, supply, route, count)
    best = NEVER
    if supply.trips[route] == 0:
        return best
    for depot in range(len(supply.lends)):
        if not supplies(supply, route, count, depot):
            continue
        supply.stops[count], supply.visits[count] = 2 * a.able.shape[0] + depot, NO_PLACE
        for place in range(count, -1, -1):
            if place <= short:
                cents = timed(a, s, supply, route, count + 1)
                if cents < best:
                    best, supply.found[PLACE], supply.found[DEPOT] = cents, place, depot
            if place > 0:
                swap_stops(supply, place, place - 1)
        for place in range(count):
            swap_stops(supply, place, place + 1)
    return best


@inner
def priced(desk: int, route: int, count: int) -> int:
    """:func:`supplied` for what lies behind the address of a desk."""
    return supplied(arrays_at(desk), slots_at(desk), supply_at(desk), route, count)


_SIGNATURE = types.int64(types.int64, types.int64, types.int64)
price_stops: Callable[[int, int, int], int] = types.ExternalFunction(SYMBOL, _SIGNATURE)
""":func:`priced` as compiled code calls it, once :func:`link` has been called."""


@cache
def link() -> Callable[[int, int, int], int]:
    """Compile :func:`priced`, or load it from disk, and give it its name; callable from Python as well."""

    def entry(desk: int, route: int, count: int) -> int:
        return priced(desk, route, count)

    options: dict[str, Any] = {"_nrt": False}  # as in routing.jit; type declarations leave it out
    compiled = numba.cfunc(_SIGNATURE, cache=True, **options)(entry)
    binding.add_symbol(SYMBOL, compiled.address)
    return cast(Callable[[int, int, int], int], compiled.ctypes)
