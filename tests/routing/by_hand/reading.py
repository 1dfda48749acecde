"""A plan made by an engine, and what to read off it."""

import pytest

from routing import FirstOf, MaxIterations, MaxRuntime, Plan, Problem, Reason, UnsupportedError, check, solve
from tests.routing.worlds import HOUR, MINUTE


def planned(given: Problem, engine: str) -> Plan:
    """A plan by an engine that takes the problem."""
    try:
        plan = solve(given, FirstOf(MaxIterations(20), MaxRuntime(3)), engine=engine)
    except UnsupportedError as refusal:
        pytest.skip(f"{engine} refuses: {refusal.feature}")
    assert check(given, plan).is_ok
    return plan


def times(plan: Plan, name: str) -> tuple[str, float, float]:
    """Technician, start and end of a visit in minutes after eight."""
    [(route, stop)] = plan.where(name)
    return route.technician, (stop.start_s - 8 * HOUR) / MINUTE, (stop.end_s - 8 * HOUR) / MINUTE


def reason(plan: Plan) -> Reason:
    """Why the one visit left out is."""
    [left] = plan.unserved
    return left.reason
