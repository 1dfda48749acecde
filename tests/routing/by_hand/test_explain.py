"""What it takes to serve what is left out: the smallest bends, worked out by hand.

The road has a place every minute. Li lives at place 0.
"""

import pytest

from routing import (
    Bend,
    MaxIterations,
    Plan,
    Problem,
    Promise,
    Relaxation,
    Shift,
    Technician,
    Vendor,
    Visit,
    explain,
    solve,
)
from tests.routing.worlds import DAY, HOUR, at, day, problem, technician, visit


def made(given: Problem) -> Plan:
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert [left.visit for left in plan.unserved] == ["out"]
    return plan


def ways(given: Problem) -> set[Relaxation]:
    return {way.relaxation for way in explain(given, made(given), "out").ways}


@pytest.mark.parametrize(
    ("worker", "asked", "expected"),
    [
        # Half an hour from 8:30, ten minutes home: 9:10.
        (
            technician(shifts=(day(8, 9),)),
            visit("out", 10, windows=(at(8.5),)),
            Relaxation(Bend.LATER_END, "Li", 10, shift=0),
        ),
        # To be there at eight one leaves at 7:40.
        (
            technician(shifts=(day(8, 18),)),
            visit("out", 20, windows=(at(8),)),
            Relaxation(Bend.EARLIER_START, "Li", 20, shift=0),
        ),
        (
            technician(shifts=(day(8, 18),)),
            visit("out", 20, windows=(at(7.5, 8.25),)),
            Relaxation(Bend.LATER_WINDOW, "", 5),
        ),
        # Back by eighteen means done by 17:50 and begun by 17:20.
        (
            technician(shifts=(day(8, 18),)),
            visit("out", 10, windows=(at(17.5, 18),)),
            Relaxation(Bend.EARLIER_WINDOW, "", 10),
        ),
        (
            technician(skills={"gas": 1}),
            visit("out", 10, skills={"gas": 3}),
            Relaxation(Bend.LOWER_SKILL, "gas", 2),
        ),
        (
            technician(),
            visit("out", 10, certificates=frozenset({"card"})),
            Relaxation(Bend.NO_CERTIFICATE, "card", 1),
        ),
        (
            technician(zones=frozenset({"north"})),
            visit("out", 10, zone="south"),
            Relaxation(Bend.ANY_ZONE, "south", 1),
        ),
        (
            technician(),
            visit("out", 10, excluded=frozenset({"Li"})),
            Relaxation(Bend.OTHER_TECHNICIANS, "", 1),
        ),
        (
            technician(van_stock={"valve": 1}),
            visit("out", 10, parts={"valve": 3}),
            Relaxation(Bend.PART_IN_VAN, "Li", 2, part="valve"),
        ),
    ],
    ids=lambda value: str(value.bend) if isinstance(value, Relaxation) else "",
)
def test_the_smallest_bend_is_the_one_worked_out(
    worker: Technician, asked: Visit, expected: Relaxation
) -> None:
    assert expected in ways(problem(worker, asked))


def test_a_vendor_would_have_to_take_one_more() -> None:
    vendor = Vendor("V", {"repair": 2000}, daily_capacity=1)
    jobs = [
        visit(name, 5, job_type="repair", unserved_cents=price)
        for name, price in (("in", 10**7), ("out", 10**6))
    ]

    assert ways(problem(technician(vendor="V"), vendor, *jobs)) == {Relaxation(Bend.MORE_VISITS, "V", 1)}


def test_a_promise_would_have_to_be_moved() -> None:
    """Both at nine; moving is allowed for money, but not today."""
    jobs = [
        visit(name, 10, promise=Promise(9 * HOUR, 9 * HOUR, 500), unserved_cents=price)
        for name, price in (("in", 10**7), ("out", 10**6))
    ]

    assert Relaxation(Bend.MORE_MOVES, "", 1) in ways(problem(technician(), *jobs, max_moved=0))


def test_a_shift_is_not_stretched_into_the_day_before() -> None:
    """Tomorrow from ten; the customer has time tonight."""
    tomorrow = Shift(DAY + 10 * HOUR, DAY + 18 * HOUR)

    found = ways(problem(technician(shifts=(tomorrow,)), visit("out", 10, windows=(at(20, 21),))))

    assert {way.bend for way in found} == {Bend.LATER_WINDOW}
