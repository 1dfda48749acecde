"""Whatever the problem, whatever the engine: the plan passes the check."""

from threading import Event

from hypothesis import HealthCheck, given, settings

from routing import Cancelled, MaxIterations, Problem, Progress, check, solve
from routing.draft import Draft
from routing.finish import finish
from routing.flat import flatten
from routing.insertion import fill
from routing.solve import choose
from tests.routing.random_worlds import RULES, problems

RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=100
)


@RELAXED
@given(problems())
def test_a_plan_built_by_insertion_passes_the_check(problem: Problem) -> None:
    draft = Draft(flatten(problem))
    fill(draft, draft.unserved)

    plan = finish(draft)

    assert check(problem, plan).violations == ()
    assert plan.cost.total == draft.total_cents()


@settings(RELAXED, max_examples=20)
@given(problems(rules=RULES - {"fairness", "scarce"}))
def test_a_plan_of_the_ortools_engine_passes_the_check(problem: Problem) -> None:
    plan = solve(problem, MaxIterations(10), engine="ortools")

    assert check(problem, plan).violations == ()


@settings(RELAXED, max_examples=60)
@given(problems())
def test_the_hybrid_engine_takes_any_combination_of_rules_and_tells_what_it_finds(problem: Problem) -> None:
    told = list[int]()

    plan = solve(problem, MaxIterations(4), on_progress=lambda glance: told.append(glance.cost_cents))

    assert choose(problem).name == "hybrid"
    assert check(problem, plan).violations == ()
    assert not told or plan.cost.total <= told[-1]


@settings(RELAXED, max_examples=30)
@given(problems())
def test_the_insertion_engine_takes_everything_and_makes_nothing_worse(problem: Problem) -> None:
    draft = Draft(flatten(problem))
    fill(draft, draft.unserved)

    plan = solve(problem, MaxIterations(15), engine="insertion")

    assert check(problem, plan).violations == ()
    assert plan.cost.total <= draft.total_cents()


@settings(RELAXED, max_examples=20)
@given(problems())
def test_a_search_cancelled_at_its_first_word_returns_no_worse_a_plan(problem: Problem) -> None:
    event, seen = Event(), list[int]()

    def hear(glance: Progress) -> None:
        seen.append(glance.cost_cents)
        event.set()

    plan = solve(problem, Cancelled(event), on_progress=hear)

    assert check(problem, plan).violations == ()
    assert plan.cost.total <= seen[0]
