"""Put one visit into a plan in force, for the least money, moving nothing but waiting time."""

from dataclasses import dataclass

from routing.assemble import finished_route, route_cost, to_plan, unserved_cost
from routing.draft import Draft
from routing.errors import UnknownItemError
from routing.extend import extended
from routing.flat import flatten
from routing.insertion import ANY_SLOT, Option, Search, Slot, apply
from routing.plan import Plan, Unserved
from routing.problem import Problem, Visit, Window
from routing.reasons import reason_for


@dataclass(frozen=True, slots=True)
class Insertion:
    """A visit put into a plan.

    Parameters
    ----------
    problem : Problem
        With the visit, also when it was new.
    plan : Plan
        Routes the visit is not in are the same objects as before.
    technicians : tuple of str
        The one whose van supplies the parts first.
    start_s : int
    price_cents : int
        Marginal cost of serving it, what leaving it out would cost not set against it.
    """

    problem: Problem
    plan: Plan
    technicians: tuple[str, ...]
    start_s: int
    price_cents: int


def insert(
    problem: Problem, plan: Plan, visit: str | Visit, slot: Window | None = None
) -> Insertion | Unserved:
    """The cheapest place for a visit in a plan.

    The order within routes stays, and every rule holds: locked and frozen visits stay where they are,
    promises are moved only for their price and within the cap, other visits shift within their windows.
    A visit that costs more to serve than to leave out is inserted all the same: whoever asks has decided.

    Parameters
    ----------
    problem : Problem
    plan : Plan
        For this problem, without the visit.
    visit : str or Visit
        Left out of the plan so far (its id), or new.
    slot : Window, optional
        The start must lie in it as well.

    Returns
    -------
    Insertion or Unserved
        ``Unserved`` names why it cannot be done.

    Raises
    ------
    UnknownItemError
        When the problem has no visit of that id.
    PlanError
        When the plan is not for this problem.
    ProblemError
        When a new visit is wrong in itself.

    References
    ----------
    Whether a place is feasible is known before the route is timed, from latest starts: Savelsbergh, "The
    vehicle routing problem with time windows: minimizing route duration", *ORSA Journal on Computing* 4,
    1992.
    """
    problem, index = known(problem, visit)
    draft = Draft.of(flatten(problem), plan)
    if index in draft.seats:
        draft.remove(index)
    option = Search(draft, index).best(as_slot(slot))
    if option is None:
        return reason_for(draft, index)
    return inserted(draft, plan, option)


def known(problem: Problem, visit: str | Visit) -> tuple[Problem, int]:
    """The problem with the visit, and its index."""
    if isinstance(visit, Visit) and visit.id not in problem.visit_index:
        problem = extended(problem, visit)
    name = visit.id if isinstance(visit, Visit) else visit
    index = problem.visit_index.get(name)
    if index is None:
        raise UnknownItemError(f"visit {name}")
    return problem, index


def as_slot(window: Window | None) -> Slot:
    """A window as a restriction of the start."""
    return ANY_SLOT if window is None else Slot(window.start_s, window.end_s)


def inserted(draft: Draft, plan: Plan, option: Option) -> Insertion:
    """Apply an option to the draft of a plan; only the routes it touches are made anew."""
    problem, flat = draft.problem, draft.flat
    apply(draft, option)
    who = tuple(problem.technicians[problem.frames[seat.frame][0]].id for seat in option.seats)
    new_plan = _with_pick_ups(draft, plan) if draft.depot_users() else _replaced(draft, plan, option)
    return Insertion(flat.problem, new_plan, who, option.start_s, option.cents)


def _with_pick_ups(draft: Draft, plan: Plan) -> Plan:
    """Depots are shared, so who loads what is decided for everybody again."""
    index = draft.problem.visit_index
    reasons = {index[left.visit]: left for left in plan.unserved}
    for visit in draft.unserved:
        if visit not in reasons:
            reasons[visit] = reason_for(draft, visit)
    return to_plan(draft, reasons)


def _replaced(draft: Draft, plan: Plan, option: Option) -> Plan:
    """The plan with only the routes the option touches made anew, and priced by the difference."""
    flat, index = draft.flat, draft.problem.technician_index
    routes = {(index[route.technician], route.shift): route for route in plan.routes}
    cost = plan.cost
    for frame in {seat.frame for seat in option.seats}:
        key = draft.problem.frames[frame]
        if key in routes:
            cost -= route_cost(flat, routes[key])
        routes[key] = finished_route(draft, frame)
        cost += route_cost(flat, routes[key])
    name = draft.problem.visits[option.visit].id
    unserved = tuple(left for left in plan.unserved if left.visit != name)
    if len(unserved) < len(plan.unserved):
        cost -= unserved_cost(flat, option.visit)
    return Plan(tuple(routes[key] for key in sorted(routes)), unserved, cost)
