"""Until when a customer may change or cancel, and what it costs afterwards."""

import datetime as dt
import uuid

import pytest

from backend.booking import policies
from backend.booking.models import BookingRules
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job

START = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
END = START + dt.timedelta(hours=2)
LIMIT = START - dt.timedelta(hours=4)
SECOND = dt.timedelta(seconds=1)
RULES = BookingRules(org_id=uuid.uuid4(), change_until_h=4)


def promised(status: JobStatus = JobStatus.BOOKED) -> Job:
    return Job.model_construct(status=status, window_start=START, window_end=END)


@pytest.mark.parametrize(
    ("now", "late_fen", "refusal", "charge_fen"),
    [
        (LIMIT, None, None, 0),  # the last moment that costs nothing
        (LIMIT + SECOND, None, "too_late", 0),
        (LIMIT + SECOND, 3_000, None, 3_000),
        (END - SECOND, 3_000, None, 3_000),
        (END, None, None, 0),  # nobody came: there is nothing left to be late for
    ],
)
def test_a_change_is_free_up_to_its_limit_and_costs_or_is_refused_after_it(
    now: dt.datetime, late_fen: int | None, refusal: str | None, charge_fen: int
) -> None:
    job = promised()
    assert policies.refusal(job, now, RULES, late_fen) == refusal
    assert policies.charge(job, now, RULES, late_fen) == charge_fen


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (JobStatus.QUALIFIED, None),
        (JobStatus.NO_SHOW, None),
        (JobStatus.EN_ROUTE, "under_way"),
        (JobStatus.REWORK, "under_way"),
        (JobStatus.RECEIVED, "not_now"),
        (JobStatus.DONE, "not_now"),
        (JobStatus.CANCELLED, "not_now"),
    ],
)
def test_only_a_job_that_waits_can_be_given_another_time(status: JobStatus, refusal: str | None) -> None:
    job = promised(status)
    assert policies.refusal(job, LIMIT, RULES, 3_000) == refusal
    assert policies.charge(job, END - SECOND, RULES, 3_000) == 0
