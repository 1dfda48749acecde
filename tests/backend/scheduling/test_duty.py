"""What is left of a technician's day, without a database or a solver."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from backend.scheduling.day import LatLng
from backend.scheduling.duty import duty_of
from tests.factories.region_days import clock, fixed, point, region_day, shift, technician

QUARTER_S = 900


def drive(start: LatLng, end: LatLng) -> int:
    """A quarter of an hour between any two places."""
    return 0 if start == end else QUARTER_S


def hours(value: float) -> int:
    return round(value * 3600)


def test_an_untouched_day_is_the_shift() -> None:
    who = technician()
    duty = duty_of(region_day(who), who, [], drive)
    assert duty is not None
    assert (duty.start_s, duty.end_s, duty.start_at) == (hours(8.5), hours(18), who.home)
    assert not duty.has_begun
    assert duty.rest is not None
    assert (duty.rest.earliest_s, duty.rest.latest_s, duty.rest.duration_s) == (
        hours(11.5),
        hours(13.5) - 2_700,
        2_700,
    )


def test_nobody_works_without_a_shift() -> None:
    who = technician(shift=None)
    assert duty_of(region_day(who), who, [fixed(1, who, 10, 11)], drive) is None


def test_the_day_goes_on_where_the_last_begun_visit_ends() -> None:
    who = technician()
    begun = [fixed(1, who, 9, 10, is_begun=True, is_open=False), fixed(2, who, 10.5, 14, is_begun=True)]
    duty = duty_of(region_day(who), who, begun, drive)
    assert duty is not None
    assert (duty.start_s, duty.start_at, duty.has_begun) == (hours(14), point(2), True)
    assert duty.rest is None, "the time for lunch has passed"


def test_nothing_starts_before_now() -> None:
    who = technician()
    duty = duty_of(region_day(who, now=clock(10.25)), who, [], drive)
    assert duty is not None
    assert duty.start_s == hours(10.25) + 1


def test_after_the_shift_nothing_is_left() -> None:
    who = technician()
    assert duty_of(region_day(who, now=clock(18)), who, [], drive) is None


def test_held_visits_without_time_to_drive_between_are_one_stretch() -> None:
    who = technician()
    held = [fixed(1, who, 10, 11), fixed(2, who, 11.1, 12), fixed(3, who, 15, 16)]
    duty = duty_of(region_day(who), who, held, drive)
    assert duty is not None
    assert [(h.start_s, h.end_s, len(h.visits)) for h in duty.held] == [
        (hours(10), hours(12), 2),
        (hours(15), hours(16), 1),
    ]


@pytest.mark.parametrize(
    ("start", "end", "begins_s", "overtime_s"),
    [
        (8.6, 9.6, hours(8.6) - QUARTER_S, 3_600),  # the way there begins before the shift
        (18, 19.5, hours(8.5), hours(1.5) + QUARTER_S),  # the way home ends after the overtime limit
    ],
)
def test_the_frame_widens_for_held_work(start: float, end: float, begins_s: int, overtime_s: int) -> None:
    who = technician()
    duty = duty_of(region_day(who), who, [fixed(1, who, start, end)], drive)
    assert duty is not None
    assert (duty.start_s, duty.overtime_limit_s) == (begins_s, overtime_s)


def test_held_work_in_the_past_waits_for_the_technician() -> None:
    who = technician()
    visits = [fixed(1, who, 9, 12, is_begun=True), fixed(2, who, 10, 11)]
    duty = duty_of(region_day(who), who, visits, drive)
    assert duty is not None
    [held] = duty.held
    assert (held.start_s, held.end_s) == (hours(12), hours(13))


@pytest.mark.parametrize(
    ("start", "end", "has_rest"),
    [(10, 11.4, True), (11, 13.6, False), (11.5, 12.5, True), (11.5, 13, False)],
)
def test_lunch_is_kept_where_held_work_leaves_room(start: float, end: float, has_rest: bool) -> None:
    who = technician()
    duty = duty_of(region_day(who), who, [fixed(1, who, start, end)], drive)
    assert duty is not None
    assert (duty.rest is not None) is has_rest


def test_a_shift_without_a_break_has_none() -> None:
    who = technician(shift=shift(rest=False))
    duty = duty_of(region_day(who), who, [], drive)
    assert duty is not None
    assert duty.rest is None


@pytest.mark.parametrize(
    ("day", "length_h", "eight_h"),
    [(dt.date(2027, 3, 28), 23, 7), (dt.date(2027, 10, 31), 25, 9), (dt.date(2027, 6, 1), 24, 8)],
    ids=["clocks go forward", "clocks go back", "an ordinary day"],
)
def test_seconds_are_those_that_really_pass(day: dt.date, length_h: int, eight_h: int) -> None:
    there = region_day(zone="Europe/Berlin", day=day)
    eight = dt.datetime.combine(day, dt.time(8), tzinfo=ZoneInfo("Europe/Berlin"))
    assert there.seconds(there.ends_at) == hours(length_h)
    assert there.seconds(eight) == hours(eight_h)
    assert there.instant(hours(eight_h)) == eight
