"""The customer's timeline tells what concerns them, in order, and starts anew with a new booking."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.jobs.lifecycle import TRANSITIONS, Action, JobStatus
from backend.tracking.timeline import MILESTONES, Happening, Mark, timeline

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def history(*actions: str) -> list[Happening]:
    """One action a minute."""
    return [Happening(action, NOON + dt.timedelta(minutes=n)) for n, action in enumerate(actions)]


def told(*actions: str, status: JobStatus) -> list[tuple[str, str]]:
    return [(entry.key, entry.mark.value) for entry in timeline(history(*actions), status)]


def test_a_job_on_the_way() -> None:
    actions = ("qualify", "book", "assign", "accept", "depart")
    assert told(*actions, status=JobStatus.EN_ROUTE) == [
        ("booked", "done"),
        ("assigned", "done"),
        ("departed", "current"),
        ("arrived", "todo"),
        ("completed", "todo"),
        ("signed", "todo"),
    ]


def test_a_finished_job_has_nothing_left_to_do() -> None:
    actions = ("book", "assign", "accept", "depart", "arrive", "diagnose", "complete", "sign", "close")
    assert told(*actions, status=JobStatus.CLOSED) == [(key, "done") for key in MILESTONES]


@pytest.mark.parametrize("given_back", ["decline", "expire", "unassign"])
def test_a_technician_who_cannot_come_is_not_the_customers_concern(given_back: str) -> None:
    entries = told("book", "assign", given_back, status=JobStatus.DECLINED)
    assert entries[:2] == [("booked", "current"), ("assigned", "todo")]


def test_the_technician_assigned_last_counts() -> None:
    entries = timeline(history("book", "assign", "decline", "assign"), JobStatus.ASSIGNED)
    assert [entry.key for entry in entries].count("assigned") == 1
    assert entries[1].at == NOON + dt.timedelta(minutes=3)


def test_rework_is_told_and_finished_anew() -> None:
    actions = ("book", "assign", "depart", "arrive", "complete", "reject_work")
    assert told(*actions, status=JobStatus.REWORK)[4:] == [
        ("rework", "problem"),
        ("completed", "todo"),
        ("signed", "todo"),
    ]
    assert told(*actions, "complete", status=JobStatus.DONE)[4:] == [
        ("rework", "problem"),
        ("completed", "current"),
        ("signed", "todo"),
    ]


def test_a_missed_customer_sees_how_it_ended_and_after_a_new_booking_only_that() -> None:
    actions = ("book", "assign", "depart", "arrive", "report_absent")
    assert told(*actions, status=JobStatus.CUSTOMER_ABSENT)[-1] == ("customer_absent", "problem")
    again = told(*actions, "book", status=JobStatus.BOOKED)
    assert again[:3] == [("customer_absent", "problem"), ("booked", "current"), ("assigned", "todo")]


def test_a_cancelled_job_promises_nothing() -> None:
    assert told("book", "cancel", status=JobStatus.CANCELLED) == [
        ("booked", "done"),
        ("cancelled", "problem"),
    ]


def test_a_new_report_shows_the_whole_way() -> None:
    assert told(status=JobStatus.RECEIVED) == [(key, "todo") for key in MILESTONES]


@given(st.lists(st.sampled_from(list(Action)), max_size=25))
def test_any_life_reads_as_past_present_future(wished: list[Action]) -> None:
    """Whatever is done to a job: done before current before to come, times in order, no milestone twice."""
    status, actions = JobStatus.RECEIVED, []
    for action in wished:
        if status in TRANSITIONS[action].sources:
            actions.append(action.value)
            status = TRANSITIONS[action].target
    entries = timeline(history(*actions), status)
    marks = [entry.mark for entry in entries if entry.mark is not Mark.PROBLEM]
    order = [Mark.DONE, Mark.CURRENT, Mark.TODO]
    assert marks == sorted(marks, key=order.index)
    assert marks.count(Mark.CURRENT) <= 1
    times = [entry.at for entry in entries if entry.at is not None]
    assert times == sorted(times)
    milestones = [entry.key for entry in entries if entry.key in MILESTONES]
    assert len(milestones) == len(set(milestones))
    assert all((entry.at is None) == (entry.mark is Mark.TODO) for entry in entries)
