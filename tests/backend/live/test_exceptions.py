"""What counts as gone wrong, and in which order a dispatcher is told."""

import datetime as dt
import uuid
from typing import Any

import pytest

from backend.board.lateness import Lateness
from backend.jobs.lifecycle import JobStatus
from backend.live.exceptions import Kind, Limits, Watched, find

NOON = dt.datetime(2027, 3, 16, 4, tzinfo=dt.UTC)
WHO = uuid.UUID(int=1)
Shifts = dict[uuid.UUID, tuple[dt.datetime, dt.datetime]]
SHIFT: Shifts = {WHO: (NOON - dt.timedelta(hours=4), NOON + dt.timedelta(hours=5))}


def before(minutes: float) -> dt.datetime:
    return NOON - dt.timedelta(minutes=minutes)


def watched(status: JobStatus = JobStatus.ACCEPTED, number: int = 1, **fields: Any) -> Watched:
    values: dict[str, Any] = {
        "job_id": uuid.UUID(int=100 + number),
        "number": f"J{number}",
        "status": status,
        "technician_id": WHO,
        "start_at": NOON + dt.timedelta(hours=1),
        "duration": dt.timedelta(hours=1),
        "departed_at": None,
        "arrived_at": None,
    }
    return Watched(**values | fields)


def kinds(
    *visits: Watched, late: int | None = None, seen: float | None = None, shifts: Shifts | None = None
) -> list:
    projected = NOON + dt.timedelta(hours=2)
    lateness = {visits[0].job_id: Lateness(projected, late)} if late is not None else {}
    positions = {WHO: before(seen)} if seen is not None else {}
    found = find(visits, lateness, SHIFT if shifts is None else shifts, positions, NOON)
    return [(each.kind, each.minutes) for each in found]


def test_a_day_that_runs_well_has_none() -> None:
    assert (
        kinds(watched(), watched(JobStatus.SIGNED, 2), watched(JobStatus.BOOKED, 3, technician_id=None)) == []
    )


@pytest.mark.parametrize(
    ("status", "fields", "expected"),
    [
        (JobStatus.DECLINED, {"technician_id": None}, (Kind.DECLINED, None)),
        (JobStatus.NO_SHOW, {"technician_id": None}, (Kind.NO_SHOW, None)),
        (JobStatus.ON_SITE, {"arrived_at": before(76), "departed_at": before(90)}, (Kind.OVERRUN, 16)),
    ],
)
def test_jobs_that_need_somebody_to_look(
    status: JobStatus, fields: dict[str, Any], expected: tuple[Kind, int | None]
) -> None:
    assert kinds(watched(status, **fields), seen=1) == [expected]


def test_work_that_takes_a_little_longer_is_none() -> None:
    assert kinds(watched(JobStatus.ON_SITE, arrived_at=before(75)), seen=1) == []


@pytest.mark.parametrize(("late", "expected"), [(12, (Kind.LATE, 12)), (0, (Kind.AT_RISK, 0))])
def test_promises_in_danger(late: int, expected: tuple[Kind, int]) -> None:
    assert kinds(watched(), late=late) == [expected]


def test_what_is_planned_close_to_the_end_of_its_window_and_on_time_is_none() -> None:
    visit = watched()
    late = {visit.job_id: Lateness(NOON + dt.timedelta(hours=1), 0)}
    assert find([visit], late, SHIFT, {}, NOON) == []


@pytest.mark.parametrize(
    ("shifts", "is_trouble"),
    [
        ({}, True),
        ({WHO: (before(240), NOON)}, True),  # ends before the visit
        ({WHO: (before(240), NOON + dt.timedelta(hours=1, minutes=1))}, False),
    ],
)
def test_visits_of_somebody_who_is_not_there(shifts: Shifts, is_trouble: bool) -> None:
    assert kinds(watched(), shifts=shifts) == ([(Kind.OFF_DUTY, None)] if is_trouble else [])


@pytest.mark.parametrize(
    ("seen", "departed", "minutes"),
    [(21, 60, 21), (20, 60, None), (None, 25, 25), (None, 5, None), (90, 5, None)],
)
def test_nobody_knows_where_a_technician_is(seen: float | None, departed: float, minutes: int | None) -> None:
    """A drive that has just begun is no silence, however old the last position."""
    found = kinds(watched(JobStatus.EN_ROUTE, departed_at=before(departed)), seen=seen)
    assert found == ([] if minutes is None else [(Kind.NO_POSITION, minutes)])


def test_the_gravest_come_first_and_among_them_the_worst() -> None:
    visits = [
        watched(JobStatus.DECLINED, 1, technician_id=None),
        watched(number=2),
        watched(number=3),
        watched(JobStatus.NO_SHOW, 4, technician_id=None),
    ]
    late = {visits[1].job_id: Lateness(NOON, 5), visits[2].job_id: Lateness(NOON, 50)}
    found = find(visits, late, SHIFT, {}, NOON)
    assert [each.number for each in found] == ["J4", "J3", "J2", "J1"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"window_end": before(-60)}, [(Kind.SLA, 0)]),  # an hour left and nobody to go
        ({"window_end": before(-61)}, []),
        ({"window_end": before(5)}, [(Kind.SLA, 5)]),  # already broken
        ({"window_end": before(5), "technician_id": WHO}, []),  # somebody's, so late or not by the projection
        ({"status": JobStatus.QUALIFIED, "reported_at": before(23 * 60)}, [(Kind.SLA, 0)]),
        ({"status": JobStatus.QUALIFIED, "reported_at": before(25 * 60)}, [(Kind.SLA, 60)]),
        ({"status": JobStatus.QUALIFIED, "reported_at": before(60)}, []),
        ({"status": JobStatus.CUSTOMER_ABSENT, "window_end": before(5)}, []),  # the clock rests
    ],
)
def test_a_limit_is_told_before_it_breaks(fields: dict[str, Any], expected: list) -> None:
    visit = watched(**{"status": JobStatus.BOOKED, "technician_id": None, "start_at": None, **fields})
    limits = Limits(dt.timedelta(hours=24), dt.timedelta(hours=1))
    found = find([visit], {}, SHIFT, {}, NOON, limits)
    assert [(each.kind, each.minutes) for each in found] == expected
