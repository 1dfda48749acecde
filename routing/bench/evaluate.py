"""Independent evaluators: recompute feasibility and cost of routes from the instance alone, or say what
is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from routing.bench.instances import STRSP_SCALE, Instance, SkillInstance, ToolInstance, WindowInstance

Routes = Sequence[tuple[int, Sequence[int]]]
"""(technician from 1, nodes in the file's numbering); a 0 in a trsp route is its depot trip."""

TOLERANCE = 1e-6


class RouteError(ValueError):
    """A route breaks a rule of its instance."""


@dataclass(frozen=True)
class Evaluation:
    """Objective in the instance's own unit and the nodes nobody serves."""

    cost: float
    outsourced: list[int] = field(default_factory=list)


def evaluate(instance: Instance, routes: Routes) -> Evaluation:
    """Recompute the cost of ``routes``.

    Raises
    ------
    RouteError
        Naming the technician, the node and the rule, when the routes break a rule of the instance.
    """
    _require_distinct(instance, routes)
    if isinstance(instance, SkillInstance):
        return _evaluate_strsp(instance, routes)
    if isinstance(instance, ToolInstance):
        return _evaluate_trsp(instance, routes)
    return _evaluate_vrptw(instance, routes)


def _require_distinct(instance: Instance, routes: Routes) -> None:
    fleet = {SkillInstance: "levels", ToolInstance: "technicians", WindowInstance: "vehicles"}[type(instance)]
    size = getattr(instance, fleet)
    count = size if isinstance(size, int) else len(size)
    technicians = [technician for technician, _ in routes]
    if len(set(technicians)) != len(technicians):
        raise RouteError("a technician drives two routes")
    if any(not 1 <= technician <= count for technician in technicians):
        raise RouteError(f"technicians are numbered 1 to {count}")
    served = [node for _, nodes in routes for node in nodes if node != 0]
    if len(set(served)) != len(served):
        raise RouteError("a node is visited twice")


def _evaluate_strsp(instance: SkillInstance, routes: Routes) -> Evaluation:
    eligible, distance = instance.eligible, instance.distance
    cost, served = 0, set()
    for technician, nodes in routes:
        clock, last = int(instance.opens[0]), 0
        for number in nodes:
            node = number - 1
            if not 1 <= node < len(distance):
                raise RouteError(f"node {number} is not a task")
            if not eligible[technician - 1, node]:
                raise RouteError(f"technician {technician} lacks a skill for node {number}")
            clock = max(clock + int(distance[last, node]), int(instance.opens[node]))
            if clock > instance.closes[node]:
                raise RouteError(f"technician {technician} is late at node {number}")
            clock += int(instance.service[node])
            cost += int(distance[last, node])
            last = node
            served.add(node)
        cost += int(distance[last, 0])
        if clock + int(distance[last, 0]) > instance.closes[0]:
            raise RouteError(f"technician {technician} is late back at the depot")
    outsourced = [node for node in range(1, len(distance)) if node not in served]
    cost += sum(int(instance.outsourcing[node]) for node in outsourced)
    return Evaluation(cost / STRSP_SCALE, [node + 1 for node in outsourced])


def _evaluate_trsp(instance: ToolInstance, routes: Routes) -> Evaluation:
    served: set[int] = set()
    cost = 0.0
    for technician, nodes in routes:
        _check_equipment(instance, technician, nodes)
        cost += _working_time(instance, technician, nodes)
        served.update(node for node in nodes if node)
    missing = sorted(set(instance.requests) - served)
    if missing:
        raise RouteError(f"nodes {missing} are not served")
    return Evaluation(cost)


def _check_equipment(instance: ToolInstance, technician: int, nodes: Sequence[int]) -> None:
    stock = instance.parts[technician].copy()
    at_depot = False
    for node in nodes:
        if node == 0:
            if at_depot:
                raise RouteError(f"technician {technician} goes to the depot twice")
            at_depot = True
            continue
        if node not in instance.requests:
            raise RouteError(f"node {node} is not a request")
        if (instance.skills[node] & ~instance.skills[technician]).any():
            raise RouteError(f"technician {technician} lacks a skill for node {node}")
        if at_depot:
            continue
        if (instance.tools[node] & ~instance.tools[technician]).any():
            raise RouteError(f"technician {technician} lacks a tool at node {node}")
        stock -= instance.parts[node]
        if (stock < 0).any():
            raise RouteError(f"technician {technician} lacks a part at node {node}")


def _working_time(instance: ToolInstance, technician: int, nodes: Sequence[int]) -> float:
    """End minus the latest start that still ends as early as possible."""
    if not any(nodes):
        if nodes:
            raise RouteError(f"technician {technician} goes to the depot for nothing")
        return 0.0
    chain = [technician, *nodes, technician]
    clock = float(instance.opens[technician])
    for last, node in pairwise(chain):
        served = 0.0 if last == technician else float(instance.service[last])
        clock = max(clock + served + float(instance.travel[last, node]), float(instance.opens[node]))
        if clock > instance.closes[node] + TOLERANCE:
            raise RouteError(f"technician {technician} is late at node {node}")
    latest = clock
    for node, after in zip(chain[-2::-1], chain[:0:-1], strict=True):
        served = 0.0 if node == technician else float(instance.service[node])
        latest = min(latest - served - float(instance.travel[node, after]), float(instance.closes[node]))
    return clock - latest


def _evaluate_vrptw(instance: WindowInstance, routes: Routes) -> Evaluation:
    cost = 0
    served: set[int] = set()
    for vehicle, nodes in routes:
        if int(instance.demand[list(nodes)].sum()) > instance.capacity:
            raise RouteError(f"vehicle {vehicle} is over capacity")
        clock, last = int(instance.opens[0]), 0
        for node in [*nodes, 0]:
            leg = int(instance.distance[last, node])
            clock = max(clock + int(instance.service[last]) + leg, int(instance.opens[node]))
            if clock > instance.closes[node]:
                raise RouteError(f"vehicle {vehicle} is late at node {node}")
            cost += leg
            last = node
        served.update(nodes)
    missing = sorted(set(range(1, len(instance.demand))) - served)
    if missing:
        raise RouteError(f"nodes {missing} are not served")
    return Evaluation(cost / 10)
