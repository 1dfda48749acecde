"""Finding plans: repeatable, cancellable, honest about what is not supported."""

from dataclasses import replace
from importlib import import_module
from random import Random
from threading import Event, Timer
from time import perf_counter

import pytest

from routing import (
    Cancelled,
    Cost,
    Depot,
    FirstOf,
    MaxIterations,
    MaxRuntime,
    NoImprovement,
    Plan,
    PlanError,
    Problem,
    ProblemError,
    Progress,
    RoutingError,
    UnsupportedError,
    check,
    diff,
    solve,
)
from routing.diff import Change
from routing.solve import available, choose
from tests.routing.worlds import MINUTE, at, problem, technician, visit


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def day_of_work(visits: int = 14) -> Problem:
    """More to do than time."""
    dice = Random(5)
    jobs = [
        visit(
            f"v{n}", dice.randrange(40), service_s=40 * MINUTE, windows=(at(h := dice.randint(8, 14), h + 2),)
        )
        for n in range(visits)
    ]
    return problem(technician("Li", 3), technician("Wu", 33), *jobs)


def test_the_same_seed_and_iterations_give_the_same_plan(engine: str) -> None:
    stop = MaxIterations(15)

    first = solve(day_of_work(), stop, seed=7, engine=engine)
    second = solve(day_of_work(), stop, seed=7, engine=engine)

    assert first == second


def test_a_search_ends_when_its_time_is_up(engine: str) -> None:
    began = perf_counter()

    solve(day_of_work(40), MaxRuntime(0.5), engine=engine)

    assert perf_counter() - began < 10


def test_a_cancelled_search_returns_the_best_plan_it_has(engine: str) -> None:
    event = Event()
    Timer(0.3, event.set).start()
    seen: list[Progress] = []

    plan = solve(day_of_work(40), Cancelled(event), on_progress=seen.append, engine=engine)

    assert check(day_of_work(40), plan).is_ok
    assert plan.cost.total <= min(glance.cost_cents for glance in seen)


def test_a_search_cancelled_before_it_begins_still_returns_a_plan(engine: str) -> None:
    event = Event()
    event.set()

    plan = solve(day_of_work(), Cancelled(event), engine=engine)

    assert plan.routes


def test_progress_only_ever_gets_better(engine: str) -> None:
    seen: list[Progress] = []

    solve(day_of_work(), FirstOf(MaxIterations(50), MaxRuntime(1)), on_progress=seen.append, engine=engine)

    costs = [glance.cost_cents for glance in seen]
    assert costs == sorted(costs, reverse=True)
    assert all(0 <= glance.unserved <= 14 for glance in seen)


def test_a_warm_start_is_never_made_worse(engine: str) -> None:
    made = day_of_work()
    good = solve(made, FirstOf(MaxIterations(30), MaxRuntime(1)), engine=engine)

    again = solve(made, MaxIterations(1), warm_start=good, engine=engine)

    assert again.cost.total <= good.cost.total


def test_a_warm_start_for_another_day_is_used_as_far_as_it_holds(engine: str) -> None:
    made = day_of_work()
    old = solve(made, MaxIterations(5), engine=engine)
    changed = replace(made, visits=made.visits[3:], technicians=made.technicians[:1])

    plan = solve(changed, MaxIterations(5), warm_start=old, engine=engine)

    assert check(changed, plan).is_ok


def test_a_problem_with_nothing_to_do_has_an_empty_plan(engine: str) -> None:
    assert solve(problem(technician()), MaxIterations(5), engine=engine).routes == ()
    assert solve(problem(visit("a", 3)), MaxIterations(5), engine=engine).routes == ()


def test_two_threads_give_the_same_plan_each_time() -> None:
    first, second = (
        solve(day_of_work(), MaxIterations(10), seed=3, engine="hybrid", threads=2) for _ in range(2)
    )

    assert first == second


def test_what_no_engine_has_a_model_for_is_named_and_not_ignored() -> None:
    scarce = Depot("D", 3, stock={"pump": 1})
    jobs = [visit(name, 5, parts={"pump": 1}) for name in ("a", "b")]

    with pytest.raises(UnsupportedError, match="depot D, part pump"):
        solve(problem(technician(), scarce, *jobs), MaxIterations(5), engine="ortools")
    with pytest.raises(UnsupportedError, match="fairness"):
        solve(problem(technician(), *jobs, fairness_cents=5), MaxIterations(5), engine="ortools")


def test_more_kinds_of_tools_than_the_hybrid_engine_takes_are_left_to_the_next_engine() -> None:
    tools = frozenset(f"tool {number}" for number in range(63))
    made = problem(technician(tools=tools), visit("a", 5, tools=tools))

    with pytest.raises(UnsupportedError, match=r"hybrid .*more than 62 kinds of tools"):
        solve(made, MaxIterations(5), engine="hybrid")

    assert choose(made).name == "ortools"
    assert solve(made, MaxIterations(5)).unserved == ()


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(RoutingError, match="no engine abacus"):
        solve(problem(technician()), MaxIterations(5), engine="abacus")


@pytest.mark.parametrize(
    "make",
    [
        lambda: MaxRuntime(-1),
        lambda: MaxRuntime(float("nan")),
        lambda: MaxIterations(-1),
        lambda: NoImprovement(-1),
        FirstOf,
    ],
)
def test_a_stop_criterion_that_makes_no_sense_is_an_error(make: type) -> None:
    with pytest.raises(ProblemError):
        make()


def test_no_improvement_counts_from_the_last_better_cost() -> None:
    stop = NoImprovement(10)

    assert not stop(0, 100)
    assert not stop(9, 90)
    assert not stop(18, 90)
    assert stop(19, 90)


def test_a_difference_names_who_moved_and_what_it_costs() -> None:
    team = (technician("Li", 0), technician("Wu", 20))
    both = problem(*team, visit("a", 0), visit("b", 20))
    alone = replace(both, visits=(replace(both.visits[0], allowed=frozenset({"Wu"})),))
    before, after = (solve(p, MaxIterations(20), engine="ortools") for p in (both, alone))

    change = diff(before, after)

    assert {(move.visit, move.change) for move in change.moves} == {
        ("a", Change.REASSIGNED),
        ("b", Change.DROPPED),
    }
    assert change.technicians == ("Li", "Wu")
    assert change.cost.total == after.cost.total - before.cost.total
    assert diff(before, before).moves == ()


def test_no_wrong_plan_leaves_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that forgets the visit it was given."""

    class Forgetful:
        def solve(self, *_: object) -> Plan:
            return Plan((), (), Cost())

    monkeypatch.setattr(import_module("routing.solve"), "choose", lambda *_: Forgetful())

    with pytest.raises(PlanError, match="coverage at visit a: neither served nor left out"):
        solve(problem(technician(), visit("a", 3)), MaxIterations(1))
