"""When an organisation works: its hours, its week and its country's holidays. Pure rules over instants."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import EntityLoader

MONDAY_TO_FRIDAY = frozenset(range(5))
# Nobody waits for longer than this; a week without a working day would never end.
MOST_DAYS = 400
# Their codes alone: to list the countries would load the calendars of them all.
CALENDARS = frozenset(EntityLoader.get_country_codes())


@lru_cache(maxsize=64)
def _country(calendar: str) -> holidays.HolidayBase:
    return holidays.country_holidays(calendar)


@dataclass(frozen=True)
class WorkingTime:
    """Working hours in a zone's local time; `calendar` is a country's ISO code, or "" for no holidays."""

    zone: str
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    open_from_h: int = 9
    open_until_h: int = 18
    calendar: str = "CN"

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on a day. Holidays are none; days a country works instead of them are one."""
        if not self.calendar:
            return day.weekday() in self.weekdays
        country = _country(self.calendar)
        # Looking a day up fills in its year, and with it the days worked instead of others.
        is_holiday = day in country
        return day in country.weekend_workdays or (day.weekday() in self.weekdays and not is_holiday)

    def nth_working_day(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after a day."""
        for _ in range(MOST_DAYS):
            day += dt.timedelta(days=1)
            count -= self.is_working_day(day)
            if count <= 0:
                break
        return day

    def after(self, at: dt.datetime, hours: float) -> dt.datetime:
        """The instant (UTC) at which so many working hours have passed since `at`."""
        left, day = dt.timedelta(hours=hours), at.astimezone(ZoneInfo(self.zone)).date()
        for _ in range(MOST_DAYS):
            if self.is_working_day(day):
                opens, closes = self._hours(day)
                begins = max(at, opens)
                if begins < closes:
                    if begins + left <= closes:
                        return begins + left
                    left -= closes - begins
            day += dt.timedelta(days=1)
        return self._hours(day)[1]

    def _hours(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        midnight = dt.datetime.combine(day, dt.time.min, ZoneInfo(self.zone))
        opens, closes = (midnight + dt.timedelta(hours=h) for h in (self.open_from_h, self.open_until_h))
        return opens.astimezone(dt.UTC), closes.astimezone(dt.UTC)
