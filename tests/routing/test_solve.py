"""Finding plans: optimal on tiny problems, repeatable, cancellable, honest about what is not supported."""

from dataclasses import replace
from itertools import pairwise, permutations, product
from random import Random
from threading import Event, Timer
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing import (
    Cancelled,
    Depot,
    FirstOf,
    MaxIterations,
    MaxRuntime,
    NoImprovement,
    Problem,
    ProblemError,
    Progress,
    RoutingError,
    Technician,
    UnsupportedError,
    Visit,
    Window,
    check,
    diff,
    solve,
)
from routing.diff import Change
from routing.solve import available
from tests.routing.worlds import HOUR, MINUTE, at, day, problem, road, technician, visit


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def tiny(seed: int, visits: int, team: int) -> Problem:
    """Windows, skills and money, one shift each; small enough to try everything."""
    dice = Random(seed)
    crew = [
        technician(
            name,
            dice.randrange(20),
            skills={"gas": dice.randint(0, 2)},
            cents_per_hour=dice.choice([0, 3000, 6000]),
            day_fee_cents=dice.choice([0, 4000]),
            shifts=(day(8, dice.randint(9, 12)),),
        )
        for name in ("Li", "Wu")[:team]
    ]
    jobs = []
    for number in range(visits):
        opens = 8 * HOUR + dice.randint(0, 12) * 10 * MINUTE
        jobs.append(
            visit(
                f"v{number}",
                dice.randrange(20),
                service_s=dice.randint(1, 6) * 10 * MINUTE,
                windows=(Window(opens, opens + dice.choice([0, 30, 90]) * MINUTE),),
                skills={"gas": dice.randint(0, 2)},
                unserved_cents=dice.choice([2000, 9000, 50_000]),
            )
        )
    return problem(*crew, *jobs, travel={"car": road(20)})


def cheapest(given: Problem) -> int:
    """The best total over every assignment and order, from the definitions alone."""
    best = sum(job.unserved_cents for job in given.visits)
    for choice in product(range(len(given.technicians) + 1), repeat=len(given.visits)):
        total = sum(job.unserved_cents for job, who in zip(given.visits, choice, strict=True) if who == 0)
        for number, worker in enumerate(given.technicians, start=1):
            jobs = [job for job, who in zip(given.visits, choice, strict=True) if who == number]
            total += cheapest_route(worker, jobs)
        best = min(best, total)
    return best


def cheapest_route(worker: Technician, jobs: list[Visit]) -> int:
    """The cheapest order of one technician's visits; very dear when there is none."""
    if not jobs:
        return 0
    if any(worker.skills["gas"] < job.skills["gas"] for job in jobs):
        return 10**9
    return min(price_of(worker, order) for order in permutations(jobs))


def price_of(worker: Technician, order: tuple[Visit, ...]) -> int:
    [shift] = worker.shifts
    places = [worker.start_place, *(job.place for job in order), worker.end_place]
    metres = sum(abs(a - b) * 1000 for a, b in pairwise(places))
    clock, slack = shift.start_s, 10**9
    waited = 0
    for job, (here, there) in zip(order, pairwise(places[:-1]), strict=True):
        clock += abs(here - there) * MINUTE
        [window] = job.windows
        begin = max(clock, window.start_s)
        if begin > window.end_s:
            return 10**9
        # Leaving later by what is waited here and before is possible while no window so far closes.
        waited += begin - clock
        slack = min(slack, window.end_s - begin + waited)
        clock = begin + job.service_s
    back = clock + abs(places[-2] - places[-1]) * MINUTE
    if back > shift.end_s:
        return 10**9
    duration = back - shift.start_s - min(waited, slack)
    work = (2 * duration * worker.cents_per_hour + 3600) // 7200
    return metres * worker.cents_per_km // 1000 + work + worker.day_fee_cents


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(seed=st.integers(0, 10**6), visits=st.integers(1, 4), team=st.integers(1, 2))
def test_a_tiny_problem_is_solved_to_the_optimum(engine: str, seed: int, visits: int, team: int) -> None:
    made = tiny(seed, visits, team)

    plan = solve(made, FirstOf(MaxIterations(300), MaxRuntime(4)), engine=engine)

    assert plan.cost.total == cheapest(made)


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
    stop = MaxIterations(30)

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

    solve(day_of_work(), FirstOf(MaxIterations(50), MaxRuntime(3)), on_progress=seen.append, engine=engine)

    costs = [glance.cost_cents for glance in seen]
    assert costs == sorted(costs, reverse=True)
    assert all(0 <= glance.unserved <= 14 for glance in seen)


def test_a_warm_start_is_never_made_worse(engine: str) -> None:
    made = day_of_work()
    good = solve(made, FirstOf(MaxIterations(100), MaxRuntime(3)), engine=engine)

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


def test_what_no_engine_has_a_model_for_is_named_and_not_ignored() -> None:
    scarce = Depot("D", 3, stock={"pump": 1})
    jobs = [visit(name, 5, parts={"pump": 1}) for name in ("a", "b")]

    with pytest.raises(UnsupportedError, match="depot D, part pump"):
        solve(problem(technician(), scarce, *jobs), MaxIterations(5), engine="ortools")
    with pytest.raises(UnsupportedError, match="fairness"):
        solve(problem(technician(), *jobs, fairness_cents=5), MaxIterations(5), engine="ortools")


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
