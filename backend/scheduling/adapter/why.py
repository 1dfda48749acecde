"""What speaks for each visit of a plan: its marginal cost, and who would be next and for how much more."""

import time
from dataclasses import replace
from typing import Any

import routing
from backend.scheduling.adapter.problem import DayProblem

ALL_DAY = routing.Window(0, 2**40)
BUDGET_S = 3.0


def reasons(asked: DayProblem, plan: routing.Plan, budget_s: float = BUDGET_S) -> dict[str, dict[str, Any]]:
    """Figures by visit, for as many visits as `budget_s` lasts.

    `marginal_fen` is what the day would save without the visit; `runner_up` the cheapest other technician
    with the plan otherwise as it is, or `nobody_else` with the reason there is none.
    """
    until = time.monotonic() + budget_s
    found: dict[str, dict[str, Any]] = {}
    for route in plan.routes:
        for visit_id in route.visits:
            if time.monotonic() > until:
                return found
            if visit_id in asked.jobs:
                found[visit_id] = _reason(asked, plan, visit_id, route.technician)
    return found


def _reason(asked: DayProblem, plan: routing.Plan, visit_id: str, technician: str) -> dict[str, Any]:
    visit = asked.problem.visits[asked.problem.visit_index[visit_id]]
    marginal_fen = _marginal(asked.problem, plan, visit, technician)
    if marginal_fen is None:
        return {}
    reason: dict[str, Any] = {"marginal_fen": marginal_fen}
    if visit.lock is not None and visit.lock.technicians:
        return reason
    # The same work once more, for anybody but this technician: its price is what the next best would cost.
    double = replace(visit, id=f"{visit_id}?", excluded=frozenset({technician}), lock=None)
    other = routing.insert(asked.problem, plan, double)
    if isinstance(other, routing.Unserved):
        reason["nobody_else"] = {"code": other.reason.value}
        return reason
    [who] = other.technicians
    reason["runner_up"] = {
        "technician_id": who,
        "start": asked.day.instant(other.start_s).isoformat().replace("+00:00", "Z"),
        "extra_fen": other.price_cents - marginal_fen,
    }
    return reason


def _marginal(
    problem: routing.Problem, plan: routing.Plan, visit: routing.Visit, technician: str
) -> int | None:
    """What the visit adds to the day of the technician who has it."""
    [best] = routing.quote(problem, plan, visit.id, [ALL_DAY])
    if best.technicians != (technician,):
        # The search has left something on the table; the price where the visit is has to be asked for.
        only = replace(visit, allowed=frozenset({technician}))
        visits = tuple(only if other.id == visit.id else other for other in problem.visits)
        [best] = routing.quote(replace(problem, visits=visits), plan, visit.id, [ALL_DAY])
    return best.price_cents
