"""Small cases worked out by hand; every figure here was derived from the rules, none from an engine.

The road has a place every minute (and kilometre). Li lives at place 0, works 8-18, earns 60 an hour (one cent
per second and two thirds) and a kilometre costs 1.
"""

import pytest

from routing import (
    Break,
    Depot,
    FirstOf,
    Lock,
    MaxIterations,
    MaxRuntime,
    NoShow,
    Overrun,
    Plan,
    Planned,
    Problem,
    Promise,
    Reason,
    Relation,
    Shift,
    TechnicianAbsent,
    UnsupportedError,
    Vendor,
    check,
    repair,
    solve,
)
from routing.solve import available
from tests.routing.worlds import DAY, HOUR, MINUTE, at, day, problem, road, technician, visit


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def planned(given: Problem, engine: str) -> Plan:
    """A plan by an engine that takes the problem."""
    try:
        plan = solve(given, FirstOf(MaxIterations(20), MaxRuntime(3)), engine=engine)
    except UnsupportedError as refusal:
        pytest.skip(f"{engine} refuses: {refusal.feature}")
    assert check(given, plan).is_ok
    return plan


def times(plan: Plan, name: str) -> tuple[str, float, float]:
    """Technician, start and end of a visit in minutes after eight."""
    [(route, stop)] = plan.where(name)
    return route.technician, (stop.start_s - 8 * HOUR) / MINUTE, (stop.end_s - 8 * HOUR) / MINUTE


def reason(plan: Plan) -> Reason:
    [left] = plan.unserved
    return left.reason


def test_a_single_visit_costs_the_way_there_and_back_and_the_time(engine: str) -> None:
    plan = planned(problem(technician(), visit("a", 10)), engine)

    # 20 km at 1.00; 20 minutes of driving and 30 of work at 60.00 an hour.
    assert (plan.cost.travel, plan.cost.work, plan.cost.total) == (2000, 5000, 7000)


def test_a_technician_leaves_no_earlier_than_the_first_window_asks(engine: str) -> None:
    plan = planned(problem(technician(), visit("a", 10, windows=(at(12, 13),))), engine)

    assert plan.routes[0].depart_s == 12 * HOUR - 10 * MINUTE
    assert plan.routes[0].return_s == 12 * HOUR + 40 * MINUTE


def test_visits_are_driven_in_the_order_of_their_windows(engine: str) -> None:
    near, far = visit("near", 5, windows=(at(10, 11),)), visit("far", 20, windows=(at(8, 9),))

    plan = planned(problem(technician(), near, far), engine)

    assert plan.routes[0].visits == ("far", "near")
    # Far at nine at the latest: done 9:30, near by 9:45, where it opens at ten.
    assert times(plan, "near")[1] == 120


def test_a_lunch_break_moves_behind_a_visit_that_cannot_wait(engine: str) -> None:
    """Lunch from 11:30 to 12:30, the visit starts at 11:45 sharp and takes half an hour."""
    lunch = Break(11 * HOUR + 30 * MINUTE, 12 * HOUR + 30 * MINUTE, 45 * MINUTE)
    worker = technician(shifts=(day(8, 18, lunch),))
    sharp = visit("sharp", 10, windows=(at(11.75),))
    later = visit("later", 10, windows=(at(12, 14),))

    plan = planned(problem(worker, sharp, later), engine)

    [taken] = plan.routes[0].breaks
    # 11:45 + 30 minutes = 12:15, so the break cannot begin before that, nor after 12:30.
    assert 12 * HOUR + 15 * MINUTE <= taken.start_s <= 12 * HOUR + 30 * MINUTE
    assert times(plan, "later")[1] == (taken.end_s - 8 * HOUR) / MINUTE


def test_without_room_for_lunch_a_visit_is_left_out(engine: str) -> None:
    """Two visits fill the whole of the hour lunch may start in, and then some."""
    lunch = Break(11 * HOUR + 30 * MINUTE, 12 * HOUR + 30 * MINUTE, 45 * MINUTE)
    worker = technician(shifts=(day(8, 18, lunch),))
    first = visit("first", 10, service_s=40 * MINUTE, windows=(at(11.25),))
    second = visit("second", 10, service_s=40 * MINUTE, windows=(at(12.25),))

    plan = planned(problem(worker, first, second), engine)

    assert len(plan.unserved) == 1
    assert reason(plan) is Reason.NO_ROOM


def test_driving_may_pause_for_a_break(engine: str) -> None:
    """Twenty minutes to drive; the break must start ten minutes in and lasts half an hour."""
    rest = Break(8 * HOUR + 10 * MINUTE, 8 * HOUR + 10 * MINUTE, 30 * MINUTE)
    worker = technician(shifts=(day(8, 18, rest),))

    plan = planned(problem(worker, visit("a", 20, windows=(at(8, 8.0 + 50 / 60),))), engine)

    assert times(plan, "a")[1] == 50
    stop = plan.routes[0].stops[0]
    assert stop.travel_s == 20 * MINUTE


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


def test_a_depot_detour_is_driven_when_it_pays(engine: str) -> None:
    worker = technician(van_stock={})
    pump = visit("pump", 20, parts={"pump": 2}, unserved_cents=50_000)
    depot = Depot("D", 10, service_s=5 * MINUTE)

    plan = planned(problem(worker, pump, depot), engine)

    assert [stop.depot or stop.visit for stop in plan.routes[0].stops] == ["D", "pump"]
    assert plan.routes[0].stops[0].pick_up == {"pump": 2}
    # 40 minutes of driving, 5 at the depot, 30 on site; 40 km.
    assert plan.cost.total == 7500 + 4000


def test_a_depot_detour_is_not_driven_when_it_does_not_pay(engine: str) -> None:
    worker = technician(van_stock={})
    pump = visit("pump", 20, parts={"pump": 2}, unserved_cents=11_000)

    plan = planned(problem(worker, pump, Depot("D", 10, service_s=5 * MINUTE)), engine)

    assert reason(plan) is Reason.TOO_DEAR
    assert plan.unserved[0].data["price_cents"] == 11_500


def test_a_van_serves_what_its_stock_lasts_for(engine: str) -> None:
    worker = technician(van_stock={"valve": 3})
    visits = [visit(name, 5, parts={"valve": 2}) for name in ("a", "b")]

    plan = planned(problem(worker, *visits), engine)

    assert len(plan.unserved) == 1
    assert reason(plan) is Reason.MISSING_PART


def test_tools_come_from_the_depot_for_the_rest_of_the_day(engine: str) -> None:
    worker = technician(tools=frozenset())
    bore = visit("bore", 12, tools=frozenset({"drill"}))
    plain = visit("plain", 3)

    plan = planned(problem(worker, bore, plain, Depot("D", 10, tools=frozenset({"drill"}))), engine)

    order = [stop.depot or stop.visit for stop in plan.routes[0].stops]
    assert order.index("D") < order.index("bore")
    assert plan.unserved == ()


def test_a_vendor_at_capacity_takes_no_more(engine: str) -> None:
    vendor = Vendor("V", {"repair": 2000}, daily_capacity=2)
    hired = technician("Xu", 5, vendor="V", cents_per_hour=0, cents_per_km=0)
    visits = [visit(name, 5, job_type="repair") for name in ("a", "b", "c")]

    plan = planned(problem(hired, vendor, *visits), engine)

    assert plan.cost.vendors == 4000
    assert reason(plan) is Reason.VENDOR_FULL


def test_a_vendor_capacity_counts_for_each_day_again(engine: str) -> None:
    vendor = Vendor("V", {"repair": 2000}, daily_capacity=1)
    both = (day(), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    hired = technician("Xu", 5, vendor="V", shifts=both)
    visits = [visit(name, 5, job_type="repair", windows=(at(0, 48),)) for name in ("a", "b")]

    plan = planned(problem(hired, vendor, *visits), engine)

    assert plan.unserved == ()
    assert [len(route.stops) for route in plan.routes] == [1, 1]


def test_a_job_type_without_a_tariff_is_not_done_by_the_vendor(engine: str) -> None:
    hired = technician("Xu", 5, vendor="V")

    plan = planned(problem(hired, Vendor("V", {"repair": 2000}), visit("a", 5, job_type="install")), engine)

    assert reason(plan) is Reason.NOBODY_ALLOWED


def test_whoever_is_cheaper_comes_own_technician_or_vendor(engine: str) -> None:
    """Li would cost 20 km and 50 minutes, 7000; the vendor's tariff is 6900."""
    vendor = Vendor("V", {"repair": 6900})
    hired = technician("Xu", 5, vendor="V", cents_per_hour=0, cents_per_km=0)
    job = visit("a", 10, job_type="repair")

    assert times(planned(problem(technician(), hired, vendor, job), engine), "a")[0] == "Xu"
    dearer = Vendor("V", {"repair": 7100})
    assert times(planned(problem(technician(), hired, dearer, job), engine), "a")[0] == "Li"


def test_a_skill_level_is_met_from_above_only(engine: str) -> None:
    able, less = technician("Li", skills={"gas": 3}), technician("Wu", 10, skills={"gas": 1})

    plan = planned(problem(able, less, visit("a", 10, skills={"gas": 2})), engine)

    assert times(plan, "a")[0] == "Li"


def test_a_level_nobody_has_is_named(engine: str) -> None:
    plan = planned(problem(technician(skills={"gas": 1}), visit("a", 3, skills={"gas": 2})), engine)

    assert reason(plan) is Reason.NO_SKILL
    assert plan.unserved[0].data["skills"] == {"gas": 2}


@pytest.mark.parametrize(
    ("certificates", "expected"),
    [
        ({}, Reason.NO_CERTIFICATE),
        ({"gas card": 12 * HOUR}, Reason.CERTIFICATE_EXPIRED),  # the shift ends at 18
    ],
)
def test_a_certificate_must_be_held_until_the_shift_ends(
    engine: str, certificates: dict[str, int], expected: Reason
) -> None:
    worker = technician(certificates=certificates)

    plan = planned(problem(worker, visit("a", 3, certificates=frozenset({"gas card"}))), engine)

    assert reason(plan) is expected


def test_tags_and_zones_say_who_may_come(engine: str) -> None:
    south = technician("Li", zones=frozenset({"south"}), tags=frozenset({"ladder"}))
    north = technician("Wu", 9, zones=frozenset({"north"}), tags=frozenset({"ladder"}))
    anywhere = technician("Xu", 9, tags=frozenset())
    job = visit("a", 10, zone="south", tags=frozenset({"ladder"}))

    assert times(planned(problem(south, north, anywhere, job), engine), "a")[0] == "Li"


def test_preferred_technicians_come_unless_they_cost_too_much_more(engine: str) -> None:
    """Wu lives next door: 3000 against Li's 20 km and 50 minutes, 7000; 4000 is what preference is worth."""
    team = (technician("Li", 0), technician("Wu", 10))
    wish = visit("a", 10, preferred=frozenset({"Li"}), not_preferred_cents=4100)
    weak = visit("a", 10, preferred=frozenset({"Li"}), not_preferred_cents=3900)

    assert times(planned(problem(*team, wish), engine), "a")[0] == "Li"
    plan = planned(problem(*team, weak), engine)
    assert times(plan, "a")[0] == "Wu"
    assert plan.cost.preference == 3900


def test_lateness_is_paid_by_the_minute(engine: str) -> None:
    """The way takes 30 minutes, the visit was due at 8:10 and costs 2.00 a minute late."""
    window = at(8, 12, due_s=8 * HOUR + 10 * MINUTE, late_cents_per_minute=200)

    plan = planned(problem(technician(), visit("a", 30, windows=(window,))), engine)

    assert times(plan, "a")[1] == 30
    assert plan.cost.lateness == 20 * 200


def test_overtime_is_paid_on_top_and_ends_at_its_limit(engine: str) -> None:
    worker = technician(overtime_limit_s=30 * MINUTE, overtime_cents_per_hour=3000)
    late = visit("late", 10, windows=(at(17.5),))
    later = visit("later", 10, windows=(at(18),))

    plan = planned(problem(worker, late, later), engine)

    # Late ends at 18:00, back at 18:10; later would end at 18:40.
    assert plan.cost.overtime == 500
    assert plan.routes[0].return_s == 18 * HOUR + 10 * MINUTE
    assert plan.unserved[0].visit == "later"
    assert reason(plan) is Reason.NO_SHIFT


def test_a_slower_technician_takes_longer_and_is_paid_longer(engine: str) -> None:
    worker = technician(service_percent={"repair": 150})

    plan = planned(problem(worker, visit("a", 10, job_type="repair")), engine)

    assert times(plan, "a")[2] - times(plan, "a")[1] == 45
    assert plan.cost.work == 6500


def test_a_day_fee_is_saved_by_one_technician_doing_both(engine: str) -> None:
    """Two homes, two visits next door to each: the second technician is worth at most the driving."""
    team = (technician("Li", 0, day_fee_cents=20_000), technician("Wu", 20, day_fee_cents=20_000))

    plan = planned(problem(*team, visit("a", 0), visit("b", 20)), engine)

    assert len(plan.routes) == 1
    assert plan.cost.day_fees == 20_000


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


def test_nothing_starts_before_its_release(engine: str) -> None:
    plan = planned(problem(technician(), visit("a", 3, release_s=11 * HOUR)), engine)

    assert times(plan, "a")[1] == 180


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


def test_rush_hours_stretch_the_way(engine: str) -> None:
    """At eight driving takes twice as long: 8:00 + 2 x 30 minutes."""
    rush = (100,) * 8 + (200,) + (100,) * 15
    given = problem(technician(), visit("a", 30, windows=(at(8, 9),)), travel={"car": road(40, rush)})

    plan = planned(given, engine)

    assert times(plan, "a")[1] == 60


def test_rush_hour_ends_on_the_way(engine: str) -> None:
    """Forty minutes of road: thirty are done by nine at half pace, ten more after."""
    rush = (100,) * 8 + (200,) + (100,) * 15
    given = problem(technician(), visit("a", 39, windows=(at(8, 9.15),)), travel={"car": road(40, rush)})

    plan = planned(given, engine)

    # Thirty of the thirty-nine minutes by nine, nine after.
    assert times(plan, "a")[1] == 69


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
