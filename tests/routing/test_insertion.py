"""The cheapest place is found although most places are never timed."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from routing import Problem
from routing.draft import Draft
from routing.flat import flatten
from routing.insertion import Search, fill
from tests.routing.random_worlds import RULES, problems


def cheapest(draft: Draft, visit: int) -> int | None:
    """Least growth of any route with the visit at any position, each timed and priced as a whole."""
    found = []
    for frame in range(len(draft.problem.frames)):
        if not draft.flat.arrays.able[visit, frame]:
            continue
        for position in range(len(draft.nodes(frame)) + 1):
            for node in (visit, visit + draft.flat.visits):
                trial = draft.copy()
                nodes = [*draft.nodes(frame)[:position], node, *draft.nodes(frame)[position:]]
                if trial.set_route(frame, nodes):
                    found.append(int(trial.grid.cents[frame]) - int(draft.grid.cents[frame]))
    return min(found, default=None)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60
)
@given(problems(rules=RULES - {"crew", "relation", "depot", "scarce", "parts", "tools", "vendor"}))
def test_no_place_anywhere_is_cheaper_than_the_one_found(problem: Problem) -> None:
    free = replace(problem, max_moved=None)
    draft = Draft(flatten(free))
    fill(draft, draft.unserved[::2])

    for visit in draft.unserved:
        promise = free.visits[visit].promise
        if promise is not None and promise.move_cents is None:
            continue
        option = Search(draft, visit).best()
        assert (None if option is None else option.cents) == cheapest(draft, visit)
