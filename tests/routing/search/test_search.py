"""The compiled search on small random instances, against evaluators and enumeration that share no code
with it.
"""

from itertools import permutations, product

import numpy as np
import pytest

from routing.bench.evaluate import evaluate
from routing.bench.instances import SkillInstance, ToolInstance
from routing.bench.own import data_of, numbered, solve_hybrid, tool_problem
from routing.search.anneal import anneal
from routing.search.arrays import (
    ARC,
    BOUND,
    COST_NOW,
    FOLLOWING,
    KEPT_COLUMNS,
    KEPT_FIGURES,
    LATEST,
    LOAD,
    PREVIOUS,
    READY,
    SIZE,
    WHERE,
    Data,
    Knobs,
    State,
    empty_state,
    no_best,
)
from routing.search.columns import columns_of
from routing.search.dice import seeded
from routing.search.driver import Budget, Driver, Outcome, Tuning
from routing.search.knobs import knobs_for
from routing.search.pool import empty_pool, remember_all
from routing.search.recombine import recombine
from routing.search.routes import write_route
from routing.search.working import fresh

TUNING = Tuning((50.0, 1.0), (500.0, 50.0))


def complete(data: Data, state: State, knobs: Knobs) -> None:
    """Put in what can be served, without a step of the search."""
    anneal(data, state, knobs, no_best(state), empty_pool(data, 1, 1), 0, 1.0, 1.0)


def skill_instance(seed: int, tasks: int = 25, technicians: int = 4) -> SkillInstance:
    """A random instance in which not everything can be served."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 60, (tasks + 1, 2)).astype(float)
    opens = rng.integers(0, 150, tasks + 1)
    closes = opens + rng.integers(10, 60, tasks + 1)
    opens[0], closes[0] = 0, 260
    outsourcing = rng.integers(100, 300, tasks + 1)
    outsourcing[0] = 0
    distance = np.ceil(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))).astype(np.int64)
    required = rng.integers(0, 3, (tasks + 1, 2))
    required[0] = 0
    return SkillInstance(
        "random", "full", distance, opens, closes, np.full(tasks + 1, 10), outsourcing,
        rng.integers(0, 4, (technicians, 2)), required,
    )  # fmt: skip


def tool_instance(seed: int, requests: int = 8) -> ToolInstance:
    """A random instance whose technicians lack tools and parts now and then."""
    rng = np.random.default_rng(seed)
    nodes = requests + 3
    points = rng.integers(0, 40, (nodes, 2)).astype(float)
    opens = rng.integers(0, 100, nodes).astype(float)
    closes = opens + 200
    opens[:3], closes[:3] = 0, 600
    tools = rng.random((nodes, 2)) < 0.4
    return ToolInstance(
        "random", 2, np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)), opens, closes,
        np.full(nodes, 10.0), np.ones((nodes, 1), np.bool_), tools, rng.integers(0, 3, (nodes, 1)),
    )  # fmt: skip


def searched(
    instance: SkillInstance | ToolInstance, iterations: int, seed: int = 1, threads: int = 1
) -> Outcome:
    """A search of so many iterations."""
    data = data_of(instance)
    tuning = Tuning((50.0, 1.0), (500.0, 50.0), threads=threads)
    return Driver(data, knobs_for(data), tuning, Budget(iterations=iterations), seed).run()


@pytest.mark.parametrize("seed", range(5))
def test_the_cost_of_a_search_is_what_its_routes_cost(seed: int) -> None:
    """Skills, windows and prices hold, and the cost kept step by step equals the one recomputed."""
    instance = skill_instance(seed)
    outcome = searched(instance, 3000)
    verdict = evaluate(instance, numbered(instance, data_of(instance), outcome))
    assert round(verdict.cost * 100) == outcome.cost


@pytest.mark.parametrize("seed", range(5))
def test_working_time_with_a_trip_is_what_its_routes_cost(seed: int) -> None:
    """Tools, parts and the trip hold; rounding up costs less than a thousandth per leg."""
    instance = tool_instance(seed)
    outcome = searched(instance, 2000)
    verdict = evaluate(instance, numbered(instance, data_of(instance), outcome))
    assert verdict.cost == pytest.approx(outcome.cost / 100_000, abs=1e-3)


def best_by_enumeration(instance: SkillInstance) -> int:
    """Try every assignment of tasks to technicians or nobody, in every order."""
    tasks = range(2, len(instance.opens) + 1)
    technicians = range(1, len(instance.levels) + 1)
    best: dict[tuple[int, tuple[int, ...]], float] = {}
    alone = sum(int(price) for price in instance.outsourcing)

    def cheapest(who: int, chosen: tuple[int, ...]) -> float:
        key = (who, chosen)
        if key not in best:
            best[key] = float("inf")
            for order in permutations(chosen):
                try:
                    saved = evaluate(instance, [(who, order)]).cost * 100 - alone
                except ValueError:
                    continue
                best[key] = min(best[key], saved)
        return best[key]

    totals = []
    for owners in product((0, *technicians), repeat=len(tasks)):
        shares = [
            tuple(t for t, owner in zip(tasks, owners, strict=True) if owner == who) for who in technicians
        ]
        totals.append(
            alone + sum(cheapest(who, share) for who, share in zip(technicians, shares, strict=True) if share)
        )
    return round(min(totals))


@pytest.mark.parametrize("seed", range(4))
def test_tiny_instances_are_solved_to_optimality(seed: int) -> None:
    """Five tasks, two technicians: the search finds what enumeration finds."""
    instance = skill_instance(seed, tasks=5, technicians=2)
    assert searched(instance, 3000).cost == best_by_enumeration(instance)


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    """Recombination included, on one thread and on two."""
    instance = skill_instance(7)
    for threads in (1, 2):
        first, second = (searched(instance, 4000, seed=3, threads=threads) for _ in range(2))
        assert first.routes == second.routes
        assert first.cost == second.cost


def test_a_rejected_iteration_leaves_no_trace() -> None:
    """At no temperature only strict improvements stay, and what was undone is exactly as before."""
    data = data_of(skill_instance(2))
    state = empty_state(data, seeded(1), with_memo=True)
    knobs = knobs_for(data)
    complete(data, state, knobs)
    pool = empty_pool(data, 100, 2000)
    best = no_best(state)
    for _ in range(300):
        before = (
            state.node.copy(),
            state.route[:-1, :KEPT_FIGURES].copy(),
            int(state.tally[1]),
            int(state.tally[0]),
        )
        # So cold that added to any cost it vanishes: an equal cost is then no improvement either.
        anneal(data, state, knobs, best, pool, 1, 1e-300, 1e-300)
        if int(state.tally[1]) == before[2]:
            n = data.size
            linked = np.append(before[0][:n, WHERE] >= 0, np.ones(len(state.node) - n, np.bool_))
            assert np.array_equal(state.node[linked, :KEPT_COLUMNS], before[0][linked, :KEPT_COLUMNS])
            assert np.array_equal(state.node[:n, WHERE] >= 0, before[0][:n, WHERE] >= 0)
            served = linked[:n]
            assert np.array_equal(state.node[:n, WHERE][served], before[0][:n, WHERE][served])
            assert np.array_equal(state.route[:-1, :KEPT_FIGURES], before[1])
            assert int(state.tally[0]) == before[3]


def test_a_search_stopped_at_once_still_has_a_plan() -> None:
    """The plan of the first construction comes back."""
    instance = skill_instance(4)
    data = data_of(instance)
    budget = Budget(is_over=lambda iterations, cost: True)
    outcome = Driver(data, knobs_for(data), TUNING, budget).run()
    assert outcome.iterations == 0
    assert evaluate(instance, numbered(instance, data, outcome)).cost < instance.outsourcing.sum() / 100


def test_a_warm_start_is_never_made_worse() -> None:
    """Starting from a good plan and stopping at once keeps it."""
    instance = skill_instance(5)
    data = data_of(instance)
    good = searched(instance, 4000)
    budget = Budget(is_over=lambda iterations, cost: True)
    assert Driver(data, knobs_for(data), TUNING, budget).run(good.routes).cost == good.cost


def test_recombination_finds_the_better_mix_of_two_plans() -> None:
    """Two plans, each good on one side, give one that is good on both."""
    points = np.array([[0, 0], [10, 0], [11, 0], [-10, 0], [-11, 0]], dtype=float)
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int64)
    free = np.zeros(5, np.int64)
    instance = SkillInstance(
        "cross", "full", distance, free, np.full(5, 500), free, np.array([0, 90, 90, 90, 90]),
        np.ones((2, 1), np.int64), np.zeros((5, 1), np.int64),
    )  # fmt: skip
    data = data_of(instance)
    pool, copies = empty_pool(data, 10, 100), np.array([2], np.int64)
    for routes in ({0: [0, 1], 1: [2]}, {0: [2, 3], 1: [0]}):
        # Nothing is cheaper than nothing; what was pooled by then stays, and is mixed with what comes.
        assert recombine(data, [pool], None, copies, 0, np.zeros(4), 5.0) is None
        state = empty_state(data, seeded(1), with_memo=False)
        for route, visits in routes.items():
            write_route(data, state, route, np.array(visits, np.int64), 0, len(visits))
        assert np.count_nonzero(state.route[:-1, SIZE]) == 2
        remember_all(data, state, pool)
    found = recombine(data, [pool], None, copies, 400, np.zeros(4), 5.0)
    assert found is not None
    assert sorted(sorted(visits) for visits in found.values()) == [[0, 1], [2, 3]]
    assert len(columns_of(data, pool, None).cost) == 4


def test_the_tools_family_as_a_problem_keeps_every_request() -> None:
    """The instance handed to the general engines has the same requests, tools and parts."""
    instance = tool_instance(3)
    problem = tool_problem(instance)
    assert [int(visit.id) for visit in problem.visits] == list(instance.requests)
    assert problem.visits[0].parts == {
        str(part): int(units) for part, units in enumerate(instance.parts[3]) if units
    }


@pytest.mark.parametrize(("iterations", "cycle"), [(4000, 5000), (18_000, 6000)])
def test_a_short_budget_still_cools_more_than_once(iterations: int, cycle: int) -> None:
    """Into three, of 200 iterations for each of the 25 visits at least."""
    data = data_of(skill_instance(3))
    driver = Driver(data, knobs_for(data), TUNING, Budget(iterations=iterations))
    assert driver.run().iterations == iterations
    assert driver.cycle_length == cycle


def test_the_bench_engine_stops_in_time() -> None:
    """Half a second of a clock that is asked between short pieces of work."""
    ticks = iter(np.arange(0, 1000, 0.05))
    routes = solve_hybrid(
        skill_instance(6), 0.5, 1, 1, lambda: float(next(ticks)), lambda cost, seconds: None
    )
    assert evaluate(skill_instance(6), routes).cost > 0


@pytest.mark.parametrize("everywhere", [True, False])
def test_what_is_kept_step_by_step_is_what_a_fresh_start_computes(everywhere: bool) -> None:
    """Times, loads, arcs and costs of every route, after many steps of either kind of insertion."""
    data = data_of(skill_instance(3))
    knobs = knobs_for(data)._replace(everywhere=everywhere)
    state = empty_state(data, seeded(1), with_memo=True)
    complete(data, state, knobs)
    anneal(data, state, knobs, no_best(state), empty_pool(data, 1, 1), 500, 30.0, 30.0)

    fresh = empty_state(data, seeded(1), with_memo=False)
    n = data.size
    for route in range(len(data.route)):
        visits = []
        node = state.node[n + route, FOLLOWING]
        while node < n:
            visits.append(int(node))
            node = state.node[node, FOLLOWING]
        write_route(data, fresh, route, np.array(visits, np.int64), 0, len(visits))

    assert np.array_equal(state.node[:n, WHERE] >= 0, fresh.node[:n, WHERE] >= 0)
    linked = np.append(state.node[:n, WHERE] >= 0, np.tile(state.route[:-1, SIZE] > 0, 2))
    columns = [FOLLOWING, PREVIOUS, READY, LATEST, ARC]
    assert np.array_equal(state.node[linked][:, columns], fresh.node[linked][:, columns])
    figures = [SIZE, LOAD, COST_NOW, BOUND]
    assert np.array_equal(state.route[:-1, figures], fresh.route[:-1, figures])
    assert state.tally[1] == fresh.tally[1]


@pytest.mark.parametrize("seed", range(6))
def test_a_visit_goes_where_working_time_grows_least(seed: int) -> None:
    """No place is overlooked because its detour looks long: waiting may pay for it."""
    data = data_of(tool_instance(seed))
    knobs = knobs_for(data)._replace(blink=0.0)
    state = empty_state(data, seeded(seed), with_memo=True)
    complete(data, state, knobs)
    n = data.size
    routes: list[list[int]] = []
    for route in range(len(data.route)):
        routes.append([])
        node = state.node[n + route, FOLLOWING]
        while node < n:
            routes[-1].append(int(node))
            node = state.node[node, FOLLOWING]

    def placed(changed: dict[int, list[int]]) -> tuple[int, Data, State]:
        alone = data._replace(rules=fresh(data.rules))
        twin = empty_state(data, seeded(seed), with_memo=True)
        for route, visits in enumerate(routes):
            order = np.array(changed.get(route, visits), np.int64)
            write_route(alone, twin, route, order, 0, len(order))
        return int(twin.tally[1]), alone, twin

    for home, visits in enumerate(routes):
        for visit in visits:
            rest = [other for other in visits if other != visit]
            _, alone, twin = placed({home: rest})
            complete(alone, twin, knobs)
            least = min(
                placed({home: rest, route: [*order[:place], visit, *order[place:]]})[0]
                for route, order in enumerate(rest if r == home else routes[r] for r in range(len(routes)))
                for place in range(len(order) + 1)
            )
            assert int(twin.tally[1]) == least
