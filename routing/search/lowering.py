"""From a problem, and a draft of what is already decided, to the arrays of the search, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.assemble import loads_of
from routing.draft import Draft
from routing.errors import PlanError
from routing.flat import Arrays, Flat, Ints
from routing.problem import FOREVER_S
from routing.search import priced
from routing.search.arrays import ABSENT, NEVER, Data, Int32, Int64, data_of
from routing.search.brisk import ROW_WIDTH, cards_of
from routing.search.field import ADDRESS, STOPS, Field, field_of, most_breaks
from routing.search.neighbours import doors, nearest
from routing.search.priced import NO_PLACE, Supply

HELD_CENTS = 10**13
"""Price of leaving out a visit that has to stay where it is."""
NEAR = 80
MOST_CLASSES = 6
"""Pairs of rates that get matrices of their own; beyond, there is one per profile, of the lowest rates."""
MOST_TOOLS = 62
UNLIMITED = 2**40


@dataclass(frozen=True)
class Scope:
    """What a search may change: visits, and the frames to put them in; the rest of the draft stays.

    Parameters
    ----------
    room : mapping of vendor and day to visits, optional
        What vendors can take there beyond what they have; without it all that they can still take.
    """

    visits: Int64
    frames: Int64
    room: Mapping[tuple[str, int], int] | None = None


def whole(flat: Flat) -> Scope:
    """Everything."""
    return Scope(np.arange(flat.visits), np.arange(len(flat.problem.frames)))


@dataclass(frozen=True)
class Lowered:
    """A part of a problem ready to be searched.

    Parameters
    ----------
    data : Data
        With :class:`~routing.search.field.Field` rules; visit v of the search is ``visit[v]`` of the problem,
        route k is ``frame[k]``.
    start : routes of the draft in the search's numbering
    arrays : what the rules read; they last no longer than this does
    """

    data: Data
    visit: Int64
    frame: Int64
    start: dict[int, list[int]]
    draft: Draft
    arrays: Arrays

    @property
    def beside_cents(self) -> int:
        """What the draft costs that the search does not see."""
        draft = self.draft
        seen = int(draft.grid.cents[self.frame][draft.grid.stops[self.frame] > 0].sum())
        absent = [v for v in self.visit.tolist() if v not in draft.seats]
        return draft.total_cents() - seen - int(draft.flat.drop[absent].sum())

    @property
    def left_out(self) -> int:
        """Visits left out that are not searched."""
        return len(set(self.draft.unserved) - set(self.visit.tolist()))

    @property
    def start_cents(self) -> int:
        """What the search's part of the draft costs."""
        return self.draft.total_cents() - self.beside_cents

    def raised(self, routes: Mapping[int, Sequence[int]], onto: Draft | None = None) -> Draft:
        """The draft that routes of the search stand for; ``onto``, agreeing on these frames, is changed."""
        after = self.draft.copy() if onto is None else onto
        changed = {
            int(self.frame[route]): nodes
            for route in range(len(self.frame))
            if (nodes := self._nodes(route, routes.get(route, ()))) != after.nodes(int(self.frame[route]))
        }
        gone = {visit for frame in changed for visit in self._single(after, after.nodes(frame))}
        for visit in gone:
            del after.seats[visit]
        for frame, nodes in changed.items():
            for visit in self._single(after, nodes):
                after.seats[visit] = (frame,)
            if not after.set_route(frame, nodes):
                raise PlanError(
                    f"route of {after.problem.frames[frame]} cannot be timed as the search has it"
                )
        return after

    @staticmethod
    def _single(draft: Draft, nodes: Sequence[int]) -> list[int]:
        """Visits among nodes, those of crews and relations apart: these stay."""
        visits = (draft.flat.visit_of(node) for node in nodes)
        return [visit for visit in visits if visit >= 0 and visit not in draft.linked]

    def _nodes(self, route: int, codes: Sequence[int]) -> list[int]:
        """Nodes of a route of the search, with the pick-up it needs."""
        rules: Field = self.data.rules
        n, count = self.data.size, len(codes)
        stops = [int(rules.visit[code % n, code // n]) for code in codes]
        if count == 0:
            return stops
        rows = int(rules.desk[STOPS - 1])
        rules.desk[STOPS : STOPS + count] = stops
        rules.desk[STOPS + rows : STOPS + rows + count] = [code % n for code in codes]
        priced.link()(int(rules.desk[ADDRESS]), int(rules.frame[route]), count, int(NEVER))
        place, depot = (int(word) for word in rules.desk[STOPS + 2 * rows : STOPS + 2 * rows + 2])
        if place != NO_PLACE:
            stops.insert(place, 2 * self.draft.flat.visits + depot)
        return stops


def lower(draft: Draft, scope: Scope, turn: int = 0, *, is_rationed: bool = False) -> Lowered:
    """Arrays of a part of the draft's problem.

    Visits of crews and relations that are in the draft stay where and when they are; those left out are not
    searched. ``turn`` says which of a technician's shifts may use what the van has beyond the draft's need.
    Depots that can run out of a part give it to everybody up to all they have, unless ``is_rationed``: then
    each frame gets what it has in the draft, and one of them, by ``turn``, the rest.
    """
    priced.link()
    frames = scope.frames
    in_scope = set(frames.tolist())
    seats = [
        (visit, frame)
        for visit in sorted(draft.linked & draft.seats.keys())
        for frame in draft.seats[visit]
        if frame in in_scope
    ]
    free = [visit for visit in scope.visits.tolist() if visit not in draft.linked]
    visit = np.array(free + [v for v, _ in seats], dtype=np.int64)
    held = np.array([ABSENT] * len(free) + [frame for _, frame in seats], dtype=np.int64)
    arrays = within(draft.flat.arrays, visit, frames)
    supply = _supply(draft, arrays, frames, visit, held, turn, is_rationed=is_rationed)
    data = _data(draft, arrays, visit, held, scope, supply)
    number = {(int(v), int(frame)): index for index, (v, frame) in enumerate(zip(visit, held, strict=True))}
    n = len(visit)
    start = {
        route: [
            number[v, frame] if (v, frame) in number else number[v, ABSENT] + (n if is_moved else 0)
            for v, is_moved in _visits(draft, frame)
        ]
        for route, frame in enumerate(frames.tolist())
        if draft.grid.stops[frame] > 0
    }
    return Lowered(data, visit, frames, start, draft, arrays)


def _visits(draft: Draft, frame: int) -> list[tuple[int, bool]]:
    """Visits of a route, and whether their promise is set aside."""
    nodes = [(draft.flat.visit_of(node), node) for node in draft.nodes(frame)]
    return [(visit, node != visit) for visit, node in nodes if visit >= 0]


def _data(draft: Draft, a: Arrays, visit: Int64, held: Int64, scope: Scope, supply: Supply) -> Data:
    flat, frames = draft.flat, scope.frames
    node = _nodes(draft, visit, held)
    gives = supply.gives.reshape(len(supply.tools), -1)
    kind, first = _kinds(
        flat, visit, frames, np.column_stack([supply.stock, gives, supply.tools, supply.trips])[frames]
    )
    heads = frames[first]
    opens, closes = _hull(flat, node, supply.pin)
    able = a.able[np.ix_(visit, heads)].T > 0
    for column in np.flatnonzero(held >= 0):
        able[:, column] = heads == held[column]
    able &= (opens <= closes)[None, :]
    service = (a.service[visit][None, :] * a.percent[a.technician[heads]][:, a.job[visit]] + 99) // 100
    serve = a.tariff[a.technician[heads]][:, a.job[visit]] + service * a.per_hour[heads][:, None] // 3600
    serve += np.where(a.able[np.ix_(visit, heads)].T == 2, a.not_preferred[visit][None, :], 0)
    at, places = _places(a, visit, frames)
    travel, cost, time = _travel(a, frames, places)
    group, room = _groups(draft, scope)
    rules = field_of(a, supply, node, frames)
    return data_of(
        cost=cost,
        time=time,
        at=at,
        opens=opens,
        closes=closes,
        service=service,
        demand=np.zeros(len(visit), np.int64),
        price=np.where(held >= 0, HELD_CENTS, flat.drop[visit]),
        eligible=np.ascontiguousarray(able),
        serve=np.ascontiguousarray(serve),
        kind=kind,
        travel=travel,
        start=a.start[frames],
        end=a.limit[frames],
        capacity=np.ones(len(frames), np.int64),
        fee=a.day_fee[frames],
        hourly=a.per_hour[frames],
        group=group,
        room=room,
        rules=rules,
        near=nearest(time[0], at[: len(visit)], opens, closes, a.service[visit], NEAR),
        doors=doors(time, travel, at, kind, first, able),
    )


def _supply(
    draft: Draft,
    arrays: Arrays,
    frames: Int64,
    visit: Int64,
    held: Int64,
    turn: int,
    *,
    is_rationed: bool,
) -> Supply:
    problem = draft.problem
    items = [problem.visits[v] for v in visit]
    parts = sorted({part for item in items for part in item.parts})
    tools = sorted({tool for item in items for tool in item.tools})
    leads = [frame < 0 or draft.seats[int(v)][0] == frame for v, frame in zip(visit, held, strict=True)]
    who = [problem.technicians[t] for t, _ in problem.frames]
    need = _table([[item.parts.get(part, 0) for part in parts] for item in items], len(items), len(parts))
    starts = [ABSENT if f < 0 else draft.start_s(int(v)) for v, f in zip(visit, held, strict=True)]
    rows, labels = len(visit) + 4, 1 + most_breaks(draft.flat.arrays)
    return Supply(
        pin=np.array(starts, np.int64),
        need=need * np.array(leads, np.bool_)[:, None],
        need_tools=_bits([item.tools for item in items] if parts or tools else [], tools),
        stock=_stock(draft, frames, parts, turn),
        tools=_bits([t.tools for t in who], tools),
        trips=np.array([min(t.max_depot_trips, 1) for t in who], np.int64),
        gives=_gives(draft, parts, turn, is_rationed=is_rationed),
        lends=_bits([frozenset(tools) if d.tools is None else d.tools for d in problem.depots], tools),
        moments=np.zeros((len(visit) + 2 * len(who), 1 + 2 * labels), np.int64),
        used=np.zeros(len(parts), np.int64),
        cards=_cards(draft.flat, arrays, visit),
        rows=np.zeros((rows, ROW_WIDTH), np.int64),
        stops=np.zeros(rows, np.int64),
        visits=np.zeros(rows, np.int64),
        found=np.zeros(3, np.int64),
    )


def _cards(flat: Flat, a: Arrays, visit: Int64) -> Int64:
    """Cards of the visits searched, of them with their promises set aside, and of depots."""
    depots = 2 * flat.visits + np.arange(len(flat.problem.depots))
    return cards_of(a, np.concatenate([visit, visit + flat.visits, depots]))


def _stock(draft: Draft, frames: Int64, parts: Sequence[str], turn: int) -> Int64:
    """Units each of these frames may use from its van: what the draft uses there; one shift also the rest."""
    problem = draft.problem
    stock = np.zeros((len(problem.frames), len(parts)), np.int64)
    for technician in {problem.frames[frame][0] for frame in frames.tolist()}:
        theirs = draft.flat.technician_frames[technician]
        left = np.array([problem.technicians[technician].van_stock.get(part, 0) for part in parts], np.int64)
        for frame in theirs if len(theirs) > 1 and left.any() else ():
            led = [v for v, _ in _visits(draft, frame) if draft.seats[v][0] == frame]
            used = [sum(problem.visits[v].parts.get(part, 0) for v in led) for part in parts]
            stock[frame] = np.minimum(used, left)
            left -= stock[frame]
        stock[theirs[turn % len(theirs)]] += left
    return stock


def _gives(draft: Draft, parts: Sequence[str], turn: int, *, is_rationed: bool) -> Int64:
    """Most units of each part that a frame may pick up at each depot, frames and depots in one dimension."""
    problem = draft.problem
    frames, depots = len(problem.frames), problem.depots
    stock = [[UNLIMITED if d.stock is None else d.stock.get(part, 0) for part in parts] for d in depots]
    left = _table(stock, len(depots), len(parts))
    if not is_rationed:
        return np.tile(left, (frames, 1))
    gives = np.zeros((frames, len(depots), len(parts)), np.int64)
    for frame, loads in loads_of(draft).items():
        for node, load in zip(draft.nodes(frame), loads, strict=True):
            if (depot := draft.flat.depot_of(node)) >= 0:
                gives[frame, depot] += [load[part] for part in parts]
    left -= gives.sum(axis=0)
    gives[:, left >= UNLIMITED // 2] = UNLIMITED
    left[left >= UNLIMITED // 2] = 0
    gives[turn % frames] += left
    return gives.reshape(frames * len(depots), len(parts))


def _nodes(draft: Draft, visit: Int64, held: Int64) -> Ints:
    """Node of each visit as in flat (of a held one where it stands), and that with its promise set aside.

    Where the number of moved promises is capped, only those already moved may be.
    """
    flat, cap = draft.flat, draft.problem.max_moved
    nodes = np.column_stack([visit, np.full(len(visit), ABSENT)])
    for row, (v, frame) in enumerate(zip(visit.tolist(), held.tolist(), strict=True)):
        promise = flat.problem.visits[v].promise
        if frame >= 0:
            nodes[row, 0] = draft.grid.nodes[frame, draft.position(frame, v)]
        elif promise is not None and promise.move_cents is not None:
            is_moved = cap is not None and v in draft.seats and draft.is_moved(v)
            nodes[row, 1] = v + flat.visits if cap is None or is_moved else ABSENT
    return np.ascontiguousarray(nodes)


def within(a: Arrays, visit: Int64, frames: Int64) -> Arrays:
    """The arrays with matrices of just the places that matter, where these are few: those of a region fit
    into the processor's cache, those of a large day do not.
    """
    depots = a.place[2 * len(a.able) :]
    places = np.unique(np.concatenate([a.place[visit], a.from_place[frames], a.to_place[frames], depots]))
    if 2 * len(places) > a.durations.shape[1]:
        return a
    number = np.zeros(a.durations.shape[1], np.int64)
    number[places] = np.arange(len(places))
    grid = np.ix_(np.arange(len(a.durations)), places, places)
    return a._replace(
        durations=a.durations[grid],
        distances=a.distances[grid],
        place=number[a.place],
        from_place=number[a.from_place],
        to_place=number[a.to_place],
    )


def _table(rows: Sequence[Sequence[int]], height: int, width: int) -> Int64:
    return np.array(rows, dtype=np.int64).reshape(height, width)


def _bits(sets: Sequence[frozenset[str]], names: Sequence[str]) -> Int64:
    place = {name: index for index, name in enumerate(names)}
    return np.array([sum(1 << place[x] for x in members if x in place) for members in sets], dtype=np.int64)


def _kinds(flat: Flat, visit: Int64, frames: Int64, supply: Int64) -> tuple[Int32, Int64]:
    """Kind of each frame, frames alike in everything sharing one, and the first route of each kind."""
    a = flat.arrays
    columns = (
        *(a.profile, a.start, a.end, a.limit, a.from_place, a.to_place),
        *(a.per_hour, a.per_km, a.overtime, a.day_fee, a.fairness),
    )
    table = np.column_stack([*(column[frames] for column in columns), supply])
    seen: dict[tuple[object, ...], int] = {}
    kind, first = [], []
    for route, frame in enumerate(frames.tolist()):
        technician, rests = a.technician[frame], slice(a.b_ptr[frame], a.b_ptr[frame + 1])
        key = (
            *(table[route].tobytes(), flat.problem.technicians[technician].vendor),
            *(
                a.percent[technician].tobytes(),
                a.tariff[technician].tobytes(),
                a.able[visit, frame].tobytes(),
            ),
            *(column[rests].tobytes() for column in (a.b_earliest, a.b_latest, a.b_duration)),
        )
        if key not in seen:
            seen[key] = len(seen)
            first.append(route)
        kind.append(seen[key])
    return np.array(kind, dtype=np.int32), np.array(first, dtype=np.int64)


def _hull(flat: Flat, nodes: Ints, pin: Int64) -> tuple[Int64, Int64]:
    """Earliest and latest start of each visit over its windows, those without its promise included."""
    a = flat.arrays
    opens, closes = np.full(len(nodes), FOREVER_S), np.full(len(nodes), -1)
    for row, either in enumerate(nodes.tolist()):
        for node in either:
            low, high = (int(word) for word in a.w_ptr[node : node + 2]) if node >= 0 else (0, 0)
            if low < high:
                opens[row] = min(opens[row], a.w_start[low])
                closes[row] = max(closes[row], a.w_end[high - 1])
    opens[pin >= 0] = closes[pin >= 0] = pin[pin >= 0]
    return opens, closes


def _places(a: Arrays, visit: Int64, frames: Int64) -> tuple[Int32, Int64]:
    """Place of each node of the search among the places it needs, and these."""
    of_nodes = np.concatenate([a.place[visit], a.from_place[frames], a.to_place[frames]])
    places, at = np.unique(of_nodes, return_inverse=True)
    return at.astype(np.int32), places.astype(np.int64)


def _travel(a: Arrays, frames: Int64, places: Int64) -> tuple[Int32, Int32, Int32]:
    """Travel class of each frame, with the least price and time of driving in each class.

    A class is a profile with its rates. An hour of driving is paid whatever the rest of the day is like, so
    the price counts it.
    """
    columns = (a.profile, a.per_km, a.per_hour)
    rates = list(zip(*(column[frames].tolist() for column in columns), strict=True))
    if len(set(rates)) > MOST_CLASSES:
        least = {p: (p, *np.min([rate[1:] for rate in rates if rate[0] == p], axis=0)) for p, _, _ in rates}
        rates = [least[p] for p, _, _ in rates]
    classes: dict[tuple[int, int, int], int] = {}
    index = np.array([classes.setdefault(rate, len(classes)) for rate in rates], dtype=np.int32)
    grid = np.ix_(places, places)
    roads = {}
    for profile in {profile for profile, _, _ in classes}:
        fastest = float(np.diff(a.clock[profile]).max()) / 3600 if a.is_rush[profile] else 1.0
        seconds = (a.durations[profile][grid] / max(fastest, 1.0)).astype(np.int32)
        roads[profile] = seconds, a.distances[profile][grid]
    times = [roads[profile][0] for profile, _, _ in classes]
    costs = [
        (roads[profile][1] * (per_km / 1000) + roads[profile][0] * (per_hour / 3600)).astype(np.int32)
        for profile, per_km, per_hour in classes
    ]
    return index, np.ascontiguousarray(np.stack(costs)), np.ascontiguousarray(np.stack(times))


def _groups(draft: Draft, scope: Scope) -> tuple[Int32, Int64]:
    """Vendor and day of each frame where the vendor has a capacity, and what of it the search may use."""
    problem, frames = draft.problem, scope.frames
    groups: dict[tuple[str, int], int] = {}
    index = np.full(len(frames), ABSENT, np.int32)
    own: Counter[tuple[str, int]] = Counter()
    for route, frame in enumerate(frames.tolist()):
        key = draft.vendor_day(frame)
        if key is not None and problem.vendor_by_id[key[0]].daily_capacity is not None:
            index[route] = groups.setdefault(key, len(groups))
            own[key] += len(_visits(draft, frame))
    left = draft.vendor_room() if scope.room is None else scope.room
    return index, np.array([own[key] + left[key] for key in groups], dtype=np.int64)
