"""What vans can give is read off all routes at once, and is what counting out stop by stop finds."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings

from routing import Problem
from routing.draft import Draft
from routing.flat import flatten
from routing.insertion import Search, fill
from tests.routing.random_worlds import RULES, problems


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60
)
@given(problems(rules=RULES - {"scarce", "rush"}))
def test_ways_to_supply_a_visit_are_those_of_counting_out_every_stop(problem: Problem) -> None:
    generous = replace(problem, depots=tuple(replace(d, stock=None) for d in problem.depots))
    draft = Draft(flatten(generous))
    fill(draft, draft.unserved[::2])

    for visit in draft.unserved:
        search = Search(draft, visit)
        frames, ways = search._supplied(search.frames)
        found = np.column_stack((frames, ways)).tolist()

        counted = [[frame, *way] for frame in search.frames.tolist() for way in search._supplies(frame)]
        assert not search._needs_supply or sorted(found) == sorted(counted)
