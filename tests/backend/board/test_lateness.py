"""Which visits will be late is projected from what has happened so far."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.board.lateness import Lateness, Leg, project
from backend.jobs.lifecycle import JobStatus

NINE = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def leg(status: JobStatus, start: dt.datetime, window_end: dt.datetime, **moments: Any) -> Leg:
    """One hour of work, twenty minutes of driving before it."""
    return Leg(status, window_end, start, HOUR, 20 * MINUTE, **moments)


def test_a_day_on_plan_has_nothing_late() -> None:
    legs = [
        leg(JobStatus.ACCEPTED, NINE, NINE + 2 * HOUR),
        leg(JobStatus.ACCEPTED, NINE + 80 * MINUTE, NINE + 3 * HOUR),
    ]
    assert project(legs, NINE - HOUR) == [None, None]


def test_an_overrun_pushes_what_follows_late() -> None:
    legs = [
        leg(JobStatus.ON_SITE, NINE, NINE + 2 * HOUR, arrived_at=NINE),
        leg(JobStatus.ACCEPTED, NINE + 80 * MINUTE, NINE + 2 * HOUR),
    ]
    now = NINE + 3 * HOUR  # two hours longer than planned, and still at it
    assert project(legs, now) == [None, Lateness(now + 20 * MINUTE, 80)]


def test_close_to_the_end_of_the_window_is_at_risk_before_it_is_late() -> None:
    legs = [leg(JobStatus.ACCEPTED, NINE, NINE + HOUR)]
    assert project(legs, NINE + 24 * MINUTE) == [None]
    assert project(legs, NINE + 26 * MINUTE) == [Lateness(NINE + 46 * MINUTE, 0)]


def test_whoever_is_on_the_way_arrives_a_drive_after_leaving() -> None:
    legs = [leg(JobStatus.EN_ROUTE, NINE, NINE + 10 * MINUTE, departed_at=NINE)]
    assert project(legs, NINE + 5 * MINUTE) == [Lateness(NINE + 20 * MINUTE, 10)]


def test_what_is_done_is_never_late_and_frees_its_technician() -> None:
    legs = [
        leg(JobStatus.SIGNED, NINE, NINE + HOUR, arrived_at=NINE, completed_at=NINE + 30 * MINUTE),
        leg(JobStatus.ACCEPTED, NINE + 80 * MINUTE, NINE + 2 * HOUR),
    ]
    assert project(legs, NINE + HOUR) == [None, None]


@given(
    st.lists(st.tuples(st.sampled_from(list(JobStatus)), st.integers(0, 600)), max_size=8),
    st.integers(0, 900),
)
def test_a_projection_never_lies_before_now_or_the_plan(
    days: list[tuple[JobStatus, int]], minutes: int
) -> None:
    now = NINE + minutes * MINUTE
    legs = [
        leg(status, NINE + start * MINUTE, NINE + (start + 30) * MINUTE) for status, start in sorted(days)
    ]
    for one, late in zip(legs, project(legs, now), strict=True):
        if late is not None:
            assert late.projected_start >= min(now, one.planned_start)
            assert late.minutes >= 0
            assert late.projected_start > (one.window_end or now) - 15 * MINUTE
