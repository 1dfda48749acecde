"""What the search says a route of a working day costs, against the routes of a draft, timed one by one."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from routing.bench.field import field_problem
from routing.draft import Draft
from routing.errors import PlanError
from routing.flat import flatten
from routing.problem import Problem, Shift, Technician, Visit
from routing.search.arrays import NEVER
from routing.search.field import ADDRESS, STOPS, Field
from routing.search.insertion import FEW_ROUTES
from routing.search.knobs import knobs_for
from routing.search.lowering import Lowered, lower, whole
from routing.search.priced import link
from routing.search.routes import COST, N_ABSENT
from routing.search.walker import Walker
from routing.travel.matrix import Travel
from tests.routing.random_worlds import RULES, random_problem
from tests.routing.test_insertion import cheapest

APART = RULES - {"crew", "relation", "vendor"}
CARRYING = frozenset({"depot", "scarce", "parts", "tools"})


def days(rules: frozenset[str]) -> Iterator[tuple[Lowered, Walker]]:
    """Random days of some of the rules, with everything in that fits."""
    for seed in range(150):
        some = frozenset(Random(seed).sample(sorted(rules), seed % len(rules)))
        problem = replace(random_problem(seed, 8, some), max_moved=None)
        draft = Draft(flatten(problem))
        lowered = lower(draft, whole(draft.flat))
        if lowered.data.size == 0 or len(lowered.frame) == 0:
            continue
        walker = Walker(lowered.data, knobs_for(lowered.data)._replace(blink=0.0), seed, 1)
        walker.begin(None)
        yield lowered, walker


def test_a_visit_goes_where_the_day_grows_least() -> None:
    """Places that cannot be timed, or cannot be cheap enough, are told without timing the route."""
    tried = 0
    for lowered, walker in days(APART - CARRYING):
        routes = walker.routes()
        draft = lowered.raised(routes)
        for route, codes in routes.items():
            for code in codes:
                visit = code % lowered.data.size
                without = {**routes, route: [other for other in codes if other != code]}
                walker.load(without)
                before, price = int(walker.state.tally[COST]), int(draft.flat.drop[lowered.visit[visit]])
                promise = draft.problem.visits[lowered.visit[visit]].promise
                if walker.state.tally[N_ABSENT] > 1 or (promise is not None and promise.move_cents is None):
                    continue
                least = cheapest(lowered.raised(without), int(lowered.visit[visit]))

                walker.complete()

                grown = walker.state.tally[COST] - before + price
                assert grown == (price if least is None else min(price, least))
                tried += 1
    assert tried > 40


def told(lowered: Lowered, route: int, codes: list[int], most: int) -> int:
    """What the search is told a route costs."""
    rules: Field = lowered.data.rules
    n, rows = lowered.data.size, int(rules.desk[STOPS - 1])
    rules.desk[STOPS : STOPS + len(codes)] = [rules.visit[code % n, code // n] for code in codes]
    rules.desk[STOPS + rows : STOPS + rows + len(codes)] = [code % n for code in codes]
    return link()(int(rules.desk[ADDRESS]), int(rules.frame[route]), len(codes), most)


def test_a_price_below_the_limit_is_exact_and_others_are_not_told_to_be_below_it() -> None:
    """Pick-ups included: their places are tried against the same limit."""
    for lowered, walker in days(APART):
        for route, codes in walker.routes().items():
            cents = told(lowered, route, codes, int(NEVER))
            draft = lowered.raised({route: codes})
            assert cents == draft.grid.cents[lowered.frame[route]]
            for most in (0, cents // 2, cents, cents + 1):
                bound = told(lowered, route, codes, most)
                assert bound == cents if most > cents else most <= bound <= cents


def compare(lowered: Lowered, route: int, codes: list[int]) -> bool:
    """Whether a route can be timed; if so its price is the draft's, and if not it has none."""
    cents, never = told(lowered, route, codes, int(NEVER)), int(NEVER)
    if cents < never:
        assert cents == lowered.raised({route: codes}).grid.cents[lowered.frame[route]]
    elif not lowered.draft.problem.depots:
        with pytest.raises(PlanError):
            lowered.raised({route: codes})
    return cents < never


def test_any_order_of_visits_costs_what_the_draft_says() -> None:
    """Simple routes are priced in a way of their own; late visits and moved promises among them."""
    timed = 0
    for seed in range(4):
        draft = Draft(flatten(field_problem(60, 6, seed)))
        lowered, dice = lower(draft, whole(draft.flat)), Random(seed)
        n, nodes = lowered.data.size, lowered.data.rules.visit
        opens = lowered.data.visit[:, 0]
        for _ in range(400):
            visits = dice.sample(range(n), dice.randint(1, 7))
            visits.sort(key=lambda visit: int(opens[visit]) + dice.randint(0, 7200))
            codes = [v + n * (nodes[v, 1] >= 0 and dice.random() < 0.5) for v in visits]
            timed += compare(lowered, dice.randrange(len(lowered.frame)), codes)
    assert timed > 300


def test_a_later_departure_makes_nobody_later_who_has_set_a_promise_aside() -> None:
    """Leaving later, the break would come elsewhere, and the last visit, late already, later still."""
    draft = Draft(flatten(field_problem(350, 35, 2)))
    lowered = lower(draft, whole(draft.flat))

    assert compare(lowered, 22, [253, 44, 127, 171, 212, 350 + 197])


def test_where_routes_are_many_somebody_far_away_is_found_before_a_visit_is_given_up() -> None:
    """A hundred visits are nearer than those of the only technician who may serve it."""
    n, team = 110, FEW_ROUTES + 5
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    technicians = tuple(
        Technician(f"t{k}", 2 * k, 2 * k, (Shift(0, 36_000),), cents_per_hour=3600) for k in range(team - 1)
    )
    afar = Technician("afar", n - 1, n - 1, (Shift(0, 36_000),), cents_per_hour=3600)
    only = {0, n - 3, n - 2, n - 1}
    visits = tuple(
        Visit(
            f"v{place}",
            place,
            600,
            unserved_cents=10**7,
            allowed=frozenset({"afar"} if place in only else ()),
        )
        for place in range(n)
    )
    problem = Problem({"car": Travel(steps * 60, steps)}, (*technicians, afar), visits)
    draft = Draft(flatten(problem))
    lowered = lower(draft, whole(draft.flat))
    walker = Walker(lowered.data, knobs_for(lowered.data), 1, 1)
    routes = {place // 3: list(range(place, place + 3)) for place in range(1, n - 5, 3)}

    walker.begin(routes | {team - 1: sorted(only - {0}, reverse=True)})

    assert 0 in walker.routes()[team - 1]
    assert walker.absent == 0
