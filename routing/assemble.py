"""From routes as arrays to the plan people read."""

from collections import Counter
from collections.abc import Mapping, Sequence

from routing.draft import Draft
from routing.errors import PlanError
from routing.flat import Flat, flatten
from routing.loads import Warehouse, plan_loads
from routing.money import rounded
from routing.plan import BreakTaken, Cost, Plan, Route, Stop, Unserved
from routing.problem import Problem
from routing.scan import time_route


def assemble(
    problem: Problem, routes: Mapping[int, Sequence[int]], pins: Mapping[int, int] | None = None
) -> Draft:
    """A draft from an engine's answer.

    Parameters
    ----------
    problem : Problem
    routes : mapping of frame to nodes
        Numbered as in :mod:`routing.flat`; the first frame listed for a crew visit leads it.
    pins : mapping of visit index to second
        Starts of visits with a crew or a relation, as the engine decided them.

    Raises
    ------
    PlanError
        When a route cannot be timed.
    """
    draft = Draft(flatten(problem))
    for frame, nodes in sorted(routes.items()):
        for node in nodes:
            visit = draft.flat.visit_of(node)
            if visit >= 0:
                draft.seats[visit] = (*draft.seats.get(visit, ()), frame)
        if not draft.set_route(frame, nodes, {visit: (at, at) for visit, at in (pins or {}).items()}):
            technician, shift = problem.frames[frame]
            raise PlanError(
                f"route of technician {problem.technicians[technician].id} shift {shift}: no times"
            )
    for visit in draft.linked & draft.seats.keys():
        draft.pin(visit)
    return draft


def to_plan(draft: Draft, reasons: Mapping[int, Unserved]) -> Plan:
    """The finished plan; ``reasons`` by visit index for each visit left out."""
    loads = loads_of(draft)
    routes = tuple(
        finished_route(draft, frame, loads.get(frame, []))
        for frame in range(len(draft.problem.frames))
        if draft.grid.stops[frame] > 0
    )
    unserved = tuple(reasons[visit] for visit in draft.unserved)
    return Plan(routes, unserved, cost_of(draft.flat, routes, draft.unserved))


def loads_of(draft: Draft) -> dict[int, list[Counter[str]]]:
    """What each stop loads, by frame, for technicians with a pick-up."""
    warehouse = Warehouse(draft.problem)
    by_frame: dict[int, list[Counter[str]]] = {}
    for technician in draft.depot_users():
        items = draft.items(technician, {})
        who = draft.problem.technicians[technician]
        loads = plan_loads(who, [(item, leads) for _, item, leads in items], warehouse)
        if loads is None:
            raise PlanError(f"technician {who.id} is short of parts")
        for (frame, _, _), load in zip(items, loads, strict=True):
            by_frame.setdefault(frame, []).append(load)
    return by_frame


def finished_route(draft: Draft, frame: int, loads: Sequence[Counter[str]] = ()) -> Route:
    """The route of a frame as people read it; the object it came from where nothing changed."""
    untouched = draft.untouched.get(frame)
    if untouched is not None and not loads:
        return untouched
    if untouched is None and not time_route(draft.flat.arrays, draft.grid, frame, draft.buffer, draft.slots):
        raise PlanError(f"route of frame {frame} cannot be timed")
    if untouched is not None:
        return _reloaded(untouched, loads)
    return _timed(draft, frame, loads)


def _reloaded(route: Route, loads: Sequence[Counter[str]]) -> Route:
    from dataclasses import replace

    stops = tuple(replace(stop, pick_up=dict(load)) for stop, load in zip(route.stops, loads, strict=True))
    return replace(route, stops=stops)


def _timed(draft: Draft, frame: int, loads: Sequence[Counter[str]]) -> Route:
    """The route whose schedule is in the draft's slots."""
    s, a = draft.slots, draft.flat.arrays
    technician, shift = draft.problem.frames[frame]
    who = draft.problem.technicians[technician]
    nodes = draft.nodes(frame)
    rests = who.shifts[shift].breaks
    breaks = tuple(
        BreakTaken(int(s.rest[b]), int(s.rest[b]) + rest.duration_s) for b, rest in enumerate(rests)
    )
    places = [int(a.from_place[frame]), *(int(a.place[n]) for n in nodes), int(a.to_place[frame])]
    metres = a.distances[int(a.profile[frame])]
    legs = []
    for row in range(1, len(places)):
        leave_s, arrival_s = int(s.end[row - 1]), int(s.arrival[row])
        legs.append(
            (
                arrival_s,
                arrival_s - leave_s - _rested(breaks, leave_s, arrival_s),
                int(metres[places[row - 1], places[row]]),
            )
        )
    stops = tuple(_stop(draft, frame, position, legs[position], loads) for position in range(len(nodes)))
    _, travel_s, distance_m = legs[-1]
    return Route(who.id, shift, int(s.end[0]), legs[-1][0], stops, breaks, travel_s, distance_m)


def _rested(breaks: Sequence[BreakTaken], start_s: int, end_s: int) -> int:
    return sum(max(0, min(b.end_s, end_s) - max(b.start_s, start_s)) for b in breaks)


def _stop(
    draft: Draft, frame: int, position: int, leg: tuple[int, int, int], loads: Sequence[Counter[str]]
) -> Stop:
    node = int(draft.grid.nodes[frame, position])
    visit, depot = draft.flat.visit_of(node), draft.flat.depot_of(node)
    arrival_s, travel_s, distance_m = leg
    return Stop(
        arrival_s=arrival_s,
        start_s=int(draft.slots.begin[position + 1]),
        end_s=int(draft.slots.end[position + 1]),
        visit=None if visit < 0 else draft.problem.visits[visit].id,
        depot=None if depot < 0 else draft.problem.depots[depot].id,
        travel_s=travel_s,
        distance_m=distance_m,
        pick_up=dict(loads[position]) if loads else {},
        is_lead=visit < 0 or draft.seats[visit][0] == frame,
    )


def cost_of(flat: Flat, routes: Sequence[Route], unserved: Sequence[int]) -> Cost:
    """Cost by component of routes and visits left out."""
    cost = Cost()
    for route in routes:
        cost += route_cost(flat, route)
    return sum((unserved_cost(flat, visit) for visit in unserved), cost)


def unserved_cost(flat: Flat, visit: int) -> Cost:
    """What leaving a visit out costs."""
    promise = flat.problem.visits[visit].promise
    moved = 0 if promise is None else promise.move_cents or 0
    return Cost(unserved=int(flat.drop[visit]) - moved, moved=moved)


def route_cost(flat: Flat, route: Route) -> Cost:
    """Cost of one route, lateness and moved promises of the visits it leads included."""
    problem, a = flat.problem, flat.arrays
    technician = problem.technician_index[route.technician]
    who = problem.technicians[technician]
    metres = route.distance_m + sum(stop.distance_m for stop in route.stops)
    overtime_s = max(0, route.return_s - who.shifts[route.shift].end_s)
    rate = 0 if who.vendor else problem.fairness_cents
    tariffs = preference = lateness = moved = 0
    for stop in route.stops:
        if stop.visit is None:
            continue
        index = problem.visit_index[stop.visit]
        visit = problem.visits[index]
        tariffs += int(a.tariff[technician, a.job[index]])
        if visit.preferred and who.id not in visit.preferred:
            preference += visit.not_preferred_cents
        if stop.is_lead:
            lateness += _late_cents(flat, index, stop.start_s)
            promise = visit.promise
            if promise is not None and not promise.start_s <= stop.start_s <= promise.end_s:
                moved += promise.move_cents or 0
    return Cost(
        travel=rounded(metres * who.cents_per_km, 1000),
        work=rounded(route.duration_s * who.cents_per_hour, 3600),
        overtime=rounded(overtime_s * who.overtime_cents_per_hour, 3600),
        day_fees=who.day_fee_cents,
        vendors=tariffs,
        lateness=lateness,
        moved=moved,
        preference=preference,
        fairness=rounded(rate * route.duration_s**2, 3600 * 3600),
    )


def _late_cents(flat: Flat, visit: int, start_s: int) -> int:
    for window in flat.problem.visits[visit].windows:
        if window.due_s is not None and window.start_s <= start_s <= window.end_s:
            return rounded(max(0, start_s - window.due_s) * window.late_cents_per_minute, 60)
    return 0
