"""Visits that depend on each other, and crews.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

from routing import Promise, Reason, Relation, Shift, Vendor
from tests.routing.by_hand.reading import planned, times
from tests.routing.worlds import DAY, HOUR, MINUTE, at, day, problem, technician, visit


def test_what_follows_waits_for_what_comes_first_and_the_gap(engine: str) -> None:
    first, second = visit("deliver", 30), visit("install", 3)

    plan = planned(problem(technician(), first, second, Relation("deliver", "install", HOUR)), engine)

    assert times(plan, "install")[1] >= times(plan, "deliver")[2] + 60


def test_without_what_comes_first_nothing_follows(engine: str) -> None:
    first = visit("deliver", 5, skills={"lift": 1})

    plan = planned(problem(technician(), first, visit("install", 5), Relation("deliver", "install")), engine)

    assert {left.visit: left.reason for left in plan.unserved} == {
        "deliver": Reason.NO_SKILL,
        "install": Reason.ORDER,
    }


def test_the_same_technician_collects_and_returns(engine: str) -> None:
    """Each visit has a cheaper technician of its own next door."""
    team = (technician("Li", 0), technician("Wu", 30))
    relation = Relation("collect", "return", 0, is_same_technician=True)

    plan = planned(problem(*team, visit("collect", 0), visit("return", 30), relation), engine)

    assert times(plan, "collect")[0] == times(plan, "return")[0]


def test_a_crew_starts_together_so_the_first_one_there_waits(engine: str) -> None:
    """Wu is held elsewhere until 10:00 (five minutes away), Li could come at 8:05."""
    near, other = technician("Li", 0), technician("Wu", 10)
    held = visit("held", 10, windows=(at(9.5),), allowed=frozenset({"Wu"}), unserved_cents=10**7)
    heavy = visit("heavy", 5, crew_size=2, windows=(at(8, 11),), unserved_cents=10**7)
    early = visit("early", 5, windows=(at(8, 8.5),), allowed=frozenset({"Li"}), unserved_cents=10**7)
    busy = visit("busy", 10, service_s=60 * MINUTE, windows=(at(8, 8.25),), allowed=frozenset({"Wu"}))

    plan = planned(problem(near, other, held, heavy, early, busy), engine)

    seats = plan.where("heavy")
    assert {route.technician for route, _ in seats} == {"Li", "Wu"}
    assert len({stop.start_s for _, stop in seats}) == 1
    # Wu is busy 8:00-9:00 and held 9:30-10:00: the crew meets in between is impossible (5 + 30 + 5 > 30).
    assert seats[0][1].start_s >= 10 * HOUR + 5 * MINUTE
    assert plan.unserved == ()


def test_the_same_technician_comes_again_on_another_day(engine: str) -> None:
    """Measure today, install tomorrow: whoever measured."""
    both = (day(8, 18), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    team = (technician("Li", 0, shifts=both), technician("Wu", 30, shifts=both))
    first, second = visit("measure", 0, windows=(at(8, 18),)), visit("install", 30, windows=(at(32, 42),))
    relation = Relation("measure", "install", 12 * HOUR, is_same_technician=True)

    plan = planned(problem(*team, first, second, relation), engine)

    who, _, end = times(plan, "measure")
    assert times(plan, "install")[0] == who
    assert times(plan, "install")[1] - end >= 12 * 60


def test_each_of_a_crew_stays_their_own_time(engine: str) -> None:
    """Half an hour, three quarters for Wu, who is then back five minutes later."""
    team = (technician("Li", 0), technician("Wu", 10, service_percent={"lift": 150}))

    plan = planned(problem(*team, visit("heavy", 5, crew_size=2, job_type="lift")), engine)

    spent = {route.technician: stop.end_s - stop.start_s for route, stop in plan.where("heavy")}
    assert spent == {"Li": 30 * MINUTE, "Wu": 45 * MINUTE}
    assert plan.cost.work == 40 * 100 + 55 * 100


def test_the_parts_of_a_crew_come_from_one_of_its_vans(engine: str) -> None:
    """Two valves in Wu's van; one each would not do."""
    team = (technician("Li", 0, van_stock={"valve": 1}), technician("Wu", 10, van_stock={"valve": 2}))

    plan = planned(problem(*team, visit("heavy", 5, crew_size=2, parts={"valve": 2})), engine)

    assert [route.technician for route, stop in plan.where("heavy") if stop.is_lead] == ["Wu"]


def test_a_crew_pays_lateness_and_a_moved_promise_once(engine: str) -> None:
    """Due at 8:00, Wu can be there at 8:20: twenty minutes at 1.00; the promise ended at 8:10."""
    team = (technician("Li", 5), technician("Wu", 25))
    window = at(8, 9, due_s=8 * HOUR, late_cents_per_minute=100)
    heavy = visit(
        "heavy", 5, crew_size=2, windows=(window,), promise=Promise(8 * HOUR, 8 * HOUR + 10 * MINUTE, 700)
    )

    plan = planned(problem(*team, heavy), engine)

    assert plan.where("heavy")[0][1].start_s == 8 * HOUR + 20 * MINUTE
    assert (plan.cost.lateness, plan.cost.moved) == (2000, 700)


def test_what_follows_a_crew_waits_for_the_slower_of_them(engine: str) -> None:
    team = (technician("Li", 5), technician("Wu", 5, service_percent={"lift": 200}))
    heavy = visit("heavy", 5, crew_size=2, job_type="lift", windows=(at(9),))
    test = visit("test", 5, allowed=frozenset({"Li"}))

    plan = planned(problem(*team, heavy, test, Relation("heavy", "test", 10 * MINUTE)), engine)

    # Li is done at 9:30, Wu at ten.
    assert times(plan, "test")[1] >= 130


def test_whoever_came_alone_is_one_of_the_crew_that_returns(engine: str) -> None:
    """Li and Wu live next door to the heavy work and have its pump; Xu, who measures it, brings one along."""
    team = [technician(name, 20, van_stock={"pump": 1}) for name in ("Li", "Wu")]
    measure = visit("measure", 0, allowed=frozenset({"Xu"}))
    heavy = visit("heavy", 20, crew_size=2, parts={"pump": 1})

    plan = planned(
        problem(*team, technician("Xu", 0), measure, heavy, Relation("measure", "heavy", 0, True)), engine
    )

    crew = {route.technician for route, _ in plan.where("heavy")}
    assert len(crew) == 2
    assert "Xu" in crew


def test_three_start_together(engine: str) -> None:
    team = [technician(name, place) for name, place in (("Li", 0), ("Wu", 10), ("Xu", 30))]

    plan = planned(problem(*team, visit("piano", 10, crew_size=3)), engine)

    assert {route.technician for route, _ in plan.where("piano")} == {"Li", "Wu", "Xu"}
    # Xu needs twenty minutes.
    assert {stop.start_s for _, stop in plan.where("piano")} == {8 * HOUR + 20 * MINUTE}


def test_a_crew_mixes_own_technicians_and_a_vendors_within_its_capacity(engine: str) -> None:
    """Both hired ones live next door, the vendor takes one visit a day."""
    vendor = Vendor("V", {"lift": 100}, daily_capacity=1)
    hired = [technician(name, 10, vendor="V") for name in ("Hu", "Xu")]

    plan = planned(
        problem(technician("Li", 0), *hired, vendor, visit("heavy", 10, crew_size=2, job_type="lift")), engine
    )

    crew = {route.technician for route, _ in plan.where("heavy")}
    assert "Li" in crew
    assert plan.cost.vendors == 100


def test_nobody_is_paid_to_wait_for_what_follows(engine: str) -> None:
    """Installed at ten sharp, so delivered from 9:30: seventy minutes from home to home."""
    install = visit("install", 5, windows=(at(10),))

    plan = planned(
        problem(technician(), visit("deliver", 5), install, Relation("deliver", "install")), engine
    )

    assert times(plan, "deliver")[1] == 90
    assert plan.cost.work == 7000
