"""The rules of a day hold in its plan: locks, work under way, certificates, skills and parts."""

import datetime as dt
import uuid

import pytest
from sqlmodel import Session, col, select

from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.technicians.models import TechnicianCertificate
from tests.backend.scheduling.conftest import Planner
from tests.factories.scheduling import CERTIFICATE, DAY, at, empty_day, small_day


def job_now(session: Session, job_id: uuid.UUID) -> Job:
    return session.get_one(Job, job_id)


def visit_now(session: Session, job_id: uuid.UUID) -> Visit | None:
    return session.exec(select(Visit).where(Visit.job_id == job_id, col(Visit.outcome).is_(None))).first()


@pytest.mark.parametrize(
    ("last_day", "is_planned"),
    [(DAY, True), (DAY - dt.timedelta(days=1), False)],
    ids=["valid on the day", "expired the day before"],
)
def test_a_certificate_decides_to_its_last_day(planner: Planner, last_day: dt.date, is_planned: bool) -> None:
    day = empty_day()
    technician = day.technician("王建国")
    day.certificates.append(
        TechnicianCertificate(technician_id=technician.id, code=CERTIFICATE, expires_on=last_day)
    )
    day.job(10, certificate=CERTIFICATE)
    planner.write(day.save)

    view = planner.plan(day)

    assert len(view.visits) == is_planned
    assert [item.reason["code"] for item in view.unserved] == ([] if is_planned else ["certificate_expired"])


def test_what_nobody_is_skilled_for_is_left_out_by_name(planner: Planner) -> None:
    day = empty_day()
    day.technician("王建国", level=1)
    hard = day.job(10, level=3)
    planner.write(day.save)

    view = planner.plan(day)

    assert [(item.job_id, item.reason["code"]) for item in view.unserved] == [(hard.id, "no_skill")]


def test_a_locked_technician_and_time_are_kept(planner: Planner) -> None:
    day = small_day(jobs=4)
    by_name, by_time, by_both = day.job(9), day.job(13), day.job(15)
    wang, li, zhou = day.technicians
    day.visit(by_name, zhou, 9.5, JobStatus.ASSIGNED)
    day.visit(by_time, li, 14.25, JobStatus.ASSIGNED)
    day.visit(by_both, wang, 15.75, JobStatus.ACCEPTED)
    by_name.lock_technician = by_time.lock_time = True
    by_both.lock_technician = by_both.lock_time = True
    planner.write(day.save)

    view = planner.plan(day)
    planned = {visit.job_id: visit for visit in view.visits}

    assert planned[by_name.id].technician_id == zhou.id
    assert planned[by_time.id].start_at == at(14.25)
    kept = planned[by_both.id]
    assert (kept.technician_id, kept.start_at, kept.is_fixed) == (wang.id, at(15.75), True)
    planner.publish(day, view.plan.id)
    assert planner.read(job_now, by_both.id).status is JobStatus.ACCEPTED


def test_a_job_on_the_way_is_never_moved(planner: Planner) -> None:
    day = small_day(jobs=6)
    urgent = day.job(9)
    wang = day.technicians[0]
    day.visit(urgent, wang, 9.5, JobStatus.EN_ROUTE, departed_at=at(9.2))
    planner.write(day.save)

    view = planner.plan(day)
    planner.publish(day, view.plan.id)

    [kept] = [visit for visit in view.visits if visit.job_id == urgent.id]
    assert (kept.technician_id, kept.start_at, kept.is_fixed) == (wang.id, at(9.5), True)
    visit = planner.read(visit_now, urgent.id)
    assert visit is not None
    assert (visit.technician_id, visit.busy_from, visit.plan_id) == (wang.id, at(9.5), None)
    assert planner.read(job_now, urgent.id).status is JobStatus.EN_ROUTE
    after = [v for v in view.visits if v.technician_id == wang.id and v.job_id != urgent.id]
    assert all(v.start_at >= kept.end_at for v in after)


def test_the_finished_part_of_a_day_is_behind_the_plan(planner: Planner) -> None:
    day = small_day(jobs=4)
    over = day.job(9)
    wang = day.technicians[0]
    done = {"departed_at": at(8.6), "arrived_at": at(9.1), "completed_at": at(10.4)}
    day.visit(over, wang, 9.1, JobStatus.SIGNED, outcome=VisitOutcome.COMPLETED, **done)
    planner.write(day.save)

    view = planner.plan(day)

    [shown] = [visit for visit in view.visits if visit.job_id == over.id]
    assert shown.is_fixed
    assert (shown.start_at, shown.end_at) == (at(9.1), at(10.4))
    later = [v for v in view.visits if v.technician_id == wang.id and v.job_id != over.id]
    assert all(v.start_at > at(10.4) for v in later)


@pytest.mark.parametrize("in_van", [True, False], ids=["in the van", "at the depot"])
def test_parts_come_from_the_van_or_are_picked_up(planner: Planner, in_van: bool) -> None:
    day = empty_day()
    wang = day.technician("王建国")
    job = day.job(13, parts=[{"sku": day.part.sku, "qty": 2}])
    day.keep_in_warehouse(10)
    day.carry(wang, 3 if in_van else 1)
    planner.write(day.save)

    [visit] = planner.plan(day).visits

    assert visit.job_id == job.id
    assert visit.why.get("pick_up") == (None if in_van else {day.part.sku: 1})


def test_a_part_that_is_nowhere_is_the_reason(planner: Planner) -> None:
    day = empty_day()
    day.technician("王建国")
    day.job(13, parts=[{"sku": day.part.sku, "qty": 1}])
    planner.write(day.save)

    view = planner.plan(day)

    assert [item.reason["code"] for item in view.unserved] == ["missing_part"]
