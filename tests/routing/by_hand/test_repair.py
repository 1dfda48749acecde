"""What an event does to a day.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

from dataclasses import replace

from routing import (
    Lock,
    MaxIterations,
    NoShow,
    Overrun,
    Promise,
    Reason,
    Relation,
    TechnicianAbsent,
    VisitCancelled,
    check,
    repair,
    solve,
)
from tests.routing.by_hand.reading import reason, times
from tests.routing.worlds import HOUR, MINUTE, at, problem, technician, visit


def test_a_sick_technicians_locked_visit_is_not_given_away() -> None:
    team = (technician("Li", 0), technician("Wu", 2))
    locked = visit("locked", 2, lock=Lock(frozenset({"Li"})))
    given = problem(*team, locked, visit("free", 0))
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert {times(plan, name)[0] for name in ("locked", "free")} == {"Li"}

    after = repair(given, plan, TechnicianAbsent("Li"))

    assert [left.visit for left in after.plan.unserved] == ["locked"]
    assert times(after.plan, "free")[0] == "Wu"
    assert check(after.problem, after.plan).is_ok


def test_an_overrun_pushes_what_can_wait_and_hands_over_what_cannot() -> None:
    team = (technician("Li", 0), technician("Wu", 30))
    long = visit("long", 5, windows=(at(9),), allowed=frozenset({"Li"}))
    sharp = visit("sharp", 5, windows=(at(10, 10.25),), preferred=frozenset({"Li"}), not_preferred_cents=9000)
    given = problem(*team, long, sharp, visit("loose", 5, allowed=frozenset({"Li"})))
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert times(plan, "sharp")[0] == "Li"

    after = repair(given, plan, Overrun("long", 11 * HOUR))

    assert times(after.plan, "long") == ("Li", 60, 180)
    assert times(after.plan, "sharp")[0] == "Wu"
    assert times(after.plan, "loose")[0] == "Li"


def test_a_lock_comes_before_what_was_planned_ahead_of_it() -> None:
    """Li's first job runs over: what is loose and was next has to make room for what is locked after it."""
    long = visit("long", 5, windows=(at(9),), lock=Lock(frozenset({"Li"})))
    loose = visit("loose", 5, windows=(at(9.5, 10.5),), unserved_cents=9_000_000)
    locked = visit("locked", 5, lock=Lock(frozenset({"Li"}), 10 * HOUR, 10 * HOUR + 30 * MINUTE))
    given = problem(technician("Li", 0), long, loose, locked)
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert plan.routes[0].visits == ("long", "loose", "locked")

    after = repair(given, plan, Overrun("long", 10 * HOUR + 20 * MINUTE))

    assert times(after.plan, "locked") == ("Li", 140, 170)
    assert [left.visit for left in after.plan.unserved] == ["loose"]


def test_what_follows_a_crew_visit_waits_for_its_new_crew() -> None:
    """Wu falls ill: it takes two to deliver, and without that what comes after it is not done either."""
    pair = visit("pair", 5, crew_size=2, windows=(at(9, 10),))
    after_it = visit("after", 5, windows=(at(11, 12),), allowed=frozenset({"Li"}))
    given = problem(technician("Li", 0), technician("Wu", 2), pair, after_it, Relation("pair", "after"))
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert plan.unserved == ()

    repaired = repair(given, plan, TechnicianAbsent("Wu"))

    assert {left.visit: left.reason for left in repaired.plan.unserved} == {
        "pair": Reason.NO_SHIFT,
        "after": Reason.ORDER,
    }
    assert check(repaired.problem, repaired.plan).is_ok


def test_a_no_show_frees_the_rest_of_its_time() -> None:
    long = visit("long", 5, service_s=9 * HOUR + 30 * MINUTE, windows=(at(8.25),), unserved_cents=10**7)
    given = problem(technician(), long, visit("small", 5, unserved_cents=9000))
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert [left.visit for left in plan.unserved] == ["small"]

    after = repair(given, plan, NoShow("long", 9 * HOUR))

    assert times(after.plan, "long") == ("Li", 15, 60)
    assert after.plan.unserved == ()


def test_a_repair_moves_no_more_promises_than_it_may() -> None:
    team = (technician("Li", 0), technician("Wu", 3))
    promised = [visit(name, 3, promise=Promise(9 * HOUR, 9 * HOUR, 10_000)) for name in ("a", "b")]
    given = problem(*team, *promised)
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert plan.cost.moved == 0

    free = repair(given, plan, TechnicianAbsent("Li"))
    capped = repair(given, plan, TechnicianAbsent("Li"), max_moved=0)

    assert free.plan.unserved == ()
    assert free.difference.broken_promises
    assert reason(capped.plan) is Reason.PROMISE_CAP


def test_a_cancellation_takes_what_waited_for_it_along_in_time_only() -> None:
    """Collect was to follow deliver; without the delivery it stands alone and stays where it is."""
    deliver, collect = visit("deliver", 5, windows=(at(9),)), visit("collect", 5, windows=(at(11),))
    given = problem(technician(), deliver, collect, Relation("deliver", "collect"))
    plan = solve(given, MaxIterations(20), engine="ortools")

    after = repair(given, plan, VisitCancelled("deliver"))

    assert [route.visits for route in after.plan.routes] == [("collect",)]
    assert times(after.plan, "collect")[1] == 180
    assert after.plan.unserved == ()


def test_nobody_else_is_moved_by_somebody_falling_ill() -> None:
    """Wu takes over between the visits planned for Wu, which stay where they were."""
    team = (technician("Li", 0), technician("Wu", 10), technician("Xu", 30))
    own = [visit(f"w{hour}", 10, windows=(at(hour),), allowed=frozenset({"Wu"})) for hour in (9, 12)]
    ill = visit("ill", 5, windows=(at(10, 11),), excluded=frozenset({"Xu"}))
    far = visit("far", 30, allowed=frozenset({"Xu"}))
    given = problem(*team, *own, replace(ill, preferred=frozenset({"Li"}), not_preferred_cents=9000), far)
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert times(plan, "ill")[0] == "Li"

    after = repair(given, plan, TechnicianAbsent("Li"))

    assert times(after.plan, "ill")[0] == "Wu"
    for name in ("w9", "w12", "far"):
        assert times(after.plan, name) == times(plan, name)
    assert [move.visit for move in after.difference.moves] == ["ill"]


def test_who_goes_home_early_does_what_is_before_and_hands_over_the_rest() -> None:
    """Li goes at noon, home is ten minutes away: the visit at eleven is kept, the one at 11:40 is not."""
    team = (technician("Li", 0), technician("Wu", 30))
    visits = [
        visit(name, 10, windows=(at(hour),), preferred=frozenset({"Li"}), not_preferred_cents=9000)
        for name, hour in (("kept", 11), ("late", 11 + 2 / 3))
    ]
    given = problem(*team, *visits)
    plan = solve(given, MaxIterations(20), engine="ortools")
    assert {times(plan, name)[0] for name in ("kept", "late")} == {"Li"}

    after = repair(given, plan, TechnicianAbsent("Li", 12 * HOUR))

    assert times(after.plan, "kept")[:2] == ("Li", 180)
    assert times(after.plan, "late")[:2] == ("Wu", 220)
    assert [route.return_s for route in after.plan.routes if route.technician == "Li"] == [
        11 * HOUR + 40 * MINUTE
    ]
