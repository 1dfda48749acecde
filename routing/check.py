"""Recompute a plan from scratch and name every rule it breaks.

Nothing here is shared with a search: rules are read from the problem again, times and money are computed
from what the plan states.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .check_cost import count_moved, price
from .check_route import check_route, is_frozen
from .plan import Cost, Plan, Route, Stop
from .problem import Problem, Relation, Technician, Visit
from .violation import Rule, Violation


@dataclass(frozen=True, slots=True)
class Checked:
    """What :func:`check` found.

    Parameters
    ----------
    violations : tuple of Violation
        Empty for a plan that may be published.
    cost : Cost
        Recomputed; a plan that states another is a violation too.
    """

    violations: tuple[Violation, ...]
    cost: Cost

    @property
    def is_ok(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations


def check(problem: Problem, plan: Plan) -> Checked:
    """Recompute every rule and every cent of a plan.

    Parameters
    ----------
    problem : Problem
    plan : Plan
        From any source; it may be wrong in any way.

    Returns
    -------
    Checked
        The violations in the order found, and the recomputed cost in cents. When the plan names things the
        problem does not have, only that is reported and the cost is zero.

    Notes
    -----
    A broken rule is an answer, never an exception. The work grows with the stops and relations of the plan,
    not with the places a search would try.

    References
    ----------
    A checker that shares nothing with the program whose answers it judges: Blum and Kannan, "Designing
    programs that check their work", *Journal of the ACM* 42, 1995.
    """
    if unknown := tuple(_unknown(problem, plan)):
        return Checked(unknown, Cost())
    found = list(_check_coverage(problem, plan))
    for route in plan.routes:
        found.extend(check_route(problem, route))
    served = _served(plan)
    for visit in problem.visits:
        if visit.id in served:
            found.extend(_check_crew(problem, visit, served[visit.id]))
    for technician in problem.technicians:
        found.extend(_check_van(problem, technician, plan))
    found.extend(_check_depots(problem, plan))
    found.extend(_check_vendors(problem, plan))
    for relation in problem.relations:
        found.extend(_check_relation(relation, served))
    moved = count_moved(problem, plan)
    if problem.max_moved is not None and moved > problem.max_moved:
        found.append(
            Violation(Rule.PROMISE_CAP, "plan", f"moves {moved} promises, at most {problem.max_moved}")
        )
    cost = price(problem, plan)
    for name, cents in cost.as_dict().items():
        if (stated := plan.cost.as_dict()[name]) != cents:
            found.append(Violation(Rule.COST, name, f"states {stated}, is {cents}"))
    return Checked(tuple(found), cost)


Served = dict[str, list[tuple[Route, Stop]]]


def _served(plan: Plan) -> Served:
    served: Served = defaultdict(list)
    for route in plan.routes:
        for stop in route.stops:
            if stop.visit is not None:
                served[stop.visit].append((route, stop))
    return dict(served)


def _unknown(problem: Problem, plan: Plan) -> Iterator[Violation]:
    shifts = {technician.id: len(technician.shifts) for technician in problem.technicians}
    visits = {visit.id for visit in problem.visits}
    depots = {depot.id for depot in problem.depots}
    for route in plan.routes:
        if route.technician not in shifts:
            yield Violation(Rule.UNKNOWN, f"technician {route.technician}", "is not in the problem")
        elif not 0 <= route.shift < shifts[route.technician]:
            yield Violation(Rule.UNKNOWN, f"technician {route.technician}", f"has no shift {route.shift}")
        for stop in route.stops:
            if (stop.visit is None) == (stop.depot is None):
                yield Violation(Rule.UNKNOWN, "stop", "must be a visit or a depot")
            elif stop.visit is not None and stop.visit not in visits:
                yield Violation(Rule.UNKNOWN, f"visit {stop.visit}", "is not in the problem")
            elif stop.depot is not None and stop.depot not in depots:
                yield Violation(Rule.UNKNOWN, f"depot {stop.depot}", "is not in the problem")
    for left_out in plan.unserved:
        if left_out.visit not in visits:
            yield Violation(Rule.UNKNOWN, f"visit {left_out.visit}", "is not in the problem")


def _check_coverage(problem: Problem, plan: Plan) -> Iterator[Violation]:
    frames = Counter((route.technician, route.shift) for route in plan.routes)
    for (technician, shift), times in frames.items():
        if times > 1:
            yield Violation(Rule.ROUTE, f"technician {technician} shift {shift}", f"has {times} routes")
    served = {stop.visit for route in plan.routes for stop in route.stops}
    left_out = Counter(unserved.visit for unserved in plan.unserved)
    for visit in problem.visits:
        listed = (visit.id in served) + left_out[visit.id]
        if listed != 1:
            how = "both served and left out, or left out twice" if listed else "neither served nor left out"
            yield Violation(Rule.COVERAGE, f"visit {visit.id}", how)


def _check_crew(problem: Problem, visit: Visit, served: list[tuple[Route, Stop]]) -> Iterator[Violation]:
    item = f"visit {visit.id}"
    who = [route.technician for route, _ in served]
    if len(who) != visit.crew_size or len(set(who)) != len(who):
        yield Violation(Rule.CREW, item, f"served by {sorted(who)}, needs {visit.crew_size} technicians")
    if len({stop.start_s for _, stop in served}) > 1:
        yield Violation(Rule.CREW, item, f"starts at {sorted(stop.start_s for _, stop in served)}")
    if sum(stop.is_lead for _, stop in served) != 1:
        yield Violation(Rule.CREW, item, "needs exactly one leading technician")
    if is_frozen(problem, visit) and visit.planned is not None and set(who) != visit.planned.technicians:
        yield Violation(
            Rule.FREEZE, item, f"frozen with {sorted(visit.planned.technicians)}, has {sorted(who)}"
        )


def _check_van(problem: Problem, technician: Technician, plan: Plan) -> Iterator[Violation]:
    stock: Counter[str] = Counter(technician.van_stock)
    routes = sorted((r for r in plan.routes if r.technician == technician.id), key=lambda route: route.shift)
    for route in routes:
        for stop in route.stops:
            stock.update(stop.pick_up)
            if stop.visit is None or not stop.is_lead:
                continue
            visit = problem.visits[problem.visit_index[stop.visit]]
            for part, units in visit.parts.items():
                stock[part] -= units
                if stock[part] < 0:
                    detail = f"{technician.id} is short of {-stock[part]} {part}"
                    yield Violation(Rule.PARTS, f"visit {visit.id}", detail)


def _check_depots(problem: Problem, plan: Plan) -> Iterator[Violation]:
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for route in plan.routes:
        for stop in route.stops:
            if stop.depot is not None:
                taken[stop.depot].update(stop.pick_up)
            elif stop.pick_up:
                yield Violation(Rule.PARTS, f"visit {stop.visit}", "nothing can be loaded at a visit")
            for part, units in stop.pick_up.items():
                if units < 0:
                    yield Violation(Rule.PARTS, f"depot {stop.depot}", f"loads {units} {part}")
    for depot in problem.depots:
        for part, units in taken[depot.id].items():
            if depot.stock is not None and units > depot.stock.get(part, 0):
                has = depot.stock.get(part, 0)
                yield Violation(Rule.DEPOT, f"depot {depot.id}", f"gives {units} {part}, has {has}")


def _check_vendors(problem: Problem, plan: Plan) -> Iterator[Violation]:
    vendor_of = {technician.id: technician.vendor for technician in problem.technicians}
    used: Counter[tuple[str, int]] = Counter()
    for route in plan.routes:
        vendor = vendor_of[route.technician]
        if vendor is not None:
            day = problem.technicians[problem.technician_index[route.technician]].shifts[route.shift].day
            used[vendor, day] += len(route.visits)
    capacity = {vendor.id: vendor.daily_capacity for vendor in problem.vendors}
    for (vendor_id, day), visits in used.items():
        limit = capacity[vendor_id]
        if limit is not None and visits > limit:
            detail = f"{visits} visits on day {day}, at most {limit}"
            yield Violation(Rule.VENDOR_CAPACITY, f"vendor {vendor_id}", detail)


def _check_relation(relation: Relation, served: Served) -> Iterator[Violation]:
    if relation.second not in served:
        return
    item = f"visit {relation.second}"
    if relation.first not in served:
        yield Violation(Rule.RELATION, item, f"is served, {relation.first} before it is not")
        return
    first, second = served[relation.first], served[relation.second]
    ready = max(stop.end_s for _, stop in first) + relation.min_gap_s
    start = min(stop.start_s for _, stop in second)
    if start < ready:
        yield Violation(Rule.RELATION, item, f"starts {start}, after {relation.first} not before {ready}")
    if relation.is_same_technician:
        before, after = ({route.technician for route, _ in side} for side in (first, second))
        if not (before <= after or after <= before):
            yield Violation(
                Rule.RELATION, item, f"served by {sorted(after)}, {relation.first} by {sorted(before)}"
            )
