"""The other open solvers at their best sensible settings; each is an optional dependency of the benchmark.

PyVRP: skills as travel profiles, outsourcing as prizes. VROOM: skills as such, outsourcing only as
priorities.
OR-Tools: guided local search from parallel cheapest insertion. PyVRP and VROOM have no model of tools, parts
and pick-ups, so they do not take ``trsp``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from routing.bench.instances import BoolArray, Instance, IntArray, SkillInstance, ToolInstance, WindowInstance

if TYPE_CHECKING:
    from ortools.constraint_solver import pywrapcp

Routes = list[tuple[int, list[int]]]
OnCost = Callable[[float, float], None]
"""Told each new best cost in the solver's own unit, and the seconds since its search began."""

FORBIDDEN = 10_000_000
MUST = 100_000_000


class NoModelError(ValueError):
    """The solver cannot express the family."""


@dataclass(frozen=True)
class Fleet:
    """The two matrix families in one form; node 0 is the depot, technicians count from 0."""

    distance: IntArray
    opens: IntArray
    closes: IntArray
    service: IntArray
    demand: IntArray
    prize: IntArray | None
    eligible: BoolArray
    capacity: int
    first_number: int

    def numbered(self, routes: list[tuple[int, list[int]]]) -> Routes:
        """Routes in the file's own numbering."""
        return [(who + 1, [node + self.first_number for node in nodes]) for who, nodes in routes if nodes]

    def classes(self) -> dict[bytes, list[int]]:
        """Technicians by what they may do."""
        groups: dict[bytes, list[int]] = {}
        for who, row in enumerate(self.eligible):
            groups.setdefault(row.tobytes(), []).append(who)
        return groups


def fleet_of(instance: Instance, solver: str) -> Fleet:
    """The common form; raises NoModelError for ``trsp``."""
    if isinstance(instance, ToolInstance):
        raise NoModelError(f"{solver} has no model of tools, parts and pick-ups (trsp)")
    if isinstance(instance, SkillInstance):
        none = np.zeros(len(instance.opens), dtype=np.int64)
        return Fleet(
            instance.distance,
            instance.opens,
            instance.closes,
            instance.service,
            none,
            instance.outsourcing,
            instance.eligible,
            0,
            1,
        )
    everybody = np.ones((instance.vehicles, len(instance.opens)), dtype=np.bool_)
    return Fleet(
        instance.distance,
        instance.opens,
        instance.closes,
        instance.service,
        instance.demand,
        None,
        everybody,
        instance.capacity,
        0,
    )


def solve_pyvrp(instance: Instance, seconds: float, seed: int, on_cost: OnCost | None = None) -> Routes:
    """PyVRP with its default parameters."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    fleet = fleet_of(instance, "pyvrp")
    model = pyvrp.Model()
    horizon = int(fleet.closes[0])
    nodes = range(len(fleet.opens))
    places = [model.add_location(node, node) for node in nodes]
    model.add_depot(places[0], tw_early=int(fleet.opens[0]), tw_late=horizon)
    for node in nodes[1:]:
        model.add_client(
            places[node],
            delivery=[int(fleet.demand[node])] if fleet.capacity else [],
            service_duration=int(fleet.service[node]),
            tw_early=int(fleet.opens[node]),
            tw_late=int(fleet.closes[node]),
            prize=0 if fleet.prize is None else int(fleet.prize[node]),
            required=fleet.prize is None,
        )
    crews = list(fleet.classes().values())
    for crew in crews:
        profile = model.add_profile()
        able = fleet.eligible[crew[0]]
        for start in nodes:
            for end in nodes:
                if start != end:
                    length = int(fleet.distance[start, end]) if able[end] else FORBIDDEN
                    model.add_edge(
                        places[start], places[end], distance=length, duration=length, profile=profile
                    )
        model.add_vehicle_type(
            len(crew),
            capacity=[fleet.capacity] if fleet.capacity else [],
            profile=profile,
            tw_early=int(fleet.opens[0]),
            tw_late=horizon,
        )
    result = model.solve(
        stop=MaxRuntime(seconds), seed=seed, collect_stats=on_cost is not None, display=False
    )
    if on_cost is not None:
        for spent, step in zip(accumulate(result.stats.runtimes), result.stats, strict=True):
            if step.best_feas:
                on_cost(float(step.best_cost), spent)
    free = [list(crew) for crew in crews]
    found = []
    for route in result.best.routes():
        stops = [activity.idx + 1 for activity in route if activity.is_client()]
        found.append((free[route.vehicle_type()].pop(), stops))
    return fleet.numbered(found)


def solve_vroom(instance: Instance, seconds: float, seed: int, on_cost: OnCost | None = None) -> Routes:
    """VROOM at its highest exploration level, until it stops by itself or the time is over."""
    import vroom

    fleet = fleet_of(instance, "vroom")
    problem = vroom.Input()
    problem.set_durations_matrix("car", fleet.distance.astype(np.uint32))
    horizon = int(fleet.closes[0])
    groups = {who: skill for skill, crew in enumerate(fleet.classes().values(), start=1) for who in crew}
    able = np.array([fleet.eligible[crew[0]] for crew in fleet.classes().values()])
    patterns: dict[bytes, int] = {}
    need = [patterns.setdefault(able[:, node].tobytes(), len(patterns)) for node in range(len(fleet.opens))]
    problem.add_vehicle(
        [
            vroom.Vehicle(
                who + 1,
                start=0,
                end=0,
                time_window=[int(fleet.opens[0]), horizon],
                skills={s for row, s in patterns.items() if np.frombuffer(row, np.bool_)[groups[who] - 1]},
                **({"capacity": [fleet.capacity]} if fleet.capacity else {}),
            )
            for who in range(len(fleet.eligible))
        ]
    )
    top = 1 if fleet.prize is None else int(fleet.prize.max())
    problem.add_job(
        [
            vroom.Job(
                node,
                location=node,
                default_service=int(fleet.service[node]),
                skills={need[node]},
                priority=0 if fleet.prize is None else int(100 * fleet.prize[node] / top),
                time_windows=[vroom.TimeWindow(int(fleet.opens[node]), int(fleet.closes[node]))],
                **({"delivery": [int(fleet.demand[node])]} if fleet.capacity else {}),
            )
            for node in range(1, len(fleet.opens))
        ]
    )
    answer = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds)).routes
    found = [
        (int(who) - 1, [int(node) for node in steps[steps.type == "job"].id])
        for who, steps in answer.groupby("vehicle_id")
    ]
    return fleet.numbered(found)


def solve_ortools(instance: Instance, seconds: float, seed: int, on_cost: OnCost | None = None) -> Routes:
    """The OR-Tools routing model with guided local search."""
    from ortools.constraint_solver import pywrapcp

    fleet = fleet_of(instance, "ortools")
    manager = pywrapcp.RoutingIndexManager(len(fleet.opens), len(fleet.eligible), 0)
    routing = pywrapcp.RoutingModel(manager)
    _add_ortools_rules(fleet, manager, routing)
    if on_cost is not None:
        # Closing the model, which takes seconds for a thousand customers, is part of the time it is given.
        began = perf_counter()
        routing.AddAtSolutionCallback(lambda: on_cost(float(routing.CostVar().Min()), perf_counter() - began))
    answer = routing.SolveWithParameters(_ortools_parameters(seconds))
    if answer is None:
        raise NoModelError("OR-Tools found no solution in the time given")
    found = []
    for who in range(len(fleet.eligible)):
        index, stops = answer.Value(routing.NextVar(routing.Start(who))), []
        while not routing.IsEnd(index):
            stops.append(manager.IndexToNode(index))
            index = answer.Value(routing.NextVar(index))
        found.append((who, stops))
    return fleet.numbered(found)


def _add_ortools_rules(
    fleet: Fleet, manager: pywrapcp.RoutingIndexManager, routing: pywrapcp.RoutingModel
) -> None:
    horizon = int(fleet.closes[0])
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(fleet.distance.tolist()))
    elapsed = fleet.distance + fleet.service[:, None]
    np.fill_diagonal(elapsed, 0)
    routing.AddDimension(routing.RegisterTransitMatrix(elapsed.tolist()), horizon, horizon, False, "time")
    if fleet.capacity:
        load = routing.RegisterUnaryTransitVector(fleet.demand.tolist())
        routing.AddDimension(load, 0, fleet.capacity, True, "load")
    time = routing.GetDimensionOrDie("time")
    for node in range(1, len(fleet.opens)):
        index = manager.NodeToIndex(node)
        time.CumulVar(index).SetRange(int(fleet.opens[node]), int(fleet.closes[node]))
        routing.AddDisjunction([index], MUST if fleet.prize is None else int(fleet.prize[node]))
        able = np.flatnonzero(fleet.eligible[:, node])
        if len(able) < len(fleet.eligible):
            # In OR-Tools 9.15 SetAllowedVehiclesForIndex takes no list from Python.
            routing.VehicleVar(index).SetValues([-1, *(int(who) for who in able)])


def _ortools_parameters(seconds: float) -> pywrapcp.RoutingSearchParameters:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.time_limit.FromMilliseconds(int(seconds * 1000))
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    return parameters


PEERS: dict[str, Callable[[Instance, float, int, OnCost | None], Routes]] = {
    "pyvrp": solve_pyvrp,
    "vroom": solve_vroom,
    "ortools": solve_ortools,
}

__all__ = ["PEERS", "NoModelError", "Routes", "WindowInstance"]
