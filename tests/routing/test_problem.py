"""A problem that contradicts itself is refused, naming the item."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from routing import (
    Break,
    Depot,
    Lock,
    Planned,
    Problem,
    ProblemError,
    Promise,
    Relation,
    Shift,
    Technician,
    Travel,
    Vendor,
    Visit,
    Window,
)
from routing.extend import extended
from routing.flat import flatten
from tests.routing.worlds import problem, road, technician, visit

SQUARE = np.zeros((2, 2))
NAN: Any = float("nan")
HALF: Any = 3.5


@pytest.mark.parametrize(
    ("durations", "distances", "complaint"),
    [
        (np.zeros((2, 3)), SQUARE, "must be square"),
        (SQUARE, np.zeros((3, 3)), "differs from durations"),  # asymmetric sizes
        (np.array([[0, np.nan], [1, 0]]), SQUARE, "place 0 to place 1 is not a number"),
        (np.array([[0, np.inf], [1, 0]]), SQUARE, "place 0 to place 1 is not a number"),
        (np.array([[0, 1], [-5, 0]]), SQUARE, "place 1 to place 0 is negative"),
        (SQUARE, np.array([[0, 2**40], [0, 0]]), "place 0 to place 1 is too large"),
        (np.array([["a", "b"], ["c", "d"]]), SQUARE, "must hold numbers"),
    ],
)
def test_a_wrong_matrix_names_the_pair(durations: np.ndarray, distances: np.ndarray, complaint: str) -> None:
    with pytest.raises(ProblemError, match=complaint):
        Travel(durations, distances)


def test_a_matrix_cannot_be_changed_behind_the_problem() -> None:
    travel = road(3)

    with pytest.raises(ValueError, match="read-only"):
        travel.durations_s[0, 1] = 7


@pytest.mark.parametrize(
    ("percents", "complaint"),
    [
        ((100,) * 23, "24 entries"),
        ((100,) * 23 + (0,), "hour 23"),  # no driving at all
    ],
)
def test_rush_hours_cover_the_day(percents: tuple[int, ...], complaint: str) -> None:
    with pytest.raises(ProblemError, match=complaint):
        road(3, percents)


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        (visit("v", 3, service_s=-1), "visit v: service_s is negative"),
        (visit("v", 3, service_s=1.5), "visit v: service_s must be a whole number"),
        (visit("v", 99), "visit v: place 99 is outside"),
        (replace(visit("v", 3), place=HALF), "visit v: place must be a whole number, got 3.5"),
        (visit("v", 3, crew_size=HALF), "visit v: crew_size must be a whole number"),
        (visit("v", 3, release_s=NAN), "visit v: release_s must be a whole number, got nan"),
        (visit("v", 3, windows=(Window(0, NAN),)), "visit v: window end must be a whole number, got nan"),
        (visit("v", 3, windows=(Window(0, 9, HALF),)), "visit v: window due time must be a whole number"),
        (visit("v", 3, lock=Lock(earliest_s=HALF)), "visit v: lock start must be a whole number"),
        (visit("v", 3, lock=Lock(latest_s=NAN)), "visit v: lock end must be a whole number"),
        (visit("v", 3, promise=Promise(NAN, 9)), "visit v: promise start must be a whole number"),
        (visit("v", 3, promise=Promise(4, NAN)), "visit v: promise end must be a whole number"),
        (visit("v", 3, planned=Planned(frozenset({"Li"}), NAN)), "visit v: planned start must be a whole"),
        (technician("T", shifts=(Shift(0, NAN),)), "technician T shift 0: end must be a whole number"),
        (technician("T", shifts=(Shift(0, 9, (Break(1, NAN, 1),)),)), "latest start must be a whole number"),
        (technician("T", certificates={"card": NAN}), "technician T: expiry of card must be a whole number"),
        (visit("v", 3, windows=()), "visit v: has no window"),
        (visit("v", 3, windows=(Window(10, 5),)), "visit v: window ends .5. before it starts .10."),
        (visit("v", 3, windows=(Window(0, 9), Window(9, 12))), "overlaps the one before"),
        (visit("v", 3, windows=(Window(5, 9, 4, 1),)), "due time 4 is outside"),
        (visit("v", 3, crew_size=0), "at least one has to come"),
        (visit("v", 3, skills={"gas": -1}), "level of gas is negative"),
        (visit("v", 3, skills={"juggling": 1}), "visit v: names unknown skill juggling"),
        (visit("v", 3, parts={"valve": -2}), "parts of valve is negative"),
        (visit("v", 3, allowed=frozenset({"Wu"})), "visit v: allowed names unknown technician Wu"),
        (visit("v", 3, excluded=frozenset({"Wu"})), "excluded names unknown technician Wu"),
        (visit("v", 3, lock=Lock(frozenset({"Wu"}))), "lock names unknown technician Wu"),
        (visit("v", 3, lock=Lock(frozenset(), 9, 4)), "lock ends .4. before it starts .9."),
        (visit("v", 3, crew_size=2, lock=Lock(frozenset({"Li"}))), "names 1 technicians for a crew of 2"),
        (visit("v", 3, promise=Promise(9, 4)), "promise ends"),
        (visit("v", 3, promise=Promise(4, 9, -1)), "move_cents is negative"),
        (visit("v", 3, planned=Planned(frozenset(), 5)), "planned names 0 technicians"),
        (technician("T", 99), "technician T: start_place 99 is outside"),
        (technician("T", vendor="nobody"), "technician T: names unknown vendor nobody"),
        (technician("T", profile="boat"), "no travel matrix for profile boat"),
        (technician("T", cents_per_hour=-1), "cents_per_hour is negative"),
        (technician("T", shifts=(Shift(9, 4),)), "technician T shift 0: ends .4. before it starts .9."),
        (technician("T", shifts=(Shift(0, 9), Shift(8, 20))), "shift 1: starts before the one before ends"),
        (technician("T", shifts=(Shift(0, 9, (Break(5, 3, 1),)),)), "break 0: latest start .3. is before"),
        (technician("T", shifts=(Shift(0, 9, (Break(5, 6, -1),)),)), "break 0: duration is negative"),
        (technician("T", shifts=(Shift(0, 9, (Break(5, 5, 3), Break(6, 7, 1))),)), "break 1: must start"),
        (technician("T", van_stock={"valve": -1}), "van_stock of valve is negative"),
        (Vendor("V", {"install": -3}), "vendor V: tariff of install is negative"),
        (Vendor("V", {}, -1), "vendor V: daily_capacity is negative"),
        (Depot("D", 99), "depot D: place 99 is outside"),
        (Depot("D", 1, stock={"valve": -1}), "stock of valve is negative"),
        (Relation("a", "ghost"), "relation a -> ghost: names unknown visit ghost"),
        (Relation("a", "a"), "visit a: comes after itself"),
        (visit("a", 4), "visit a: appears twice"),
        (technician("Li"), "technician Li: appears twice"),
    ],
)
def test_bad_input_is_an_error_naming_the_item(
    item: Technician | Visit | Vendor | Depot | Relation, complaint: str
) -> None:
    with pytest.raises(ProblemError, match=complaint):
        problem(technician("Li"), visit("a", 2), item, skills=frozenset({"gas"}))


def test_visits_in_a_circle_are_refused() -> None:
    visits = [visit(name, 1) for name in "abc"]

    with pytest.raises(ProblemError, match="comes after itself"):
        problem(*visits, Relation("a", "b"), Relation("b", "c"), Relation("c", "a"))


def test_the_same_order_twice_is_no_circle() -> None:
    visits = [visit(name, 1) for name in "abc"]

    made = problem(*visits, Relation("a", "b"), Relation("a", "c"), Relation("b", "c"))

    assert len(made.relations) == 3


def test_profiles_must_cover_the_same_places() -> None:
    with pytest.raises(ProblemError, match="travel bike: covers 4 places"):
        problem(technician(), travel={"car": road(5), "bike": road(4)})


def test_a_visit_added_later_makes_the_same_problem_as_one_there_from_the_start() -> None:
    depot = Depot("D", 7, windows=(Window(0, 5), Window(9, 20)))
    vendor = Vendor("V", {"new job": 700, "": 100})
    team = (technician("Li", service_percent={"new job": 150}), technician("Wu", 3, vendor="V"))
    promised = Promise(100, 200, 50)
    old = visit("old", 4, promise=promised)
    late = visit(
        "late", 6, job_type="new job", windows=(Window(0, 40), Window(90, 400, 95, 3)), promise=promised
    )

    grown = extended(problem(*team, vendor, depot, old), late)
    whole = problem(*team, vendor, depot, old, late)

    assert isinstance(grown, Problem)
    assert grown.visit_index == whole.visit_index
    for name, column in flatten(grown).arrays._asdict().items():
        if name not in ("job", "percent", "tariff"):
            np.testing.assert_array_equal(column, getattr(flatten(whole).arrays, name), name)
    for node in range(2):
        for frame in range(2):
            assert flatten(grown).service_s(node, frame) == flatten(whole).service_s(node, frame)


def test_a_known_visit_cannot_be_added_again() -> None:
    base = problem(technician(), visit("a", 2))

    with pytest.raises(ProblemError, match="visit a: appears twice"):
        extended(base, visit("a", 3))


def test_an_added_visit_is_looked_at_like_any_other() -> None:
    base = problem(technician(), visit("a", 2))

    with pytest.raises(ProblemError, match="visit b: place 99"):
        extended(base, replace(visit("b", 3), place=99))


def test_a_technician_and_a_visit_need_only_an_id_and_a_place() -> None:
    made = problem(Technician("Li", 0, 0, ()), Visit("a", 1, 60))

    assert made.frames == ()
