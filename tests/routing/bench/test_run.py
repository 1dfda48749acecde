"""What a record and its trace say of one run."""

import pytest

from routing.bench.instances import Family, Instance
from routing.bench.run import Trace, run
from tests.routing.search.test_search import skill_instance, tool_instance


@pytest.mark.parametrize("engine", ["hybrid", "ortools"])
@pytest.mark.parametrize(("family", "instance"), [("strsp", skill_instance(2)), ("trsp", tool_instance(2))])
def test_a_trace_ends_with_the_cost_of_the_record(family: Family, instance: Instance, engine: str) -> None:
    """Recomputed from the routes there, told by the solver here, whose working time is rounded up."""
    record, trace = run(family, instance, engine, 0.3)

    moments, costs = zip(*trace.points, strict=True)
    assert costs[-1] == pytest.approx(record["cost"], abs=0.01 if family == "strsp" else 0.3)
    assert list(moments) == sorted(moments)
    assert list(costs) == sorted(costs, reverse=True)
    assert 0 <= moments[-1] <= record["seconds"]


def test_only_better_plans_that_visit_all_who_must_be_visited_are_in_a_trace() -> None:
    trace = Trace(100.0)
    for cost, seconds in ((100_000_500.0, 0.1), (700.0, 0.2), (900.0, 0.3), (700.0, 0.4), (650.0, 0.51234)):
        trace(cost, seconds)
    assert trace.points == [(0.2, 7.0), (0.512, 6.5)]
