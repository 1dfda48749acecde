"""What speaks for each visit of a plan, and what would let in each job it leaves out."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import routing
from backend.scheduling.adapter.problem import DayProblem

BUDGET_S = 2.0
ALTERNATIVES = 2
WAYS = 3
Figures = dict[str, dict[str, Any]]


def why_planned(asked: DayProblem, plan: routing.Plan, budget_s: float = BUDGET_S) -> Figures:
    """Figures by visit in the plan, for as many as `budget_s` lasts.

    `marginal_fen` is what the day would save without the visit; `alternatives` who else could come, when, and
    for how much more, the plan otherwise as it is.
    """
    served = (visit for route in plan.routes for visit in route.visits if visit in asked.jobs)
    return _within(budget_s, served, lambda visit: _alternatives(asked, plan, visit))


def ways_in(asked: DayProblem, plan: routing.Plan, budget_s: float = BUDGET_S) -> Figures:
    """For visits left out, `ways`: the smallest bends of the day that would let each in, each one proven."""
    left_out = (item.visit for item in plan.unserved if item.visit in asked.jobs)
    return _within(budget_s, left_out, lambda visit: _ways(asked, plan, visit))


def _within(budget_s: float, visits: Iterable[str], explained: Callable[[str], dict[str, Any]]) -> Figures:
    until = time.monotonic() + budget_s
    found: Figures = {}
    for visit in visits:
        if time.monotonic() > until:
            break
        found[visit] = explained(visit)
    return found


def _alternatives(asked: DayProblem, plan: routing.Plan, visit: str) -> dict[str, Any]:
    told = routing.explain(asked.problem, plan, visit)
    return {
        "marginal_fen": told.cost_cents,
        "alternatives": [
            {
                "technician_id": other.technicians[0],
                "start": _instant(asked, other.start_s),
                "extra_fen": other.extra_cents,
            }
            for other in told.alternatives[:ALTERNATIVES]
        ],
    }


def _ways(asked: DayProblem, plan: routing.Plan, visit: str) -> dict[str, Any]:
    told = routing.explain(asked.problem, plan, visit)
    ways = [
        {
            "bend": way.relaxation.bend.value,
            "subject": way.relaxation.subject,
            "amount": way.relaxation.amount,
            "part": way.relaxation.part,
            "technician_id": way.technicians[0],
            "start": _instant(asked, way.start_s),
            "price_fen": way.price_cents,
        }
        for way in told.ways[:WAYS]
    ]
    return {"ways": ways} if ways else {}


def _instant(asked: DayProblem, seconds: int) -> str:
    return asked.day.instant(seconds).isoformat().replace("+00:00", "Z")
