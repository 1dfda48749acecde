"""One engine on one instance: solve, check independently, report one record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from routing.bench.evaluate import RouteError, evaluate
from routing.bench.instances import Family, Instance, SkillInstance, ToolInstance
from routing.bench.own import solve_hybrid, solve_tools_with_ortools
from routing.bench.peers import MUST, PEERS, Routes

ENGINES = ("hybrid", "ortools", "pyvrp", "vroom")


@dataclass
class Trace:
    """When each new best cost was found: (seconds since the search began, cost in the instance's unit).

    Plans that leave somebody out who must be visited are none.
    """

    unit: float
    points: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, cost: float, seconds: float) -> None:
        if cost < MUST and (not self.points or cost / self.unit < self.points[-1][1]):
            self.points.append((round(seconds, 3), cost / self.unit))


def run(
    family: Family,
    instance: Instance,
    engine: str,
    seconds: float,
    threads: int = 1,
    seed: int = 1,
    clock: Callable[[], float] = perf_counter,
) -> tuple[dict[str, Any], Trace]:
    """Solve one instance; the record has the cost recomputed from the routes, by no code of the engine.

    Raises
    ------
    RouteError
        When the engine's routes break a rule of the instance.
    NoModelError
        When the engine cannot express the family.
    """
    trace = Trace(1000.0 if isinstance(instance, ToolInstance) else _unit(instance))
    began = clock()
    routes = _solve(instance, engine, seconds, threads, seed, clock, trace)
    spent = clock() - began
    try:
        verdict = evaluate(instance, routes)
    except RouteError as error:
        raise RouteError(f"{instance.name}, {engine}: {error}") from error
    record: dict[str, Any] = {"family": family, "instance": instance.name}
    if isinstance(instance, SkillInstance):
        record["crew"] = instance.crew
    record |= {
        "engine": engine,
        "cost": round(verdict.cost, 4),
        "best_known": getattr(instance, "best_known", None),
        "seconds": round(spent, 3),
        "routes": [[technician, list(nodes)] for technician, nodes in sorted(routes)],
        "outsourced": verdict.outsourced,
    }
    return record, trace


def _unit(instance: Instance) -> float:
    return 100.0 if isinstance(instance, SkillInstance) else 10.0


def _solve(
    instance: Instance,
    engine: str,
    seconds: float,
    threads: int,
    seed: int,
    clock: Callable[[], float],
    trace: Trace,
) -> Routes:
    if engine == "hybrid":
        return solve_hybrid(instance, seconds, threads, seed, clock, trace)
    if engine == "ortools" and isinstance(instance, ToolInstance):
        return solve_tools_with_ortools(instance, seconds, seed, trace)
    return PEERS[engine](instance, seconds, seed, trace)
