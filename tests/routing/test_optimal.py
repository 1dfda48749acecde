"""On tiny problems the engines find the cheapest plan there is, and nothing ever costs less."""

from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from routing import (
    Break,
    Lock,
    MaxIterations,
    Problem,
    Promise,
    Relation,
    Shift,
    Technician,
    Vendor,
    Visit,
    Window,
    solve,
)
from routing.solve import available
from tests.routing.exhaustive import STEP, optimum
from tests.routing.worlds import HOUR, road

PLACES = 4
SIMPLE = (
    "allowed",
    "lock",
    "overtime",
    "parts",
    "preferred",
    "promise",
    "release",
    "service",
    "skills",
    "vendor",
)
LINKED = ("crew", "relation")
TIMED = ("breaks", "windows")
"""How long a day is depends on more than the order then, and the engines keep to one rule; see the README."""


def tiny(seed: int, visits: int, rules: frozenset[str]) -> Problem:
    """One or two technicians and what the rules allow, all of it on the grid."""
    dice = Random(seed)
    is_paid = not rules & {*TIMED}
    team = tuple(worker(name, dice, rules, is_paid=is_paid) for name in ("A", "B")[: dice.randint(1, 2)])
    names = [who.id for who in team]
    jobs = tuple(job(f"v{number}", names, dice, rules) for number in range(visits))
    order = Relation("v0", "v1", dice.choice([0, 3 * STEP]), dice.random() < 0.5)
    vendor = Vendor("V", {"install": 900, "repair": 400}, dice.choice([None, 1]))
    return Problem(
        {"car": road(PLACES, pace=STEP // 60)},
        team,
        jobs,
        vendors=(vendor,) if "vendor" in rules else (),
        relations=(order,) if "relation" in rules and visits > 1 else (),
        max_moved=dice.choice([0, 1, None]),
        fairness_cents=300 if "fairness" in rules else 0,
        lock_drop_cents=40_000,
    )


def worker(name: str, dice: Random, rules: frozenset[str], *, is_paid: bool) -> Technician:
    start = 8 * HOUR + dice.randint(0, 3) * STEP
    rest = Break(9 * HOUR, 9 * HOUR + dice.randint(0, 3) * STEP, dice.randint(1, 3) * STEP)
    breaks = (rest,) if "breaks" in rules and dice.random() < 0.7 else ()
    return Technician(
        name,
        dice.randrange(PLACES),
        dice.randrange(PLACES),
        (Shift(start, start + dice.randint(8, 14) * STEP, breaks),),
        skills={"gas": dice.randint(0, 2)} if "skills" in rules else {},
        van_stock={"valve": dice.randint(0, 2)},
        service_percent={"repair": 200} if "service" in rules and dice.random() < 0.5 else {},
        cents_per_hour=dice.choice([600, 3000]) if is_paid else 0,
        cents_per_km=dice.choice([0, 100]),
        day_fee_cents=dice.choice([0, 500]),
        overtime_limit_s=3 * STEP if "overtime" in rules else 0,
        overtime_cents_per_hour=1800,
        vendor="V" if "vendor" in rules and dice.random() < 0.5 else None,
    )


def job(name: str, team: list[str], dice: Random, rules: frozenset[str]) -> Visit:
    first = 8 * HOUR + dice.randint(0, 8) * STEP
    windows = [Window(first, first + dice.randint(0, 4) * STEP)]
    if "windows" in rules and dice.random() < 0.5:
        windows.append(Window(windows[0].end_s + 2 * STEP, windows[0].end_s + 3 * STEP))
    some = frozenset(dice.sample(team, 1))
    crew = 2 if "crew" in rules and len(team) > 1 and dice.random() < 0.6 else 1
    locked = Lock(some if crew == 1 else frozenset(), first + STEP, first + 2 * STEP)
    kept = Promise(first + STEP, first + 2 * STEP, dice.choice([None, 250]))

    def maybe(rule: str) -> bool:
        return rule in rules and dice.random() < 0.4

    return Visit(
        name,
        dice.randrange(PLACES),
        dice.randint(1, 3) * STEP,
        tuple(windows),
        release_s=first + STEP if maybe("release") else 0,
        job_type=dice.choice(["install", "repair"]),
        skills={"gas": dice.randint(1, 2)} if maybe("skills") else {},
        allowed=some if maybe("allowed") and crew == 1 else frozenset(),
        excluded=some if maybe("allowed") else frozenset(),
        preferred=some if maybe("preferred") else frozenset(),
        not_preferred_cents=150,
        parts={"valve": dice.randint(1, 2)} if maybe("parts") else {},
        crew_size=crew,
        unserved_cents=dice.choice([300, 3000, 20_000]),
        lock=locked if maybe("lock") else None,
        promise=kept if maybe("promise") else None,
    )


def worlds(*rules: str) -> st.SearchStrategy[Problem]:
    """Tiny problems with some of the rules."""
    return st.builds(
        tiny, st.integers(0, 2**32 - 1), st.integers(0, 3), st.frozensets(st.sampled_from(rules))
    )


CAPPED = Problem(
    {"car": road(PLACES, pace=STEP // 60)},
    (
        Technician(
            "A", 1, 1, (Shift(30_000, 34_800),), cents_per_km=100, overtime_limit_s=1800,
            overtime_cents_per_hour=1800,
        ),
    ),
    (
        Visit(
            "v0", 2, 1200, (Window(33_000, 34_200),), unserved_cents=20_000,
            promise=Promise(33_600, 34_200, move_cents=250),
        ),
    ),
    max_moved=1,
    lock_drop_cents=40_000,
)  # fmt: skip
"""To move the one promise that may be moved costs less than the overtime it saves."""


RELAXED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    max_examples=12,
)
PROMISED = frozenset({"allowed", "preferred", "promise", "release", "service", "vendor"})


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@RELAXED
@given(made=worlds(*SIMPLE, *TIMED))
@example(made=tiny(13, 3, PROMISED))
@example(made=tiny(145, 2, frozenset({"parts", "preferred", "promise"})))
@example(made=CAPPED)
def test_a_tiny_problem_is_solved_to_the_optimum(engine: str, made: Problem) -> None:
    assert solve(made, MaxIterations(60), engine=engine).cost.total == optimum(made)


@RELAXED
@given(made=worlds(*SIMPLE, *LINKED, *TIMED))
@example(made=tiny(73, 2, frozenset({"allowed", "relation", "service", "skills", "vendor"})))
def test_crews_and_order_are_solved_to_the_optimum_too(made: Problem) -> None:
    assert solve(made, MaxIterations(60), engine="insertion").cost.total == optimum(made)


@RELAXED
@given(made=worlds(*SIMPLE, "fairness"))
def test_fairness_is_solved_to_the_optimum(made: Problem) -> None:
    assert solve(made, MaxIterations(60), engine="insertion").cost.total == optimum(made)


@RELAXED
@given(made=worlds(*SIMPLE, *LINKED, *TIMED))
def test_no_engine_beats_the_optimum(engine: str, made: Problem) -> None:
    assert solve(made, MaxIterations(5), engine=engine).cost.total >= optimum(made)
