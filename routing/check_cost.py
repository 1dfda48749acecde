"""The part of :func:`routing.check` that prices a plan from the times it states."""

from collections import defaultdict

from .check_route import is_frozen
from .plan import Cost, Plan, Route
from .problem import Problem, Technician, Visit


def price(problem: Problem, plan: Plan) -> Cost:
    """What the plan costs, by the definitions of :mod:`routing.problem`."""
    routes = sum((_price_route(problem, route) for route in plan.routes), Cost())
    starts: dict[str, int] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.visit is not None:
                starts.setdefault(stop.visit, stop.start_s)
    visits = sum((_price_visit(problem, visit, starts.get(visit.id)) for visit in problem.visits), Cost())
    return routes + visits


def count_moved(problem: Problem, plan: Plan) -> int:
    """How many promised visits start outside the promised window."""
    moved: defaultdict[str, bool] = defaultdict(bool)
    promises = {visit.id: visit.promise for visit in problem.visits if visit.promise is not None}
    for route in plan.routes:
        for stop in route.stops:
            promise = promises.get(stop.visit or "")
            if promise is not None and not promise.start_s <= stop.start_s <= promise.end_s:
                moved[str(stop.visit)] = True
    return len(moved)


def _price_route(problem: Problem, route: Route) -> Cost:
    technician = problem.technicians[problem.technician_index[route.technician]]
    shift = technician.shifts[route.shift]
    metres = route.distance_m + sum(stop.distance_m for stop in route.stops)
    duration = route.return_s - route.depart_s
    late_home = max(0, route.return_s - shift.end_s)
    fairness = problem.fairness_cents if technician.vendor is None else 0
    visits = [problem.visits[problem.visit_index[s.visit]] for s in route.stops if s.visit is not None]
    return Cost(
        travel=_rounded(metres * technician.cents_per_km, 1000),
        work=_rounded(duration * technician.cents_per_hour, 3600),
        overtime=_rounded(late_home * technician.overtime_cents_per_hour, 3600),
        day_fees=technician.day_fee_cents if route.stops else 0,
        vendors=sum(_tariff(problem, technician, visit) for visit in visits),
        preference=sum(
            visit.not_preferred_cents
            for visit in visits
            if visit.preferred and technician.id not in visit.preferred
        ),
        fairness=_rounded(fairness * duration * duration, 3600 * 3600),
    )


def _tariff(problem: Problem, technician: Technician, visit: Visit) -> int:
    if technician.vendor is None:
        return 0
    vendor = next(v for v in problem.vendors if v.id == technician.vendor)
    return vendor.tariff_cents.get(visit.job_type, 0)


def _price_visit(problem: Problem, visit: Visit, start_s: int | None) -> Cost:
    promise = visit.promise
    if start_s is None:
        is_bound = (
            visit.lock is not None
            or is_frozen(problem, visit)
            or (promise is not None and promise.move_cents is None)
        )
        return Cost(
            unserved=visit.unserved_cents + (problem.lock_drop_cents if is_bound else 0),
            moved=0 if promise is None else promise.move_cents or 0,
        )
    lateness = 0
    for window in visit.windows:
        if window.start_s <= start_s <= window.end_s and window.due_s is not None:
            lateness = _rounded(max(0, start_s - window.due_s) * window.late_cents_per_minute, 60)
    is_moved = promise is not None and not promise.start_s <= start_s <= promise.end_s
    return Cost(lateness=lateness, moved=(promise.move_cents or 0) if promise is not None and is_moved else 0)


def _rounded(numerator: int, divisor: int) -> int:
    """Division rounded half up."""
    return int((2 * numerator + divisor) // (2 * divisor))
