"""What counts as a change between the making of a plan and its publication."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backend.scheduling import snapshot
from backend.scheduling.day import FixedVisit, RegionDay
from tests.factories.region_days import clock, fixed, job, offered, point, region_day, technician

LI = technician(1)
WANG = technician(2)


def before() -> RegionDay:
    return region_day(
        LI,
        WANG,
        jobs=(job(1), job(2, status="assigned", current=offered(LI, 10.5)), job(3, at=None)),
        visits=(fixed(1, LI, 14, 15), fixed(2, WANG, 9, 10, is_begun=True)),
    )


def with_job(number: int, **fields: Any) -> Callable[[RegionDay], RegionDay]:
    def change(day: RegionDay) -> RegionDay:
        jobs = tuple(replace(j, **fields) if j.number == f"J{number}" else j for j in day.jobs)
        return replace(day, jobs=jobs)

    return change


def without_job(number: int, *begun: FixedVisit) -> Callable[[RegionDay], RegionDay]:
    def change(day: RegionDay) -> RegionDay:
        gone = next(j for j in day.jobs if j.number == f"J{number}")
        rest = tuple(j for j in day.jobs if j is not gone)
        visits = tuple(replace(v, job_id=gone.id) for v in begun)
        return replace(day, jobs=rest, fixed=(*day.fixed, *visits))

    return change


def with_visits(*visits: FixedVisit) -> Callable[[RegionDay], RegionDay]:
    return lambda day: replace(day, fixed=visits)


def with_li(**fields: Any) -> Callable[[RegionDay], RegionDay]:
    return lambda day: replace(day, technicians=(replace(LI, **fields), WANG))


HELD, BEGUN = before().fixed

CHANGES = [
    (with_job(1, version=2), [("edited", "J1")]),
    (with_job(2, current=offered(WANG, 10.5)), [("edited", "J2")]),
    (with_job(2, status="accepted", version=2), [("edited", "J2")]),
    (with_job(3, at=point(3), place_version=2), [("located", "J3")]),
    (without_job(1), [("gone", "J1")]),
    (without_job(2, fixed(9, LI, 10.5, 11.5, is_begun=True)), [("started", "J2")]),
    (without_job(1, fixed(9, LI, 10.5, 11.5)), [("held", "J1")]),
    (lambda day: replace(day, jobs=(*day.jobs, job(4))), [("new", "J4")]),
    (with_visits(BEGUN), [("released", "F1")]),
    (with_visits(replace(HELD, start_at=clock(14.5)), BEGUN), [("held", "F1")]),
    (with_visits(HELD, BEGUN, fixed(5, LI, 16, 17)), [("held", "F5")]),
    (with_li(skills={}), [("duty", "T1")]),
    (with_li(certificates={"gas": clock(9).date()}), [("duty", "T1")]),
    (with_li(vendor_id=WANG.id), [("duty", "T1")]),
    (with_li(home=point(3)), [("duty", "T1")]),
    (with_li(shift=None), [("duty", "T1")]),
    (lambda day: replace(day, technicians=(LI,)), [("duty", "T2")]),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_every_change_is_named(
    change: Callable[[RegionDay], RegionDay], expected: list[tuple[str, str]]
) -> None:
    found = snapshot.changes(snapshot.take(before()), change(before()))
    assert [(item.what, item.number) for item in found] == expected


HARMLESS = [
    lambda day: replace(day, now=day.now + dt.timedelta(hours=1)),
    with_visits(HELD, replace(BEGUN, end_at=clock(10.6), is_open=False)),
    with_visits(HELD),
    with_visits(replace(HELD, is_begun=True), BEGUN),
    lambda day: replace(with_li(van={"VALVE-1": 1})(day), warehouse={"VALVE-1": 3}),
]


@pytest.mark.parametrize(
    "change",
    HARMLESS,
    ids=["time passes", "work is finished", "work ended otherwise", "held work begins", "parts are used"],
)
def test_what_the_plan_expects_is_no_change(change: Callable[[RegionDay], RegionDay]) -> None:
    assert snapshot.changes(snapshot.take(before()), change(before())) == []
