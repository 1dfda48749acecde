"""Rules of the OR-Tools model that reach across stops: parts, tools, vendors, order, promises."""

from collections import Counter, defaultdict
from typing import Any

from routing.engines.ortools_model import Model
from routing.engines.ortools_nodes import gives_tool
from routing.problem import Depot, Relation


def add_rules(model: Model) -> None:
    """Everything beyond who, when and the shift."""
    _add_trips(model)
    _add_parts(model)
    _add_tools(model)
    _add_vendors(model)
    for relation in model.flat.problem.relations:
        _add_relation(model, relation)
    _add_promise_cap(model)


def _add_trips(model: Model) -> None:
    """Pick-ups of one route, over all depots together."""
    problem = model.flat.problem
    by_frame: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(model.nodes):
        if node.visit < 0:
            by_frame[node.frames[0]].append(model.index[number])
    for frame, indices in by_frame.items():
        trips = problem.technicians[problem.frames[frame][0]].max_depot_trips
        if len(indices) > trips:
            solver = model.routing.solver()
            solver.Add(solver.Sum([model.routing.ActiveVar(index) for index in indices]) <= trips)


def _add_parts(model: Model) -> None:
    """One dimension for each part some van could run out of; a pick-up refills it wholly."""
    problem = model.flat.problem
    demand = _demand(model)
    for part, total in sorted(demand.items()):
        stocks = [problem.technicians[problem.frames[f][0]].van_stock.get(part, 0) for f in model.frames]
        if all(stock >= total for stock in stocks):
            continue
        trips = max(problem.technicians[problem.frames[f][0]].max_depot_trips for f in model.frames)
        has_depot = any(node.visit < 0 for node in model.nodes)
        base = total * trips * len(problem.depots) if has_depot else 0
        used = [_part_use(model, number, part, total) for number in range(len(model.nodes))]
        capacities = [base + min(stock, total) for stock in _shares(model, stocks, has_depot=has_depot)]
        name = f"part {part}"
        model.routing.AddDimensionWithVehicleCapacity(model.unary(used), 0, capacities, False, name)
        dimension = model.routing.GetDimensionOrDie(name)
        for vehicle in range(len(model.frames)):
            dimension.CumulVar(model.routing.Start(vehicle)).SetValue(base)
        if not has_depot:
            _share_over_shifts(model, dimension, stocks)


def _demand(model: Model) -> Counter[str]:
    demand: Counter[str] = Counter()
    for visit in {node.visit for node in model.nodes if node.visit >= 0}:
        demand.update(model.flat.problem.visits[visit].parts)
    return Counter({part: units for part, units in demand.items() if units > 0})


def _part_use(model: Model, number: int, part: str, total: int) -> int:
    node = model.nodes[number]
    if node.visit < 0:
        depot = model.flat.problem.depots[model.flat.depot_of(node.node)]
        return -total if _stocks(depot, part) else 0
    return model.flat.problem.visits[node.visit].parts.get(part, 0) if node.supplies else 0


def _stocks(depot: Depot, part: str) -> bool:
    return depot.stock is None or depot.stock.get(part, 0) > 0


def _shares(model: Model, stocks: list[int], *, has_depot: bool) -> list[int]:
    """Stock of each vehicle. Where vans can be refilled, a van's own stock goes to its first shift alone."""
    if not has_depot:
        return stocks
    seen: set[int] = set()
    shares = []
    for frame, stock in zip(model.frames, stocks, strict=True):
        technician = model.flat.problem.frames[frame][0]
        shares.append(0 if technician in seen else stock)
        seen.add(technician)
    return shares


def _share_over_shifts(model: Model, dimension: Any, stocks: list[int]) -> None:  # noqa: ANN401 - untyped binding
    by_technician: dict[int, list[int]] = defaultdict(list)
    for vehicle, frame in enumerate(model.frames):
        by_technician[model.flat.problem.frames[frame][0]].append(vehicle)
    for vehicles in by_technician.values():
        if len(vehicles) > 1:
            ends = [dimension.CumulVar(model.routing.End(v)) for v in vehicles]
            solver = model.routing.solver()
            solver.Add(solver.Sum(ends) <= stocks[vehicles[0]])


def _add_tools(model: Model) -> None:
    """For each tool somebody lacks a counter that only a pick-up brings below its start."""
    problem = model.flat.problem
    needed = sorted({tool for visit in problem.visits for tool in visit.tools})
    for tool in needed:
        owners = [tool in problem.technicians[problem.frames[f][0]].tools for f in model.frames]
        if all(owners):
            continue
        most = max(1, sum(node.visit < 0 for node in model.nodes))
        lends = [
            -1 if n.visit < 0 and gives_tool(problem.depots[model.flat.depot_of(n.node)], tool) else 0
            for n in model.nodes
        ]
        nothing = [0] * len(lends)
        callbacks = [model.unary(nothing if owns else lends) for owns in owners]
        name = f"tool {tool}"
        model.routing.AddDimensionWithVehicleTransits(callbacks, 0, most, False, name)
        dimension = model.routing.GetDimensionOrDie(name)
        for vehicle, owns in enumerate(owners):
            dimension.CumulVar(model.routing.Start(vehicle)).SetValue(0 if owns else most)
        for number, node in enumerate(model.nodes):
            if node.visit >= 0 and tool in problem.visits[node.visit].tools:
                dimension.CumulVar(model.index[number]).SetMax(most - 1)


def _add_vendors(model: Model) -> None:
    problem = model.flat.problem
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for vehicle, frame in enumerate(model.frames):
        technician, shift = problem.frames[frame]
        who = problem.technicians[technician]
        if who.vendor is not None and problem.vendor_by_id[who.vendor].daily_capacity is not None:
            groups[who.vendor, who.shifts[shift].day].append(vehicle)
    if not groups:
        return
    count = model.unary([int(node.visit >= 0) for node in model.nodes])
    model.routing.AddDimension(count, 0, len(model.nodes) + 1, True, "visits")
    dimension = model.routing.GetDimensionOrDie("visits")
    solver = model.routing.solver()
    for (vendor, _), vehicles in groups.items():
        capacity = problem.vendor_by_id[vendor].daily_capacity or 0
        ends = [dimension.CumulVar(model.routing.End(vehicle)) for vehicle in vehicles]
        solver.Add(solver.Sum(ends) <= capacity)


def _add_relation(model: Model, relation: Relation) -> None:
    """Holds for each pair of nodes the two visits may take; a visit placed beforehand is left alone."""
    index = model.flat.problem.visit_index
    firsts = [n for n, node in enumerate(model.nodes) if node.visit == index[relation.first]]
    seconds = [n for n, node in enumerate(model.nodes) if node.visit == index[relation.second]]
    if any(model.nodes[n].is_fixed for n in firsts + seconds):
        return
    solver, active = model.routing.solver(), model.routing.ActiveVar
    if not firsts:
        for second in seconds:
            active(model.index[second]).SetValue(0)
        return
    served = solver.Sum([active(model.index[n]) for n in firsts])
    for second in seconds:
        solver.Add(active(model.index[second]) <= served)
        for first in firsts:
            both = active(model.index[first]) + active(model.index[second])
            # Twice the horizon switches the rule off where one of the nodes is not used.
            off = (both * -1 + 2) * (2 * model.horizon)
            end = model.time.CumulVar(model.index[first]) + _service(model, first)
            solver.Add(model.time.CumulVar(model.index[second]) + off >= end + relation.min_gap_s)
            if relation.is_same_technician:
                who, other = _technician(model, first), _technician(model, second)
                off = (both * -1 + 2) * len(model.flat.problem.technicians)
                solver.Add(who - other <= off)
                solver.Add(other - who <= off)


def _service(model: Model, number: int) -> Any:  # noqa: ANN401 - untyped binding
    """Service time at a node as an expression of the vehicle."""
    times = [model.flat.service_s(model.nodes[number].node, frame) for frame in model.frames]
    if len(set(times)) == 1:
        return times[0]
    return _by_vehicle(model, number, times)


def _technician(model: Model, number: int) -> Any:  # noqa: ANN401 - untyped binding
    return _by_vehicle(model, number, [model.flat.problem.frames[frame][0] for frame in model.frames])


def _by_vehicle(model: Model, number: int, values: list[int]) -> Any:  # noqa: ANN401 - untyped binding
    solver = model.routing.solver()
    vehicle = (model.routing.VehicleVar(model.index[number]) + 1).Var()
    return solver.Element([0, *values], vehicle)


def _add_promise_cap(model: Model) -> None:
    cap = model.flat.problem.max_moved
    moved = [
        model.routing.ActiveVar(model.index[number])
        for number, node in enumerate(model.nodes)
        if node.visit >= 0 and node.node != node.visit
    ]
    if cap is not None and moved:
        solver = model.routing.solver()
        solver.Add(solver.Sum(moved) <= cap)
