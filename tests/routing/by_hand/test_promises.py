"""What is fixed: locks, the frozen part of the day, promises.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

from dataclasses import replace

import pytest

from routing import Lock, Planned, Promise, Reason
from tests.routing.by_hand.reading import planned, reason, times
from tests.routing.worlds import HOUR, at, problem, technician, visit


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        (Lock(frozenset({"Wu"})), ("Wu", None)),
        (Lock(frozenset(), 10 * HOUR, 10 * HOUR), (None, 120)),
        (Lock(frozenset({"Wu"}), 10 * HOUR, 10 * HOUR), ("Wu", 120)),
        (Lock(frozenset(), 10 * HOUR, 11 * HOUR), (None, (120, 180))),
    ],
    ids=["technician", "time", "both", "range"],
)
def test_each_lock_holds(engine: str, lock: Lock, expected: tuple[str | None, object]) -> None:
    team = (technician("Li", 0), technician("Wu", 30))

    plan = planned(problem(*team, visit("a", 2, lock=lock), visit("b", 2)), engine)

    who, start, _ = times(plan, "a")
    assert expected[0] in (None, who)
    if isinstance(expected[1], tuple):
        assert expected[1][0] <= start <= expected[1][1]
    else:
        assert expected[1] in (None, start)


def test_what_is_frozen_stays_and_nothing_new_comes_before(engine: str) -> None:
    team = (technician("Li", 0), technician("Wu", 2))
    frozen = visit("frozen", 2, planned=Planned(frozenset({"Li"}), 9 * HOUR))

    plan = planned(problem(*team, frozen, visit("new", 2), freeze_until_s=10 * HOUR), engine)

    assert times(plan, "frozen")[:2] == ("Li", 60)
    assert times(plan, "new")[1] >= 120


def test_a_promise_is_moved_only_for_its_price(engine: str) -> None:
    """Both were promised nine o'clock, one technician: moving one costs 500, leaving it out 1,000,000."""
    visits = [visit(name, 10, promise=Promise(9 * HOUR, 9 * HOUR, 500)) for name in ("a", "b")]

    plan = planned(problem(technician(), *visits), engine)

    assert plan.unserved == ()
    assert plan.cost.moved == 500


def test_a_promise_beyond_the_cap_is_not_moved(engine: str) -> None:
    visits = [visit(name, 10, promise=Promise(9 * HOUR, 9 * HOUR, 500)) for name in ("a", "b")]

    plan = planned(problem(technician(), *visits, max_moved=0), engine)

    assert reason(plan) is Reason.PROMISE_CAP


def test_an_unmovable_promise_is_kept_or_left(engine: str) -> None:
    visits = [visit(name, 10, promise=Promise(9 * HOUR, 9 * HOUR)) for name in ("a", "b")]

    plan = planned(problem(technician(), *visits, lock_drop_cents=7), engine)

    assert len(plan.unserved) == 1
    assert plan.cost.unserved == 1_000_000 + 7


def test_a_lock_names_both_of_a_crew(engine: str) -> None:
    team = (technician("Li", 5), technician("Wu", 5), technician("Xu", 30))
    heavy = visit("heavy", 5, crew_size=2, lock=Lock(frozenset({"Wu", "Xu"})))

    plan = planned(problem(*team, heavy), engine)

    assert {route.technician for route, _ in plan.where("heavy")} == {"Wu", "Xu"}


def test_a_lock_that_cannot_be_kept_is_left_out_at_its_price(engine: str) -> None:
    """Locked to a time before the shift."""
    locked = visit("locked", 5, lock=Lock(frozenset(), 7 * HOUR, 7 * HOUR), unserved_cents=300)

    plan = planned(problem(technician(), locked, lock_drop_cents=5000), engine)

    assert plan.cost.unserved == 5300
    assert reason(plan) is Reason.NO_SHIFT


def test_a_moved_promise_is_cheaper_than_a_broken_one_only_at_its_price(engine: str) -> None:
    """Both were promised nine. Serving the second at half past costs 3000 of work and its price to move;
    leaving it out 8000 and the same price.
    """
    visits = [visit(name, 10, unserved_cents=8000, promise=Promise(9 * HOUR, 9 * HOUR, 500)) for name in "ab"]
    cheap = planned(problem(technician(), *visits), engine)
    unwanted = [replace(item, unserved_cents=2900) for item in visits]
    dear = planned(problem(technician(cents_per_km=0), *unwanted), engine)

    assert cheap.unserved == ()
    assert cheap.cost.moved == 500
    # One at nine: 5000 of work saves 2900 and 500; it does not pay for either of them.
    assert len(dear.unserved) == 2
    assert dear.cost.moved == 1000


def test_what_is_frozen_keeps_even_a_start_outside_its_window(engine: str) -> None:
    """The customer's window has changed since; the technician is on the way."""
    frozen = visit("frozen", 2, windows=(at(14, 15),), planned=Planned(frozenset({"Li"}), 9 * HOUR))

    plan = planned(problem(technician("Li"), frozen, freeze_until_s=10 * HOUR), engine)

    assert times(plan, "frozen")[:2] == ("Li", 60)
