"""By when a report is answered: hours of work, over nights and holidays."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.report.models import ReportRules
from backend.report.policies import answer_by

BEIJING = dt.timezone(dt.timedelta(hours=8))


def rules(answer_h: int = 4, opens: int = 8, closes: int = 20) -> ReportRules:
    return ReportRules(
        org_id=uuid.uuid4(), slug="x", answer_h=answer_h, open_from_h=opens, open_until_h=closes
    )


@pytest.mark.parametrize(
    ("reported", "due"),
    [
        ((23, 9, 0), (23, 13, 0)),
        ((23, 18, 30), (24, 10, 30)),  # an hour and a half today, the rest tomorrow
        ((23, 22, 0), (24, 12, 0)),
        ((23, 3, 0), (23, 12, 0)),
    ],
)
def test_only_hours_of_work_count(reported: tuple[int, int, int], due: tuple[int, int, int]) -> None:
    at, expected = (
        dt.datetime(2026, 11, day, hour, minute, tzinfo=BEIJING) for day, hour, minute in (reported, due)
    )
    assert answer_by(rules(), "CN", "Asia/Shanghai", at.astimezone(dt.UTC)) == expected


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        ("CN", dt.date(2026, 10, 4)),  # three days are the nation's; the fourth is a Sunday like any other
        ("DE", dt.date(2026, 10, 1)),
        ("", dt.date(2026, 10, 1)),
    ],
)
def test_holidays_are_no_time_to_answer_in(calendar: str, day: dt.date) -> None:
    eve = dt.datetime(2026, 9, 30, 18, tzinfo=BEIJING)
    due = answer_by(rules(), calendar, "Asia/Shanghai", eve.astimezone(dt.UTC))
    assert due == dt.datetime.combine(day, dt.time(10), BEIJING)


@given(
    st.integers(0, 20 * 365 * 24 * 60),
    st.integers(1, 72),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)
def test_an_answer_is_never_due_before_its_hours_have_passed(minutes: int, hours: int, zone: str) -> None:
    at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    due = answer_by(rules(hours), "", zone, at)
    assert due >= at + dt.timedelta(hours=hours)
    assert due <= at + dt.timedelta(days=hours // 12 + 2)
