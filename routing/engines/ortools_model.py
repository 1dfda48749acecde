"""A problem as an OR-Tools routing model: vehicles are frames, costs are 1/3600 cents."""

from collections.abc import Hashable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from ortools.constraint_solver import pywrapcp

from routing.engines.ortools_nodes import ModelNode
from routing.flat import Flat
from routing.problem import FOREVER_S

UNIT = 3600
"""Model cost per cent, so that a second at an hourly rate is a whole number."""


class Model:
    """The routing model and the way back from its indices.

    Parameters
    ----------
    flat : Flat
    nodes : sequence of ModelNode
    """

    def __init__(self, flat: Flat, nodes: Sequence[ModelNode]) -> None:
        self.flat, self.nodes = flat, list(nodes)
        self.frames = sorted({frame for node in nodes for frame in node.frames})
        self.vehicle = {frame: number for number, frame in enumerate(self.frames)}
        a = flat.arrays
        ends = [(int(a.from_place[f]), int(a.to_place[f])) for f in self.frames]
        self.homes = sorted({place for pair in ends for place in pair})
        home = {place: len(nodes) + number for number, place in enumerate(self.homes)}
        self.manager = pywrapcp.RoutingIndexManager(
            len(nodes) + len(self.homes),
            len(self.frames),
            [home[start] for start, _ in ends],
            [home[end] for _, end in ends],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.index = [self.manager.NodeToIndex(number) for number in range(len(nodes))]
        self.places = np.array([int(a.place[n.node]) for n in nodes] + self.homes, dtype=np.int64)
        self._classes: dict[Hashable, int] = {}
        self.horizon = int(max(int(a.limit[f]) for f in self.frames)) + 1
        self.time = self._add_time()
        self._add_driving_cost()
        self._add_fees()
        self._add_visits()

    def unary(self, values: Sequence[int]) -> int:
        """Callback for a quantity used at each node, homes excluded."""
        padded = [int(value) for value in values] + [0] * len(self.homes)
        key = ("unary", tuple(padded))
        if key not in self._classes:
            self._classes[key] = self.routing.RegisterUnaryTransitVector(padded)
        return self._classes[key]

    def _matrix(self, key: Hashable, matrix: npt.NDArray[np.int64]) -> int:
        if key not in self._classes:
            self._classes[key] = self.routing.RegisterTransitMatrix(matrix.tolist())
        return self._classes[key]

    def services(self, frame: int) -> list[int]:
        """Service time of the frame's technician at each node."""
        return [self.flat.service_s(node.node, frame) for node in self.nodes]

    def slowest_percent(self, frame: int) -> int:
        """Driving time in percent at the slowest hour of the frame.

        The model drives at this pace all day: whatever it finds can be driven, for driving is never slower.
        """
        a = self.flat.arrays
        tables = list(self.flat.problem.travel.values())
        percent = tables[int(a.profile[frame])].hour_percent
        if percent is None:
            return 100
        first, last = int(a.start[frame]) // 3600, int(a.limit[frame]) // 3600
        return max(percent[hour % 24] for hour in range(first, min(last, first + 23) + 1))

    def _add_time(self) -> "pywrapcp.RoutingDimension":
        a = self.flat.arrays
        transits, services = [], []
        for frame in self.frames:
            served = self.services(frame)
            services.append(served)
            profile, percent = int(a.profile[frame]), self.slowest_percent(frame)
            key = ("time", profile, percent, tuple(served))
            if key not in self._classes:
                durations = a.durations[profile][np.ix_(self.places, self.places)].astype(np.int64)
                durations = -(-durations * percent // 100)
                durations[: len(served)] += np.array(served, dtype=np.int64)[:, None]
                self._matrix(key, durations)
            transits.append(self._classes[key])
        # An interrupted leg may wait, so waiting is free up to the whole horizon.
        self.routing.AddDimensionWithVehicleTransits(transits, self.horizon, self.horizon, False, "time")
        time = self.routing.GetDimensionOrDie("time")
        for vehicle, frame in enumerate(self.frames):
            self._add_shift(time, vehicle, frame, services[vehicle])
        return time

    def _add_shift(
        self, time: "pywrapcp.RoutingDimension", vehicle: int, frame: int, services: list[int]
    ) -> None:
        a, routing = self.flat.arrays, self.routing
        start, end = routing.Start(vehicle), routing.End(vehicle)
        for index in (start, end):
            time.CumulVar(index).SetRange(int(a.start[frame]), int(a.limit[frame]))
        time.SetSpanCostCoefficientForVehicle(int(a.per_hour[frame]), vehicle)
        if a.overtime[frame] > 0:
            time.SetCumulVarSoftUpperBound(end, int(a.end[frame]), int(a.overtime[frame]))
        routing.SetFixedCostOfVehicle(int(a.day_fee[frame]) * UNIT, vehicle)
        routing.AddVariableMinimizedByFinalizer(time.CumulVar(end))
        routing.AddVariableMaximizedByFinalizer(time.CumulVar(start))
        rests = range(int(a.b_ptr[frame]), int(a.b_ptr[frame + 1]))
        intervals = [
            routing.solver().FixedDurationIntervalVar(
                int(a.b_earliest[b]), int(a.b_latest[b]), int(a.b_duration[b]), False, f"break {b}"
            )
            for b in rests
        ]
        if intervals:
            on_site = [0] * routing.Size()
            for number, index in enumerate(self.index):
                on_site[index] = services[number]
            time.SetBreakIntervalsOfVehicle(intervals, vehicle, on_site)
            for before, after in pairwise(intervals):
                routing.solver().Add(after.StartsAfterEnd(before))

    def _add_driving_cost(self) -> None:
        a = self.flat.arrays
        for vehicle, frame in enumerate(self.frames):
            profile, per_km = int(a.profile[frame]), int(a.per_km[frame])
            key = ("cost", profile, per_km)
            if key not in self._classes:
                metres = a.distances[profile][np.ix_(self.places, self.places)].astype(np.int64)
                self._matrix(key, metres * per_km * UNIT // 1000)
            self.routing.SetArcCostEvaluatorOfVehicle(self._classes[key], vehicle)

    def _add_fees(self) -> None:
        """Tariffs, preferences and moved promises: what stopping costs whoever does it.

        With a callback for each vehicle a node could not be left out any more if all of them are above zero
        there, so what everybody pays is in a dimension of its own, with one callback for all.
        """
        rows = [[self._fee(node, frame) for node in self.nodes] for frame in self.frames]
        everybody = [min(column) for column in zip(*rows, strict=True)]
        extra = [[fee - base for fee, base in zip(row, everybody, strict=True)] for row in rows]
        most = sum(max(column) for column in zip(*rows, strict=True)) + 1
        if any(everybody):
            self.routing.AddDimension(self.unary(everybody), 0, most, True, "fees")
            self.routing.GetDimensionOrDie("fees").SetSpanCostCoefficientForAllVehicles(UNIT)
        if any(any(row) for row in extra):
            callbacks = [self.unary(row) for row in extra]
            self.routing.AddDimensionWithVehicleTransits(callbacks, 0, most, True, "own fees")
            self.routing.GetDimensionOrDie("own fees").SetSpanCostCoefficientForAllVehicles(UNIT)

    def _fee(self, node: ModelNode, frame: int) -> int:
        a = self.flat.arrays
        if node.visit < 0 or frame not in node.frames:
            return 0
        fee = int(a.tariff[a.technician[frame], a.job[node.node]])
        if a.able[node.visit, frame] == 2:
            fee += int(a.not_preferred[node.visit])
        if node.node != node.visit and not node.is_fixed:
            fee += int(a.move[node.visit])
        return fee

    def _add_visits(self) -> None:
        choices: dict[int, list[int]] = {}
        for number, node in enumerate(self.nodes):
            self._restrict(number, node)
            if node.is_fixed:
                continue
            if node.visit >= 0:
                choices.setdefault(node.visit, []).append(self.index[number])
            else:
                self.routing.AddDisjunction([self.index[number]], 0)
        for visit, indices in choices.items():
            self.routing.AddDisjunction(indices, int(self.flat.drop[visit]) * UNIT, 1)

    def _restrict(self, number: int, node: ModelNode) -> None:
        index = self.index[number]
        vehicles = [self.vehicle[frame] for frame in node.frames]
        # SetAllowedVehiclesForIndex does not take a list from Python.
        self.routing.VehicleVar(index).SetValues(vehicles if node.is_fixed else [-1, *vehicles])
        cumul = self.time.CumulVar(index)
        windows = [window for window in node.windows if window.start_s <= self.horizon]
        if not windows:
            self.routing.ActiveVar(index).SetValue(0)
            return
        cumul.SetRange(windows[0].start_s, min(windows[-1].end_s, self.horizon))
        for before, after in pairwise(windows):
            if before.end_s + 1 < after.start_s:
                cumul.RemoveInterval(before.end_s + 1, after.start_s - 1)
        due = windows[0].due_s
        if due is not None and due < FOREVER_S and windows[0].late_cents_per_minute > 0:
            self.time.SetCumulVarSoftUpperBound(index, due, windows[0].late_cents_per_minute * UNIT // 60)
