"""When a message may leave."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.messages import policies
from backend.messages.models import MessageEvent

FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes))
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
HOURS = st.integers(0, 23)


@given(INSTANTS, ZONES, HOURS, HOURS)
def test_nothing_leaves_in_quiet_hours_and_everything_leaves_after(
    now: dt.datetime, zone: str, quiet_from: int, until: int
) -> None:
    later = policies.quiet_until(now, zone, MessageEvent.BOOKED, quiet_from, until)
    if later is None:
        return
    assert now < later <= now + dt.timedelta(hours=25)
    assert later.astimezone(ZoneInfo(zone)).hour in (until, until + 1)  # an hour may be skipped in spring
    assert policies.quiet_until(later, zone, MessageEvent.BOOKED, quiet_from, until) is None


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(20, False), (21, True), (23, True), (0, True), (7, True), (8, False), (12, False)]
)
def test_the_night_is_the_customers_night(hour: int, is_quiet: bool) -> None:
    now = dt.datetime(2026, 11, 23, hour, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (policies.quiet_until(now, "Asia/Shanghai", MessageEvent.BOOKED, 21, 8) is not None) == is_quiet
    assert policies.quiet_until(now, "Asia/Shanghai", MessageEvent.ON_THE_WAY, 21, 8) is None


def test_one_is_asked_at_ten_in_the_morning() -> None:
    found = policies.asked_at(dt.date(2026, 11, 24), "Asia/Shanghai")
    assert found == dt.datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_tries_are_further_and_further_apart() -> None:
    waits = [policies.back_off(attempts) for attempts in range(1, policies.MAX_ATTEMPTS)]
    assert waits == sorted(set(waits))
