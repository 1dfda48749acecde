"""Reasons are looked for while there is time, the dearest always; what is not known is said not to be."""

from itertools import count

import pytest

from routing import MaxRuntime, Problem, Reason, check, explain, reasons
from routing.draft import Draft
from routing.finish import finish
from routing.flat import flatten
from tests.routing.worlds import problem, technician, visit


@pytest.fixture
def nobody_can() -> Problem:
    """Three visits only somebody with another skill could do."""
    prices = {"cheap": 1000, "dear": 9000, "fair": 5000}
    wishes = (visit(name, 10, skills={"gas": 1}, unserved_cents=cents) for name, cents in prices.items())
    return problem(technician(), *wishes)


def test_a_reason_there_was_no_time_for_is_found_on_demand(nobody_can: Problem) -> None:
    plan = finish(Draft(flatten(nobody_can)), MaxRuntime(0))

    assert check(nobody_can, plan).is_ok
    assert {left.visit: left.reason for left in plan.unserved} == {
        "dear": Reason.NO_SKILL,
        "fair": Reason.NOT_LOOKED_INTO,
        "cheap": Reason.NOT_LOOKED_INTO,
    }
    asked = explain(nobody_can, plan, "cheap").unserved
    assert asked is not None
    assert asked.reason is Reason.NO_SKILL


def test_the_dearest_are_looked_into_first(nobody_can: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count()
    monkeypatch.setattr(reasons, "perf_counter", lambda: next(ticks))

    found = reasons.reasons(Draft(flatten(nobody_can)), until=1)

    assert {left.visit: left.reason for left in found.values()} == {
        "dear": Reason.NO_SKILL,
        "fair": Reason.NO_SKILL,
        "cheap": Reason.NOT_LOOKED_INTO,
    }
