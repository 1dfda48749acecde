"""When: windows, shifts, pace and what time costs.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

from dataclasses import replace

from routing import Reason, Shift, Vendor, Window
from tests.routing.by_hand.reading import planned, reason, times
from tests.routing.worlds import DAY, HOUR, MINUTE, at, day, problem, road, technician, visit


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


def test_nothing_starts_before_its_release(engine: str) -> None:
    plan = planned(problem(technician(), visit("a", 3, release_s=11 * HOUR)), engine)

    assert times(plan, "a")[1] == 180


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


def test_a_window_of_another_day_is_used_when_the_first_cannot_be(engine: str) -> None:
    """Today's window is before anybody is there; tomorrow's is not."""
    both = (day(8, 18), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    windows = (at(7, 8), at(34, 35))

    plan = planned(problem(technician(shifts=both), visit("a", 10, windows=windows)), engine)

    # Tomorrow at ten: 34 hours from the first midnight, 26 after eight.
    assert plan.routes[0].shift == 1
    assert times(plan, "a")[1] == 26 * 60


def test_a_second_window_of_the_day_waits_for_nobody(engine: str) -> None:
    """Half an hour of driving misses the window that ends at 8:20; the next begins at 14:00."""
    windows = (at(8, 8 + 1 / 3), at(14, 15))

    plan = planned(problem(technician(), visit("a", 30, windows=windows)), engine)

    assert times(plan, "a")[1] == 360
    assert plan.routes[0].depart_s == 13 * HOUR + 30 * MINUTE


def test_lateness_of_the_window_it_starts_in_is_the_one_paid(engine: str) -> None:
    """The first window is missed; in the second it is on time until 14:10, and 14:00 can be had."""
    first = Window(8 * HOUR, 8 * HOUR + 20 * MINUTE, 8 * HOUR, 900)
    second = Window(14 * HOUR, 15 * HOUR, 14 * HOUR + 10 * MINUTE, 900)

    plan = planned(problem(technician(), visit("a", 30, windows=(first, second))), engine)

    assert times(plan, "a")[1] == 360
    assert plan.cost.lateness == 0


def test_a_shift_can_begin_and_end_elsewhere(engine: str) -> None:
    """Out from place 20, home to place 30: 10 km there, 20 km on."""
    shift = Shift(8 * HOUR, 18 * HOUR, start_place=20, end_place=30)

    plan = planned(problem(technician(shifts=(shift,)), visit("a", 10)), engine)

    assert plan.routes[0].stops[0].distance_m == 10_000
    assert plan.routes[0].distance_m == 20_000
    assert plan.cost.travel == 3000


def test_each_drives_by_the_roads_of_their_own_vehicle(engine: str) -> None:
    """Ten kilometres: ten minutes by car, thirty by bicycle, which misses the window."""
    team = (technician("Li", 0), technician("Wu", 0, profile="e-bike", cents_per_km=0))
    travel = {"car": road(40), "e-bike": road(40, pace=3)}
    fast, slow = visit("fast", 10, windows=(at(8, 8.25),)), visit("slow", 10, windows=(at(8, 9),))

    plan = planned(problem(*team, fast, replace(slow, allowed=frozenset({"Wu"})), travel=travel), engine)

    assert times(plan, "fast")[:2] == ("Li", 10)
    assert times(plan, "slow")[0] == "Wu"
    assert plan.where("slow")[0][1].travel_s == 30 * MINUTE


def test_leaving_out_costs_what_it_says_and_is_chosen_when_cheaper(engine: str) -> None:
    """Serving costs 7000."""
    out = planned(problem(technician(), visit("a", 10, unserved_cents=6999)), engine)
    served = planned(problem(technician(), visit("a", 10, unserved_cents=7001)), engine)

    assert out.cost.as_dict() == {**dict.fromkeys(out.cost.as_dict(), 0), "unserved": 6999}
    assert reason(out) is Reason.TOO_DEAR
    assert served.cost.unserved == 0


def test_fairness_splits_what_one_could_do_alone(engine: str) -> None:
    """Both live where the work is; 2 x 1 h costs 2 squares of one hour, 1 x 2 h costs four."""
    team = [technician(name, 5, cents_per_hour=0, day_fee_cents=150) for name in ("Li", "Wu")]
    jobs = [visit(name, 5, service_s=HOUR) for name in ("a", "b")]

    alone = planned(problem(*team, *jobs), engine)
    apart = planned(problem(*team, *jobs, fairness_cents=100), engine)

    assert len(alone.routes) == 1
    assert [route.duration_s for route in apart.routes] == [HOUR, HOUR]
    assert apart.cost.fairness == 200


def test_a_vendors_hours_are_not_spread_fairly(engine: str) -> None:
    hired = technician("Xu", 5, vendor="V")

    plan = planned(
        problem(hired, Vendor("V", {"repair": 1}), visit("a", 5, job_type="repair"), fairness_cents=100),
        engine,
    )

    assert plan.cost.fairness == 0
