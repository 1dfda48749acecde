"""Large days: regions that share nothing, and plans that keep every rule across their seams."""

from collections.abc import Iterator
from itertools import pairwise
from threading import Event
from typing import Any

import pytest

from routing import MaxIterations, Problem, check, solve
from routing.bench.field import field_problem
from routing.draft import Draft
from routing.engines import hybrid, large
from routing.engines.large import Round, search_regions
from routing.finish import finish
from routing.flat import flatten
from routing.insertion import fill
from routing.search import lowering, regions
from routing.search.lowering import Lowered, Scope


@pytest.fixture(scope="module")
def day() -> Problem:
    return field_problem(60, 9, seed=1)


@pytest.fixture
def small_regions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if thirty visits were many."""
    monkeypatch.setattr(regions, "VISITS", 20)
    monkeypatch.setattr(hybrid, "VISITS", 20)
    monkeypatch.setattr(hybrid, "LARGE", 30)
    return iter(())


@pytest.mark.usefixtures("small_regions")
def test_regions_share_nothing_and_leave_nobody_out(day: Problem) -> None:
    draft = Draft(flatten(day))
    fill(draft, range(40))

    scopes = regions.regions(draft, seed=2)

    assert len(scopes) > 2
    assert sorted(f for scope in scopes for f in scope.frames.tolist()) == list(range(9))
    visits = [visit for scope in scopes for visit in scope.visits.tolist()]
    assert len(visits) == len(set(visits))
    assert draft.seats.keys() <= set(visits)
    for scope in scopes:
        assert {v for v in visits if draft.seats.get(v, (-1,))[0] in scope.frames} <= set(scope.visits)


@pytest.mark.usefixtures("small_regions")
def test_every_round_lies_elsewhere(day: Problem) -> None:
    draft = Draft(flatten(day))

    cuts = [{tuple(s.frames) for s in regions.regions(draft, seed)} for seed in range(4)]

    assert any(one != other for one, other in pairwise(cuts))


@pytest.mark.usefixtures("small_regions")
def test_a_day_searched_in_regions_keeps_every_rule_and_repeats(day: Problem) -> None:
    plans = [solve(day, MaxIterations(24), seed=4, engine="hybrid", threads=2) for _ in range(2)]

    assert check(day, plans[0]).violations == ()
    assert plans[0] == plans[1]


@pytest.mark.usefixtures("small_regions")
def test_a_warm_start_in_regions_is_never_made_worse(day: Problem) -> None:
    draft = Draft(flatten(day))
    fill(draft, draft.unserved)
    before = finish(draft)

    after = solve(day, MaxIterations(6), engine="hybrid", warm_start=before)

    assert after.cost.total <= before.cost.total


@pytest.mark.usefixtures("small_regions")
def test_once_time_is_up_no_further_region_is_begun(day: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = Draft(flatten(day))
    asked, begun = Event(), list[Scope]()

    def lower(draft: Draft, scope: Scope, turn: int, **rest: Any) -> Lowered:
        begun.append(scope)
        assert asked.wait(60)
        return lowering.lower(draft, scope, turn, **rest)

    def is_over() -> bool:
        asked.set()
        return True

    monkeypatch.setattr(large, "lower", lower)
    monkeypatch.setattr(large, "ASK_EACH_S", 0)

    after, _ = search_regions(draft, Round(1, 3600.0, None, is_rationed=False), 1, 1, is_over)

    assert len(begun) < len(regions.regions(draft, 2))
    assert check(day, finish(after)).is_ok


def test_the_time_of_a_round_is_shared_by_its_regions() -> None:
    this = Round(number=1, seconds=60.0, steps=None, is_rationed=False)

    assert this.region_s(30) == 2.0
    assert this.region_s(3000) == large.LEAST_S
    assert Round(1, None, 100, is_rationed=False).region_s(30) is None


@pytest.mark.parametrize(
    ("seconds", "visits", "rounds"),
    [(240.0, 10_000, 24), (60.0, 10_000, 6), (1.0, 2000, 1), (9000.0, 2000, 24)],
)
def test_a_short_time_is_not_spread_over_too_many_rounds(seconds: float, visits: int, rounds: int) -> None:
    assert large.rounds_within(seconds, visits) == rounds
