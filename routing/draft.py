"""A plan being changed: routes as arrays, priced exactly, with what the rules across routes need to know."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from routing.errors import PlanError
from routing.flat import Arrays, Flat, Ints
from routing.kernel import Slots, slots
from routing.loads import StopItem, Warehouse, lacks_tools, plan_loads
from routing.money import rounded
from routing.plan import Plan, Route, Stop
from routing.problem import FOREVER_S
from routing.scan import Grid, empty_grid, reprice, time_route, widen
from routing.vans import Vans

SPARE_COLUMNS = 4
Bounds = tuple[int, int]
FREE: Bounds = (0, FOREVER_S)


class Draft:
    """Routes by frame; every change keeps times, price and seats right.

    A visit that depends on other routes (a crew, a relation) is pinned at its start once it is in, so that a
    route can always be timed alone.
    """

    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.problem = flat.problem
        self.grid: Grid = empty_grid(len(self.problem.frames), 8 + SPARE_COLUMNS)
        self.seats: dict[int, tuple[int, ...]] = {}
        """Frames serving each visit, the leading one first."""
        self.untouched: dict[int, Route] = {}
        self._vans: Vans | None = None
        self._full: npt.NDArray[np.bool_] | None = None
        self.linked = flat.linked
        breaks = np.diff(flat.arrays.b_ptr)
        self._breaks = int(breaks.max(initial=0))
        self._make_room(self.grid.nodes.shape[1])

    @classmethod
    def of(cls, flat: Flat, plan: Plan) -> "Draft":
        """The plan as it stands; its routes keep the times they state until they are changed.

        Raises
        ------
        PlanError
            When the plan names something the problem does not have.
        """
        draft = cls(flat)
        draft._take(plan)
        used = np.flatnonzero(draft.grid.stops)
        reprice(flat.arrays, draft.grid, used, draft.buffer, draft.slots)
        return draft

    def copy(self) -> "Draft":
        """The same routes, to be changed apart from these."""
        twin = Draft.__new__(Draft)
        twin.__dict__.update(self.__dict__)
        twin.grid = Grid(*(column.copy() for column in self.grid))
        twin.seats, twin.untouched = dict(self.seats), dict(self.untouched)
        return twin

    def seen_with(self, arrays: Arrays) -> "Draft":
        """The same routes under other arrays, to look for places in; not to be changed."""
        twin = Draft.__new__(Draft)
        twin.__dict__.update(self.__dict__)
        twin.flat = replace(self.flat, arrays=arrays)
        return twin

    def _take(self, plan: Plan) -> None:
        """Every route of the plan at once: this is most of what an insertion costs."""
        while max((len(r.stops) for r in plan.routes), default=0) + SPARE_COLUMNS > self.grid.nodes.shape[1]:
            self._widen()
        frames: list[int] = []
        rows: list[int] = []
        columns: list[int] = []
        nodes: list[int] = []
        begins: list[int] = []
        for route in plan.routes:
            frame = self._frame_of(route)
            frames.append(frame)
            self.untouched[frame] = route
            rows.extend([frame] * len(route.stops))
            columns.extend(range(len(route.stops)))
            for stop in route.stops:
                node = self._node_of(stop)
                nodes.append(node)
                begins.append(stop.start_s)
                if stop.visit is not None:
                    others = self.seats.get(node)
                    if others is None:
                        self.seats[node] = (frame,)
                    else:
                        self.seats[node] = (frame, *others) if stop.is_lead else (*others, frame)
        grid = self.grid
        grid.nodes[rows, columns] = self._variants(np.array(nodes, dtype=np.int64), begins)
        grid.begin[rows, columns] = begins
        grid.stops[frames] = [len(route.stops) for route in plan.routes]
        grid.depart[frames] = [route.depart_s for route in plan.routes]
        grid.back[frames] = [route.return_s for route in plan.routes]
        if self.linked:
            held = [number for number, node in enumerate(nodes) if node in self.linked]
            at = [rows[k] for k in held], [columns[k] for k in held]
            grid.lo[at] = grid.hi[at] = [begins[k] for k in held]

    def _variants(self, nodes: Ints, begins: Sequence[int]) -> Ints:
        """Nodes of visits as they are served: with the promise kept, or with it set aside."""
        a, starts = self.flat.arrays, np.asarray(begins, dtype=np.int64)
        is_moved = (starts < a.promise_start[nodes]) | (starts > a.promise_end[nodes])
        return np.where(is_moved & (nodes < self.flat.visits), nodes + self.flat.visits, nodes)

    def _frame_of(self, route: Route) -> int:
        technician = self.problem.technician_index.get(route.technician, -1)
        frames = self.flat.technician_frames.get(technician, ())
        if not 0 <= route.shift < len(frames):
            raise PlanError(f"technician {route.technician} has no shift {route.shift} in this problem")
        return frames[route.shift]

    def _node_of(self, stop: Stop) -> int:
        if stop.visit is None:
            depot = self.problem.depot_index.get(str(stop.depot))
            if depot is None:
                raise PlanError(f"depot {stop.depot} is not in this problem")
            return 2 * self.flat.visits + depot
        visit = self.problem.visit_index.get(stop.visit)
        if visit is None:
            raise PlanError(f"visit {stop.visit} is not in this problem")
        return visit

    def _widen(self) -> None:
        self.grid = widen(self.grid, 2 * self.grid.nodes.shape[1])
        self._make_room(self.grid.nodes.shape[1])

    def _make_room(self, width: int) -> None:
        self.buffer: Ints = np.zeros(width + SPARE_COLUMNS, dtype=np.int64)
        self.slots: Slots = slots(width + SPARE_COLUMNS, self._breaks)
        self.base: Slots = slots(width + SPARE_COLUMNS, self._breaks)

    def nodes(self, frame: int) -> list[int]:
        """Nodes of a route in order."""
        nodes: list[int] = self.grid.nodes[frame, : self.grid.stops[frame]].tolist()
        return nodes

    def position(self, frame: int, visit: int) -> int:
        """Where in the frame's route the visit is."""
        return [self.flat.visit_of(node) for node in self.nodes(frame)].index(visit)

    def start_s(self, visit: int) -> int:
        """When a served visit starts."""
        frame = self.seats[visit][0]
        return int(self.grid.begin[frame, self.position(frame, visit)])

    def end_s(self, visit: int) -> int:
        """When the last of the crew of a served visit is done."""
        start = self.start_s(visit)
        return start + max(self.flat.service_s(visit, frame) for frame in self.seats[visit])

    def technicians(self, visit: int) -> set[int]:
        """Who serves the visit."""
        return {self.problem.frames[frame][0] for frame in self.seats.get(visit, ())}

    @property
    def unserved(self) -> list[int]:
        """Visits in no route."""
        return [visit for visit in range(self.flat.visits) if visit not in self.seats]

    def set_route(self, frame: int, nodes: Sequence[int], bounds: Mapping[int, Bounds] | None = None) -> bool:
        """Replace a route if the new one can be timed; whether it could.

        Parameters
        ----------
        bounds : mapping of visit to (earliest, latest) start
            On top of the visits' windows; those missing keep the bounds they have.
        """
        while len(nodes) + SPARE_COLUMNS > self.grid.nodes.shape[1]:
            self._widen()
        self._vans = self._full = None
        before = self._snapshot(frame)
        kept = {
            self.flat.visit_of(node): (int(self.grid.lo[frame, position]), int(self.grid.hi[frame, position]))
            for position, node in enumerate(self.nodes(frame))
        }
        self._write(frame, nodes, kept | dict(bounds or {}))
        if nodes and not time_route(self.flat.arrays, self.grid, frame, self.buffer, self.slots):
            self._restore(frame, before)
            return False
        self.untouched.pop(frame, None)
        if not nodes:
            self.grid.cents[frame] = 0
        return True

    def _write(self, frame: int, nodes: Sequence[int], bounds: Mapping[int, Bounds]) -> None:
        grid = self.grid
        grid.stops[frame] = len(nodes)
        for position, node in enumerate(nodes):
            visit = self.flat.visit_of(node)
            low, high = bounds.get(visit, FREE) if visit >= 0 else FREE
            grid.nodes[frame, position], grid.lo[frame, position], grid.hi[frame, position] = node, low, high

    def _snapshot(self, frame: int) -> list[np.ndarray]:
        return [np.copy(column[frame]) for column in self.grid]

    def _restore(self, frame: int, before: list[np.ndarray]) -> None:
        for column, values in zip(self.grid, before, strict=True):
            column[frame] = values

    def pin(self, visit: int) -> None:
        """Hold a linked visit at its start."""
        start = self.start_s(visit)
        for frame in self.seats[visit]:
            position = self.position(frame, visit)
            self.grid.lo[frame, position] = self.grid.hi[frame, position] = start

    def remove(self, visit: int) -> None:
        """Take a visit out of its routes; a pick-up nobody needs any more goes as well."""
        for frame in self.seats.pop(visit):
            rest = [node for node in self.nodes(frame) if self.flat.visit_of(node) != visit]
            lean = [node for node in rest if self.flat.depot_of(node) < 0]
            if len(lean) < len(rest) and self._is_supplied(frame, lean) and self.set_route(frame, lean):
                continue
            if not self.set_route(frame, rest if lean else []):
                # Without the stop the triangle inequality may fail to hold; the times before still do.
                raise PlanError(f"route of {self.problem.frames[frame]} cannot be timed without a visit")

    def _is_supplied(self, frame: int, nodes: Sequence[int]) -> bool:
        technician, _ = self.problem.frames[frame]
        return self.supplies(technician, {frame: nodes})

    def items(
        self, technician: int, changed: Mapping[int, Sequence[int]], follows: int = -1
    ) -> list[tuple[int, StopItem, bool]]:
        """Every stop of a technician in order as (frame, visit or depot, leads); some routes replaced.

        ``follows`` is a visit whose parts come from somebody else's van.
        """
        found: list[tuple[int, StopItem, bool]] = []
        for frame in self.flat.technician_frames[technician]:
            for node in changed.get(frame, self.nodes(frame)):
                visit, depot = self.flat.visit_of(node), self.flat.depot_of(node)
                if depot >= 0:
                    found.append((frame, self.problem.depots[depot], False))
                else:
                    leads = visit != follows and self.seats.get(visit, (frame,))[0] == frame
                    found.append((frame, self.problem.visits[visit], leads))
        return found

    def supplies(self, technician: int, changed: Mapping[int, Sequence[int]], follows: int = -1) -> bool:
        """Whether parts and tools suffice with some of the technician's routes replaced."""
        who = self.problem.technicians[technician]
        items = self.items(technician, changed, follows)
        by_frame: dict[int, list[StopItem]] = {}
        for frame, item, _ in items:
            by_frame.setdefault(frame, []).append(item)
        if any(lacks_tools(who, stops) for stops in by_frame.values()):
            return False
        warehouse = Warehouse(self.problem)
        self._draw(warehouse, without=technician)
        return plan_loads(who, [(item, leads) for _, item, leads in items], warehouse) is not None

    def _draw(self, warehouse: Warehouse, without: int) -> None:
        """Take what everybody else picks up, where depots can run out at all."""
        if all(depot.stock is None for depot in self.problem.depots):
            return
        for technician in self.depot_users():
            if technician != without:
                items = self.items(technician, {})
                stops = [(item, leads) for _, item, leads in items]
                plan_loads(self.problem.technicians[technician], stops, warehouse)

    def vans(self) -> Vans:
        """What vans can still give, as the routes stand."""
        if self._vans is None:
            self._vans = Vans(self)
        return self._vans

    def depot_users(self) -> list[int]:
        """Technicians with a pick-up."""
        if not self.problem.depots:
            return []
        frames = np.flatnonzero((self.grid.nodes >= 2 * self.flat.visits).any(axis=1))
        return sorted(
            {
                self.problem.frames[frame][0]
                for frame in frames
                if any(self.flat.depot_of(node) >= 0 for node in self.nodes(int(frame)))
            }
        )

    def vendor_load(self) -> Counter[tuple[str, int]]:
        """Visits by vendor and day."""
        load: Counter[tuple[str, int]] = Counter()
        if self.flat.vendor_days:
            nodes, stops = self.grid.nodes, self.grid.stops[:, None]
            is_visit = (np.arange(nodes.shape[1]) < stops) & (nodes < 2 * self.flat.visits)
            counts = is_visit.sum(axis=1).tolist()
            for frame, key in self.flat.vendor_days.items():
                load[key] += counts[frame]
        return load

    def vendor_room(self) -> dict[tuple[str, int], int]:
        """Visits that vendors with a capacity can still take, by vendor and day."""
        vendors, load = self.problem.vendor_by_id, self.vendor_load()
        limits = {key: vendors[key[0]].daily_capacity for key in self.flat.vendor_days.values()}
        return {key: max(0, limit - load[key]) for key, limit in limits.items() if limit is not None}

    def vendor_day(self, frame: int) -> tuple[str, int] | None:
        """The capacity a visit in this frame uses up."""
        return self.flat.vendor_days.get(frame)

    def full_frames(self) -> npt.NDArray[np.bool_]:
        """Whether the vendor behind each frame can take no more visits that day; shape (frames,)."""
        if self._full is None:
            full = {key for key, room in self.vendor_room().items() if room == 0}
            self._full = np.zeros(len(self.problem.frames), dtype=np.bool_)
            self._full[[frame for frame, key in self.flat.vendor_days.items() if key in full]] = True
        return self._full

    def is_moved(self, visit: int) -> bool:
        """Whether a served visit starts outside its promise."""
        promise = self.problem.visits[visit].promise
        return promise is not None and not promise.start_s <= self.start_s(visit) <= promise.end_s

    def moved(self) -> int:
        """How many promises are moved."""
        return sum(self.is_moved(v) for v in self.seats if self.problem.visits[v].promise is not None)

    def visit_cents(self, visit: int, start_s: int) -> int:
        """Lateness and moved promise of a visit starting then, counted once."""
        item = self.problem.visits[visit]
        cents = 0
        for window in item.windows:
            if window.start_s <= start_s <= window.end_s and window.due_s is not None:
                cents = rounded(max(0, start_s - window.due_s) * window.late_cents_per_minute, 60)
        if item.promise is not None and not item.promise.start_s <= start_s <= item.promise.end_s:
            cents += item.promise.move_cents or 0
        return cents

    def total_cents(self) -> int:
        """What the draft costs, visits left out included."""
        crews = sum(
            (len(frames) - 1) * self.visit_cents(visit, self.start_s(visit))
            for visit, frames in self.seats.items()
            if len(frames) > 1
        )
        used = self.grid.stops > 0
        return int(self.grid.cents[used].sum()) - crews + sum(int(self.flat.drop[v]) for v in self.unserved)
