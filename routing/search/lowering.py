"""From a problem, and a draft of what is already decided, to the arrays of the search, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.assemble import assemble
from routing.draft import Draft
from routing.flat import Arrays, Flat, Ints
from routing.problem import FOREVER_S
from routing.search.arrays import ABSENT, Data, Int32, Int64, State, data_of
from routing.search.exact import KEPT, VECTORS, Exact, copy_route, supplied_cost
from routing.search.neighbours import doors, nearest

HELD_CENTS = 10**13
"""Price of leaving out a visit that has to stay where it is."""
NEAR = 80


@dataclass(frozen=True)
class Lowered:
    """A problem ready to be searched.

    Parameters
    ----------
    data : Data
        With :class:`~routing.search.exact.Exact` rules; visit v of the search is ``visit[v]`` of the problem.
    visit : Int64
    start : routes of the draft in the search's numbering
    """

    data: Data
    visit: Int64
    start: dict[int, list[int]]
    draft: Draft

    def raised(self, routes: Mapping[int, Sequence[int]], state: State) -> Draft:
        """The draft that routes of the search stand for; ``state`` holds them."""
        flat, rules = self.draft.flat, self.data.rules
        nodes: dict[int, list[int]] = {}
        for route in routes:
            count = copy_route(rules, state.node, route, ABSENT, ABSENT, KEPT)
            stops = [int(node) for node in rules.stops[:count]]
            _, place, depot = supplied_cost(rules, route, count)
            if place >= 0:
                stops.insert(place, 2 * flat.visits + depot)
            nodes[route] = stops
        held = np.flatnonzero(rules.pin >= 0)
        pins = {int(self.visit[v]): int(rules.pin[v]) for v in held}
        draft = assemble(flat.problem, nodes, pins)
        for visit in {int(self.visit[v]) for v in held}:
            draft.seats[visit] = self.draft.seats[visit]
        return draft


def lower(draft: Draft) -> Lowered:
    """Arrays of the draft's problem; linked visits in the draft stay, linked ones left out are not
    searched.
    """
    flat = draft.flat
    seats = [
        (visit, frame) for visit in sorted(draft.linked & draft.seats.keys()) for frame in draft.seats[visit]
    ]
    free = [visit for visit in range(flat.visits) if visit not in draft.linked]
    visit = np.array(free + [v for v, _ in seats], dtype=np.int64)
    held = np.array([ABSENT] * len(free) + [frame for _, frame in seats], dtype=np.int64)
    data = _data(draft, visit, held)
    number = {(int(v), int(frame)): index for index, (v, frame) in enumerate(zip(visit, held, strict=True))}
    n = len(visit)
    start = {
        frame: [
            number[v, frame] if (v, frame) in number else number[v, ABSENT] + (n if is_moved else 0)
            for v, is_moved in _visits(draft, frame)
        ]
        for frame in range(len(flat.problem.frames))
        if draft.grid.stops[frame] > 0
    }
    return Lowered(data, visit, start, draft)


def _visits(draft: Draft, frame: int) -> list[tuple[int, bool]]:
    """Visits of a route, and whether their promise is set aside."""
    nodes = [(draft.flat.visit_of(node), node) for node in draft.nodes(frame)]
    return [(visit, node != visit) for visit, node in nodes if visit >= 0]


def _data(draft: Draft, visit: Int64, held: Int64) -> Data:
    flat, a = draft.flat, draft.flat.arrays
    rules = _rules(draft, visit, held)
    kind, first = _kinds(flat, rules)
    opens, closes = _hull(flat, visit, rules)
    able = a.able[visit][:, first].T > 0
    frames = np.arange(len(a.technician))
    for column in np.flatnonzero(held >= 0):
        able[:, column] = first == held[column]
    able &= (opens <= closes)[None, :]
    percent = a.percent[a.technician[first]][:, a.job[visit]]
    serve = a.tariff[a.technician[first]][:, a.job[visit]] + np.where(
        a.able[visit][:, first].T == 2, a.not_preferred[visit][None, :], 0
    )
    travel, cost, time = _travel(a)
    at = np.concatenate([a.place[visit], a.from_place, a.to_place]).astype(np.int32)
    group, room = _frame_groups(flat)
    near = nearest(time[0], at[: len(visit)], opens, closes, a.service[visit], NEAR)
    return data_of(
        cost=cost,
        time=time,
        at=at,
        opens=opens,
        closes=closes,
        service=(a.service[visit][None, :] * percent + 99) // 100,
        demand=np.zeros(len(visit), np.int64),
        price=np.where(held >= 0, HELD_CENTS, flat.drop[visit]),
        eligible=np.ascontiguousarray(able),
        serve=np.ascontiguousarray(serve),
        kind=kind,
        travel=travel,
        start=a.start,
        end=a.limit,
        capacity=np.ones(len(frames), np.int64),
        fee=a.day_fee,
        group=group,
        room=room,
        rules=rules,
        near=near,
        doors=doors(time, travel, at, kind, first, able),
    )


def _rules(draft: Draft, visit: Int64, held: Int64) -> Exact:
    flat, problem = draft.flat, draft.flat.problem
    parts = sorted({part for item in problem.visits for part in item.parts})
    tools = sorted({tool for item in problem.visits for tool in item.tools})
    is_lead = np.array(
        [frame < 0 or draft.seats[int(v)][0] == frame for v, frame in zip(visit, held, strict=True)]
    )
    who = [problem.technicians[t] for t, _ in problem.frames]
    need = [[problem.visits[v].parts.get(part, 0) for part in parts] for v in visit]
    movable = [
        (promise := problem.visits[v].promise) is not None
        and promise.move_cents is not None
        and problem.max_moved is None
        for v in visit
    ]
    rows = len(visit) + 4
    vectors = [getattr(flat.arrays, name) for name in VECTORS]
    has_supply = bool(parts or tools)
    breaks = int(np.diff(flat.arrays.b_ptr).max(initial=0))
    return Exact(
        durations=flat.arrays.durations,
        distances=flat.arrays.distances,
        clock=flat.arrays.clock,
        is_rush=flat.arrays.is_rush,
        percent=flat.arrays.percent,
        tariff=flat.arrays.tariff,
        able=flat.arrays.able,
        bank=np.concatenate(vectors),
        bank_from=np.concatenate([[0], np.cumsum([len(each) for each in vectors])]),
        node=_nodes(draft, visit, held),
        pin=np.array(
            [ABSENT if f < 0 else draft.start_s(int(v)) for v, f in zip(visit, held, strict=True)], np.int64
        ),
        movable=np.array(movable, np.bool_) & (held < 0),
        need=_table(need, len(visit), len(parts)) * is_lead[:, None],
        need_tools=_bits([problem.visits[v].tools for v in visit] if has_supply else [], tools),
        stock=_table([[t.van_stock.get(part, 0) for part in parts] for t in who], len(who), len(parts)),
        tools=_bits([t.tools for t in who], tools),
        trips=np.array([min(t.max_depot_trips, 1) for t in who], np.int64),
        gives=_table(
            [[d.stock is None or d.stock.get(part, 0) > 0 for part in parts] for d in problem.depots],
            len(problem.depots),
            len(parts),
        ).astype(np.bool_),
        lends=_bits([frozenset(tools) if d.tools is None else d.tools for d in problem.depots], tools),
        slot_table=np.zeros((4, rows + 2, breaks + 1), np.int64),
        slot_column=np.zeros((7, max(rows + 2, breaks + 1)), np.int64),
        stops=np.zeros(rows, np.int64),
        visits=np.zeros(rows, np.int64),
        used=np.zeros(len(parts), np.int64),
    )


def _nodes(draft: Draft, visit: Int64, held: Int64) -> Ints:
    """Nodes as in flat; a held visit has the one it stands at."""
    nodes = [
        v if frame < 0 else int(draft.grid.nodes[frame, draft.position(int(frame), int(v))])
        for v, frame in zip(visit, held, strict=True)
    ]
    return np.array(nodes, dtype=np.int64)


def _table(rows: Sequence[Sequence[int]], height: int, width: int) -> Int64:
    return np.array(rows, dtype=np.int64).reshape(height, width)


def _bits(sets: Sequence[frozenset[str]], names: Sequence[str]) -> npt.NDArray[np.uint64]:
    place = {name: index for index, name in enumerate(names)}
    return np.array([sum(1 << place[x] for x in members if x in place) for members in sets], dtype=np.uint64)


def _kinds(flat: Flat, rules: Exact) -> tuple[Int32, Int64]:
    """Kind of each frame, frames alike in everything sharing one, and the first frame of each kind."""
    a = flat.arrays
    columns = (
        a.profile,
        a.start,
        a.end,
        a.limit,
        a.from_place,
        a.to_place,
        a.per_hour,
        a.per_km,
        a.overtime,
        a.day_fee,
        a.fairness,
        rules.trips,
    )
    seen: dict[tuple[object, ...], int] = {}
    kind, first = [], []
    groups, _ = _frame_groups(flat)
    for frame, technician in enumerate(a.technician):
        rests = slice(a.b_ptr[frame], a.b_ptr[frame + 1])
        key = (
            *(int(column[frame]) for column in columns),
            groups[frame],
            a.percent[technician].tobytes(),
            a.tariff[technician].tobytes(),
            a.able[:, frame].tobytes(),
            a.b_earliest[rests].tobytes(),
            a.b_latest[rests].tobytes(),
            a.b_duration[rests].tobytes(),
            rules.stock[frame].tobytes(),
            int(rules.tools[frame]),
        )
        if key not in seen:
            seen[key] = len(seen)
            first.append(frame)
        kind.append(seen[key])
    return np.array(kind, dtype=np.int32), np.array(first, dtype=np.int64)


def _hull(flat: Flat, visit: Int64, rules: Exact) -> tuple[Int64, Int64]:
    """Earliest and latest start of each visit over its windows, with the promise set aside where it may
    be.
    """
    a = flat.arrays
    opens, closes = np.full(len(visit), FOREVER_S), np.full(len(visit), -1)
    for index in range(len(visit)):
        nodes = [int(rules.node[index])]
        if rules.movable[index]:
            nodes.append(nodes[0] + flat.visits)
        for node in nodes:
            low, high = a.w_ptr[node], a.w_ptr[node + 1]
            if low < high:
                opens[index] = min(opens[index], a.w_start[low])
                closes[index] = max(closes[index], a.w_end[high - 1])
        if rules.pin[index] >= 0:
            opens[index] = closes[index] = rules.pin[index]
    return opens, closes


def _travel(a: Arrays) -> tuple[Int32, Int32, Int32]:
    """Travel class of each frame (profile and rate), with driving cost and least driving time of each
    class.
    """
    classes: dict[tuple[int, int], int] = {}
    index = np.array(
        [
            classes.setdefault((int(p), int(r)), len(classes))
            for p, r in zip(a.profile, a.per_km, strict=True)
        ],
        dtype=np.int32,
    )
    costs, times = [], []
    for profile, rate in classes:
        costs.append((a.distances[profile].astype(np.int64) * rate // 1000).astype(np.int32))
        fastest = float(np.diff(a.clock[profile]).max()) / 3600 if a.is_rush[profile] else 1.0
        times.append(
            (a.durations[profile] / fastest).astype(np.int32) if fastest > 1 else a.durations[profile]
        )
    return index, np.ascontiguousarray(np.stack(costs)), np.ascontiguousarray(np.stack(times), dtype=np.int32)


def _frame_groups(flat: Flat) -> tuple[Int32, Int64]:
    """Vendor and day of each frame, where the vendor has a capacity, and the capacities."""
    problem = flat.problem
    groups: dict[tuple[str, int], int] = {}
    room: list[int] = []
    index = np.full(len(problem.frames), ABSENT, np.int32)
    for frame, (t, s) in enumerate(problem.frames):
        who = problem.technicians[t]
        limit = None if who.vendor is None else problem.vendor_by_id[who.vendor].daily_capacity
        if who.vendor is None or limit is None:
            continue
        key = (who.vendor, who.shifts[s].day)
        if key not in groups:
            groups[key] = len(groups)
            room.append(limit)
        index[frame] = groups[key]
    return index, np.array(room, dtype=np.int64)
