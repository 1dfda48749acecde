"""Rests: before, between, on the way and after.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

from routing import Break, Reason
from tests.routing.by_hand.reading import planned, reason, times
from tests.routing.worlds import HOUR, MINUTE, at, day, problem, technician, visit


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


def test_two_rests_are_taken_in_their_order(engine: str) -> None:
    """Lunch can start until 12:00 and tea from 11:00, yet tea is second: at 12:30."""
    lunch = Break(12 * HOUR, 12 * HOUR, 30 * MINUTE)
    tea = Break(11 * HOUR, 14 * HOUR, 10 * MINUTE)
    worker = technician(shifts=(day(8, 18, lunch, tea),))

    plan = planned(problem(worker, visit("a", 10, service_s=2 * HOUR, windows=(at(12, 13),))), engine)

    first, second = plan.routes[0].breaks
    assert (first.start_s, first.end_s) == (12 * HOUR, 12 * HOUR + 30 * MINUTE)
    assert second.start_s >= first.end_s
    assert second.end_s - second.start_s == 10 * MINUTE


def test_a_rest_at_home_is_not_paid(engine: str) -> None:
    """The only visit is at nine: lunch falls after the return; 20 minutes of driving, 30 of work."""
    worker = technician(shifts=(day(8, 18, Break(11 * HOUR, 12 * HOUR, 45 * MINUTE)),))

    plan = planned(problem(worker, visit("a", 10, windows=(at(9),))), engine)

    assert plan.routes[0].return_s == 9 * HOUR + 40 * MINUTE
    assert plan.cost.work == 5000


def test_a_rest_on_the_road_is_paid(engine: str) -> None:
    """From before to after lunch it is one day's work, the 45 minutes included."""
    worker = technician(shifts=(day(8, 18, Break(11 * HOUR, 11 * HOUR, 45 * MINUTE)),))
    early, late = visit("early", 10, windows=(at(10.25),)), visit("late", 10, windows=(at(11.75),))

    plan = planned(problem(worker, early, late), engine)

    # 10:05 to 12:25.
    assert plan.cost.work == 14_000
