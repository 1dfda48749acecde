"""Working hours and days, as people count them: over nights, weekends, holidays and days worked instead."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from backend.organisations.working_time import WorkingTime

BEIJING = "Asia/Shanghai"


def at(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(BEIJING))


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        (at(11, 24, 10), 2, at(11, 24, 12)),
        (at(11, 24, 17), 2, at(11, 25, 10)),  # over night
        (at(11, 24, 6), 9, at(11, 24, 18)),  # before opening; to the very end of the day
        (at(11, 27, 19), 1, at(11, 30, 10)),  # Friday evening: Monday
        (at(11, 27, 17), 10, at(11, 30, 18)),
        (at(9, 30, 17), 2, at(10, 8, 10)),  # the National Day's week lies between
        (at(10, 9, 17), 2, at(10, 10, 10)),  # a Saturday that is worked instead
    ],
)
def test_working_hours_pass_while_somebody_works(since: dt.datetime, hours: int, until: dt.datetime) -> None:
    assert WorkingTime(BEIJING).after(since, hours) == until


def test_without_a_calendar_only_the_week_counts() -> None:
    always = WorkingTime(BEIJING, frozenset(range(7)), 0, 24, "")
    assert always.after(at(10, 1, 23), 2) == at(10, 2, 1)
    assert not WorkingTime(BEIJING, calendar="").is_working_day(dt.date(2026, 10, 10))
    assert WorkingTime(BEIJING, calendar="").is_working_day(dt.date(2026, 10, 1))


@pytest.mark.parametrize(("calendar", "is_worked"), [("CN", True), ("US", False), ("", True)])
def test_each_country_has_holidays_of_its_own(calendar: str, is_worked: bool) -> None:
    thanksgiving = dt.date(2026, 11, 26)
    assert WorkingTime(BEIJING, calendar=calendar).is_working_day(thanksgiving) is is_worked


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [((11, 26), 1, (11, 27)), ((11, 26), 2, (11, 30)), ((11, 27), 3, (12, 2)), ((9, 30), 1, (10, 8))],
)
def test_working_days_are_counted(day: tuple[int, int], count: int, found: tuple[int, int]) -> None:
    assert WorkingTime(BEIJING).nth_working_day(dt.date(2026, *day), count) == dt.date(2026, *found)
