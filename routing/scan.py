"""Compiled search for the cheapest places to insert into many routes, each tried exactly."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing import fit, jit, kernel, legs, money, pricing
from routing.fit import fits_between
from routing.flat import Arrays, Ints
from routing.jit import inner, njit
from routing.kernel import Slots, latest_by_label, schedule, sweep
from routing.legs import on_site, place_at
from routing.pricing import price, rounded, totals
from routing.problem import FOREVER_S
from routing.stale import discard_stale

NO_COST = 2**62

discard_stale([__file__, *(str(m.__file__) for m in (fit, jit, kernel, legs, money, pricing))])


class Grid(NamedTuple):
    """The routes being worked on, one row per frame; columns beyond ``stops`` mean nothing."""

    nodes: Ints
    lo: Ints
    """Pins: earliest start by position."""
    hi: Ints
    begin: Ints
    stops: Ints
    depart: Ints
    back: Ints
    cents: Ints
    """Price of each route as it stands."""


class Places(NamedTuple):
    """The cheapest place per frame tried; ``delta`` is ``NO_COST`` where there is none."""

    delta: Ints
    position: Ints
    depot_position: Ints
    """Where a pick-up goes in first, or -1."""
    begin: Ints
    """When the service would start."""


class Wish(NamedTuple):
    """What to insert into a frame."""

    node: int
    lo: int
    hi: int
    depot: int
    """Pick-up to insert at or before the visit, or -1."""
    first: int
    """First position allowed."""
    last: int
    group: int
    """Only the best of a group is wanted, so that what cannot be it need not be timed; -1 for none."""


@inner
def load(grid: Grid, frame: int, wish: Wish, at: int, depot_at: int, buffer: Ints, s: Slots) -> int:
    """Copy a route with the insertions into ``buffer`` and its bounds into ``s``; how many stops it has."""
    row = 0
    for position in range(grid.stops[frame] + 1):
        if position == depot_at:
            buffer[row] = wish.depot
            s.lo[row + 1], s.hi[row + 1] = 0, FOREVER_S
            row += 1
        if position == at:
            buffer[row] = wish.node
            s.lo[row + 1], s.hi[row + 1] = wish.lo, wish.hi
            row += 1
        if position < grid.stops[frame]:
            buffer[row] = grid.nodes[frame, position]
            s.lo[row + 1], s.hi[row + 1] = grid.lo[frame, position], grid.hi[frame, position]
            row += 1
    return row


@inner
def prepare(a: Arrays, grid: Grid, frame: int, buffer: Ints, base: Slots) -> None:
    """Earliest ends and latest starts of a route as it stands, for :func:`fits`."""
    stops = grid.stops[frame]
    for position in range(stops):
        buffer[position] = grid.nodes[frame, position]
        base.lo[position + 1], base.hi[position + 1] = grid.lo[frame, position], grid.hi[frame, position]
    sweep(a, frame, buffer, stops, a.start[frame], base)
    latest_by_label(a, frame, buffer, stops, base)


@inner
def fits(a: Arrays, frame: int, wish: Wish, at: int, nodes: Ints, stops: int, base: Slots) -> bool:
    """Whether the route can be timed with the node put in at ``at``; exact, without going through it all."""
    durations = a.durations[a.profile[frame]]
    here, place = place_at(a, frame, nodes, at, stops), a.place[wish.node]
    drives = (durations[here, place], durations[place, place_at(a, frame, nodes, at + 1, stops)])
    bounds = (wish.lo, wish.hi)
    early, late = base.ready[at], base.latest[at + 1]
    return fits_between(a, frame, wish.node, bounds, drives, early, late, base.rest)


@inner
def with_node(
    a: Arrays, frame: int, here: int, node: int, there: int, sums: tuple[int, int, int]
) -> tuple[int, int, int]:
    """What :func:`routing.pricing.totals` of a route become with a node put in between two places."""
    profile, place = a.profile[frame], a.place[node]
    metres, work, fees = sums
    far, long = a.distances[profile], a.durations[profile]
    metres += int(far[here, place]) + far[place, there] - far[here, there]
    work += on_site(a, frame, node)
    if not a.is_rush[profile]:
        work += int(long[here, place]) + long[place, there] - long[here, there]
    fees += a.tariff[a.technician[frame], a.job[node]]
    visits = a.able.shape[0]
    if node < 2 * visits and a.able[node % visits, frame] == 2:
        fees += a.not_preferred[node]
    return metres, work, fees


@inner
def least_with(
    a: Arrays, grid: Grid, frame: int, wish: Wish, at: int, depot_at: int, sums: tuple[int, int, int]
) -> int:
    """What the route costs at least with the wish in it, without going through it."""
    nodes, stops = grid.nodes[frame], grid.stops[frame]
    here = place_at(a, frame, nodes, at, stops)
    if depot_at >= 0:
        before = place_at(a, frame, nodes, depot_at, stops)
        behind = place_at(a, frame, nodes, depot_at + 1, stops)
        sums = with_node(a, frame, before, wish.depot, behind, sums)
        if depot_at == at:
            here = a.place[wish.depot]
    there = place_at(a, frame, nodes, at + 1, stops)
    metres, work, fees = with_node(a, frame, here, wish.node, there, sums)
    return fees + rounded(metres * a.per_km[frame], 1000) + rounded(work * a.per_hour[frame], 3600)


@inner
def scan_frame(
    a: Arrays,
    grid: Grid,
    frame: int,
    wish: Wish,
    most: int,
    is_prepared: bool,
    buffer: Ints,
    s: Slots,
    base: Slots,
    out: Places,
    k: int,
) -> bool:
    """Cheapest place in one frame, written to row ``k`` of ``out``; above ``most`` it may be missed.

    Returns whether the route is prepared now: that is put off until a place may be cheap enough.
    """
    out.delta[k] = NO_COST
    nodes, stops = grid.nodes[frame], grid.stops[frame]
    old = grid.cents[frame] if stops > 0 else 0
    sums = totals(a, frame, nodes, stops)
    is_single = wish.depot < 0
    for at in range(wish.first, wish.last + 1):
        first, last = (-1, -1) if is_single else (0, at)
        for depot_at in range(first, last + 1):
            least = least_with(a, grid, frame, wish, at, depot_at, sums) - old
            if least >= out.delta[k] or least > most:
                continue
            if is_single:
                if not is_prepared:
                    prepare(a, grid, frame, buffer, base)
                    is_prepared = True
                if not fits(a, frame, wish, at, nodes, stops, base):
                    continue
            longer = load(grid, frame, wish, at, depot_at, buffer, s)
            if not schedule(a, frame, buffer, longer, s):
                continue
            delta = price(a, frame, buffer, longer, s) - old
            if delta < out.delta[k]:
                row = at + 1 + (1 if depot_at >= 0 else 0)
                out.delta[k], out.position[k] = delta, at
                out.depot_position[k], out.begin[k] = depot_at, s.begin[row]
    return is_prepared


@njit
def scan(
    a: Arrays,
    grid: Grid,
    frames: Ints,
    wishes: Ints,
    best: Ints,
    buffer: Ints,
    s: Slots,
    base: Slots,
    out: Places,
) -> None:
    """Cheapest place in each of ``frames``; row ``k`` of ``wishes`` is the wish for ``frames[k]``.

    ``best`` holds the least cost so far by group; equal ones are all found. Wishes for one frame should
    follow each other: its route is then prepared once.
    """
    prepared = -1
    for k in range(frames.shape[0]):
        frame = frames[k]
        wish = Wish(
            wishes[k, 0], wishes[k, 1], wishes[k, 2], wishes[k, 3], wishes[k, 4], wishes[k, 5], wishes[k, 6]
        )
        most = best[wish.group] if wish.group >= 0 else NO_COST
        if scan_frame(a, grid, frame, wish, most, frame == prepared, buffer, s, base, out, k):
            prepared = frame
        if wish.group >= 0 and out.delta[k] < most:
            best[wish.group] = out.delta[k]


@njit
def reprice(a: Arrays, grid: Grid, frames: Ints, buffer: Ints, s: Slots) -> None:
    """Price routes from the times they state."""
    for frame in frames:
        stops = grid.stops[frame]
        for position in range(stops):
            buffer[position] = grid.nodes[frame, position]
            s.begin[position + 1] = grid.begin[frame, position]
        s.end[0], s.begin[stops + 1] = grid.depart[frame], grid.back[frame]
        grid.cents[frame] = price(a, frame, buffer, stops, s)


@njit
def time_route(a: Arrays, grid: Grid, frame: int, buffer: Ints, s: Slots) -> bool:
    """Schedule the route of a frame within its pins and note begins, departure, return and price."""
    stops = grid.stops[frame]
    for position in range(stops):
        buffer[position] = grid.nodes[frame, position]
        s.lo[position + 1], s.hi[position + 1] = grid.lo[frame, position], grid.hi[frame, position]
    if not schedule(a, frame, buffer, stops, s):
        return False
    for position in range(stops):
        grid.begin[frame, position] = s.begin[position + 1]
    grid.depart[frame], grid.back[frame] = s.end[0], s.begin[stops + 1]
    grid.cents[frame] = price(a, frame, buffer, stops, s)
    return True


def empty_grid(frames: int, width: int) -> Grid:
    """Routes without stops, with room for ``width``."""
    shape = (frames, width)
    tables = [np.zeros(shape, dtype=np.int64) for _ in range(4)]
    tables[2][:] = FOREVER_S
    columns: list[npt.NDArray[np.int64]] = [np.zeros(frames, dtype=np.int64) for _ in range(4)]
    return Grid(*tables, *columns)


def widen(grid: Grid, width: int) -> Grid:
    """The same routes with room for more stops."""
    wider = empty_grid(grid.stops.shape[0], width)
    for name in ("nodes", "lo", "hi", "begin"):
        getattr(wider, name)[:, : grid.nodes.shape[1]] = getattr(grid, name)
    for name in ("stops", "depart", "back", "cents"):
        getattr(wider, name)[:] = getattr(grid, name)
    return wider


def empty_places(rows: int) -> Places:
    """Room for the answers of :func:`scan`."""
    return Places(
        np.full(rows, NO_COST, dtype=np.int64),
        np.full(rows, -1, dtype=np.int64),
        np.full(rows, -1, dtype=np.int64),
        np.full(rows, -1, dtype=np.int64),
    )
