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

from routing.fit import fits_between
from routing.flat import Arrays
from routing.jit import inlined, inner
from routing.kernel import NO_ROUTE, Slots, departure, latest_by_label, settle, sweep
from routing.legs import NEVER as LATE
from routing.legs import place_at
from routing.pricing import late, price, rounded, totals
from routing.problem import FOREVER_S
from routing.search.arrays import NEVER, Int64
from routing.search.brisk import (
    departure_of,
    idle_cents,
    is_simple,
    lateness_of,
    lay_out,
    settled_cents,
    sweep_rows,
)

Context = Any
_untyped: Any = arrayobj
_types: Any = types
# What generates code in numba has no types.

PRICE_SYMBOL, NOTE_SYMBOL, FIT_SYMBOL = (f"routing_search_{name}" for name in ("priced", "noted", "fitting"))
"""Names under which the compiled search finds :func:`priced`, :func:`noted` and :func:`fitting`."""

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
    moments: Int64  # per visit, start and end of a route: its place; earliest ends, latest starts by breaks
    used: Int64  # per part
    cards: Int64  # of visits, visits with the promise set aside and depots: see routing.search.brisk
    rows: Int64  # of the route at hand, likewise
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
TABLES = {"percent", "tariff", "ready", "begun", "parent", "latest", "need", "stock", "gives", "moments"}
TABLES |= {"cards", "rows"}
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
def idle(a: Arrays, s: Slots, route: int, count: int, ends: tuple[int, int], work: int) -> int:
    """What the time neither driven nor worked nor rested costs in a route swept with these ends, at most.

    Driving in rush hours counts as idle, since no more than work that is certain is known.
    """
    seconds = ends[1] - ends[0] - work
    first = a.b_ptr[route]
    for b in range(first, first + s.label[count + 1]):
        if a.b_earliest[b] + a.b_duration[b] > ends[0]:
            seconds -= a.b_duration[b]
    return np.int64(1 + max(0, seconds) * a.per_hour[route] // 3600)


@inner
def set_bounds(s: Slots, supply: Supply, count: int) -> None:
    """When each of the stops at hand may start, apart from its windows."""
    for row in range(1, count + 1):
        visit = supply.visits[row - 1]
        s.lo[row], s.hi[row] = bounds_of(supply, visit)


@inlined
def bounds_of(supply: Supply, visit: int) -> tuple[int, int]:
    """Earliest and latest start of a visit, or of a pick-up (< 0), apart from its windows."""
    pin = supply.pin[visit] if visit >= 0 else np.int64(-1)
    return (pin, pin) if pin >= 0 else (np.int64(0), np.int64(FOREVER_S))


@inner
def timed(a: Arrays, s: Slots, supply: Supply, route: int, count: int, most: int) -> int:
    """Cents of the stops at hand, or NEVER; where they are not below ``most``, perhaps less than they are."""
    if is_simple(a, route):
        cents = briskly(a, supply, route, count, most)
        if cents >= 0:
            return cents
    return timed_by_kernel(a, s, supply, route, count, most)


@inner
def timed_by_kernel(a: Arrays, s: Slots, supply: Supply, route: int, count: int, most: int) -> int:
    """The same for any route."""
    stops = supply.stops
    metres, work, cents = totals(a, route, stops, count)
    cents += rounded(metres * a.per_km[route], 1000)
    if cents + rounded(work * a.per_hour[route], 3600) >= most:
        return np.int64(most)
    set_bounds(s, supply, count)
    back = sweep(a, route, stops, count, a.start[route], s)
    if back == NO_ROUTE:
        return NEVER
    overtime = rounded(max(0, back - a.end[route]) * a.overtime[route], 3600)
    lateness = late(a, stops, count, s)
    cents += overtime + lateness
    if cents + rounded(work * a.per_hour[route], 3600) >= most:
        return np.int64(most)
    depart = departure(a, route, stops, count, back, s)
    cents += rounded((back - depart) * a.per_hour[route], 3600)
    if cents >= most:
        return np.int64(most)
    if lateness > 0 or not is_settled(a, route, stops, count):
        settle(a, route, stops, count, (depart, back), s)
        cents = price(a, route, stops, count, s)
    supply.found[IDLE] = idle(a, s, route, count, (depart, back), work)
    return np.int64(cents)


@inner
def briskly(a: Arrays, supply: Supply, route: int, count: int, most: int) -> int:
    """As :func:`timed` for simple routes, -1 for others."""
    rows = supply.rows
    metres, work, cents, moved = lay_out(
        a, supply.cards, rows, supply.pin, supply.stops, supply.visits, route, count
    )
    if moved < 0:
        return np.int64(-1)
    cents += rounded(metres * a.per_km[route], 1000)
    if cents + rounded(work * a.per_hour[route], 3600) >= most:
        return np.int64(most)
    back = sweep_rows(a, rows, route, count, a.start[route])
    if back == NO_ROUTE:
        return NEVER
    lateness = lateness_of(rows, count)
    paid = rounded(max(0, back - a.end[route]) * a.overtime[route], 3600) + lateness
    if cents + paid + rounded(work * a.per_hour[route], 3600) >= most:
        return np.int64(most)
    depart = departure_of(a, rows, route, count, back)
    paid += rounded((back - depart) * a.per_hour[route], 3600)
    if cents + paid >= most:
        return np.int64(most)
    if lateness > 0 or moved > 0:
        paid = settled_cents(a, rows, route, count, depart, back)
    supply.found[IDLE] = idle_cents(a, rows, route, count, depart, back - depart - work)
    return np.int64(cents + paid)


@inner
def is_settled(a: Arrays, route: int, stops: Int64, count: int) -> bool:
    """Whether a route's cost follows from departure and return, as long as nobody is served late."""
    visits = a.able.shape[0]
    for place in range(count):
        if visits <= stops[place] < 2 * visits:
            return False
    return not a.is_rush[a.profile[route]] and a.fairness[route] == 0


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
def supplied(a: Arrays, s: Slots, supply: Supply, route: int, count: int, most: int) -> int:
    """Cents of the stops at hand with the cheapest pick-up they need, which is noted; or NEVER.

    Where they are not below ``most``, perhaps less than they are.
    """
    supply.found[PLACE], supply.found[DEPOT] = NO_PLACE, NO_PLACE
    short = first_short(supply, route, count) if len(supply.need_tools) > 0 else count
    if short == count:
        return timed(a, s, supply, route, count, most)
    best, spent = NEVER, np.int64(0)
    if supply.trips[route] == 0:
        return best
    for depot in range(len(supply.lends)):
        if not supplies(supply, route, count, depot):
            continue
        supply.stops[count], supply.visits[count] = 2 * a.able.shape[0] + depot, NO_PLACE
        for place in range(count, -1, -1):
            if place <= short:
                cents = timed(a, s, supply, route, count + 1, min(most, best))
                if cents < best:
                    best, supply.found[PLACE], supply.found[DEPOT] = cents, place, depot
                    spent = supply.found[IDLE]
            if place > 0:
                swap_stops(supply, place, place - 1)
        for place in range(count):
            swap_stops(supply, place, place + 1)
    supply.found[IDLE] = spent
    return best


@inner
def priced(desk: int, route: int, count: int, most: int) -> int:
    """:func:`supplied` for what lies behind the address of a desk."""
    return supplied(arrays_at(desk), slots_at(desk), supply_at(desk), route, count, most)


@inlined
def stop_row(a: Arrays, supply: Supply, route: int, visit: int, is_end: bool) -> int:
    """Row of ``Supply.moments`` of a visit, or, beyond these, of the start or the end of a route."""
    visits = len(supply.pin)
    if visit < visits:
        return np.int64(visit)
    return np.int64(visits + route + (len(a.start) if is_end else 0))


@inner
def noted(desk: int, route: int, count: int) -> int:
    """Note when the stops at hand, without the pick-up they may need, can be; for :func:`fitting`.

    Returns 0 where they cannot be timed.
    """
    a, s, supply = arrays_at(desk), slots_at(desk), supply_at(desk)
    set_bounds(s, supply, count)
    is_timed = sweep(a, route, supply.stops, count, a.start[route], s) != NO_ROUTE
    latest_by_label(a, route, supply.stops, count, s)
    moments, labels = supply.moments, s.ready.shape[1]
    for row in range(count + 2):
        visit = supply.visits[row - 1] if 0 < row <= count else len(supply.pin)
        stop = stop_row(a, supply, route, visit, row > 0)
        moments[stop, 0] = place_at(a, route, supply.stops, row, count)
        for b in range(a.b_ptr[route + 1] - a.b_ptr[route] + 1):
            moments[stop, 1 + b] = s.ready[row, b] if is_timed else LATE
            moments[stop, 1 + labels + b] = s.latest[row, b]
    return 1 if is_timed else 0


@inner
def fitting(desk: int, route: int, visit: int, node: int, after: int, behind: int) -> int:
    """Whether a visit, served as a node of :mod:`routing.flat`, can be timed between two noted stops."""
    a, s, supply = arrays_at(desk), slots_at(desk), supply_at(desk)
    moments, labels = supply.moments, s.ready.shape[1]
    before, then = stop_row(a, supply, route, after, False), stop_row(a, supply, route, behind, True)
    drive, place = a.durations[a.profile[route]], a.place[node]
    drives = (drive[moments[before, 0], place], drive[place, moments[then, 0]])
    ready, latest = moments[before, 1 : 1 + labels], moments[then, 1 + labels :]
    fits = fits_between(a, route, node, bounds_of(supply, visit), drives, ready, latest, s.rest)
    return 1 if fits else 0


def _external(symbol: str, arguments: int) -> Callable[..., int]:
    """Compiled code's way to a function of that name, once :func:`link` has been called."""
    found: Callable[..., int] = types.ExternalFunction(symbol, types.int64(*[types.int64] * arguments))
    return found


price_stops = _external(PRICE_SYMBOL, 4)
note_stops = _external(NOTE_SYMBOL, 3)
fits_there = _external(FIT_SYMBOL, 6)


@cache
def link() -> Callable[[int, int, int, int], int]:
    """Compile :func:`priced`, :func:`noted` and :func:`fitting`, or load them from disk, and name them.

    Returns the first, callable from Python as well.
    """

    def price_entry(desk: int, route: int, count: int, most: int) -> int:
        return priced(desk, route, count, most)

    def note_entry(desk: int, route: int, count: int) -> int:
        return noted(desk, route, count)

    def fit_entry(desk: int, route: int, visit: int, node: int, after: int, behind: int) -> int:
        return fitting(desk, route, visit, node, after, behind)

    _named(NOTE_SYMBOL, note_entry, 3)
    _named(FIT_SYMBOL, fit_entry, 6)
    return cast(Callable[[int, int, int, int], int], _named(PRICE_SYMBOL, price_entry, 4))


@cache
def stand_in() -> Callable[[int, int, int, int], int]:
    """Give the names to functions that refuse every route and place: enough to compile what calls them."""

    def no_price(desk: int, route: int, count: int, most: int) -> int:
        return NEVER

    def nothing_noted(desk: int, route: int, count: int) -> int:
        return 0

    def no_fit(desk: int, route: int, visit: int, node: int, after: int, behind: int) -> int:
        return 0

    _named(NOTE_SYMBOL, nothing_noted, 3)
    _named(FIT_SYMBOL, no_fit, 6)
    return cast(Callable[[int, int, int, int], int], _named(PRICE_SYMBOL, no_price, 4))


def _named(symbol: str, function: Callable[..., int], arguments: int) -> Callable[..., int]:
    """A function of integers, compiled for callers that know its name."""
    options: dict[str, Any] = {"_nrt": False}  # as in routing.jit; type declarations leave it out
    signature = types.int64(*[types.int64] * arguments)
    compiled = numba.cfunc(signature, cache=True, **options)(function)
    binding.add_symbol(symbol, compiled.address)
    return cast(Callable[..., int], compiled.ctypes)
