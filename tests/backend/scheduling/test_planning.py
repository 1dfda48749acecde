"""A day from its jobs to a published plan, on both databases, with the real solver in its own process."""

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit.models import AuditEntry, Change
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.errors import ConflictError, ForbiddenError, NotFoundError, RejectedError
from backend.jobs import lifecycle
from backend.jobs import service as job_service
from backend.jobs.lifecycle import Action, JobStatus
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.scheduling import plans, runs, service
from backend.scheduling.models import Plan, PlanState, RunState
from backend.scheduling.service import PlanStaleError
from backend.technicians.models import TechnicianCertificate
from tests.backend.scheduling.conftest import Planner
from tests.factories.scheduling import CERTIFICATE, DAY, PlanningDay, at, empty_day, small_day


def job_now(session: Session, job_id: uuid.UUID) -> Job:
    return session.get_one(Job, job_id)


def visit_now(session: Session, job_id: uuid.UUID) -> Visit | None:
    return session.exec(select(Visit).where(Visit.job_id == job_id, col(Visit.outcome).is_(None))).first()


def plan_states(session: Session) -> dict[uuid.UUID, PlanState]:
    return {plan.id: plan.state for plan in session.exec(select(Plan))}


def set_job(session: Session, /, job_id: uuid.UUID, **fields: Any) -> None:
    job = session.get_one(Job, job_id)
    for name, value in fields.items():
        setattr(job, name, value)


def accept(session: Session, day: PlanningDay, job_id: uuid.UUID) -> None:
    job = session.get_one(Job, job_id)
    lifecycle.apply(job, Action.ACCEPT, Actor(role=Role.TECHNICIAN, org_id=day.org.id), at(7))


def feed(session: Session, entity: str) -> list[str]:
    query = sa.select(col(Change.kind)).where(col(Change.entity) == entity).order_by(col(Change.seq))
    return list(session.scalars(query))


def test_a_day_is_planned_and_published(planner: Planner) -> None:
    day = small_day()
    planner.write(day.save)

    view = planner.plan(day)

    assert view.plan.state is PlanState.DRAFT
    assert {visit.job_id for visit in view.visits} == {job.id for job in day.jobs}
    assert view.unserved == []
    assert view.plan.cost["total"] == sum(fen for name, fen in view.plan.cost.items() if name != "total")
    assert view.plan.baseline["unserved"] == sum(job.unserved_fen for job in day.jobs)
    compared = view.against_current
    assert compared is not None
    assert len(compared.added) == len(day.jobs)
    assert (compared.moved, compared.removed) == ([], [])

    published = planner.publish(day, view.plan.id)

    assert published.plan.state is PlanState.PUBLISHED
    assert published.plan.published_by == "调度"
    for planned in view.visits:
        job, visit = planner.read(job_now, planned.job_id), planner.read(visit_now, planned.job_id)
        assert job.status is JobStatus.ASSIGNED
        assert visit is not None
        assert (visit.technician_id, visit.busy_from) == (planned.technician_id, planned.start_at)
        assert visit.plan_id == view.plan.id
        assert job.window_start is not None
        assert job.window_end is not None
        assert job.window_start <= visit.busy_from <= job.window_end
    assert planner.read(feed, "plan") == ["created", "updated"]


def test_a_run_reports_its_progress_and_ends_done(planner: Planner) -> None:
    day = small_day()
    planner.write(day.save)

    run = planner.carry_out(planner.ask(day), day.dispatcher)

    assert (run.state, run.error) == (RunState.DONE, None)
    assert run.progress["served"] + run.progress["unserved"] == len(day.jobs)
    costs = [cost for _, cost in run.progress["curve"]]
    assert costs == sorted(costs, reverse=True)
    assert run.plan_id is not None
    plan = planner.read(service.view_plan, day.dispatcher, run.plan_id).plan
    assert run.progress["best_cost_fen"] == plan.cost["total"]
    kinds = planner.read(feed, "plan_run")
    assert kinds[0] == "created"
    assert set(kinds[1:]) == {"updated"}


def test_an_unchanged_accepted_visit_stays_accepted(planner: Planner) -> None:
    day = small_day()
    planner.write(day.save)
    planner.publish(day, planner.plan(day).plan.id)
    planner.write(accept, day, day.jobs[0].id)

    again = planner.plan(day)
    compared = again.against_current
    assert compared is not None
    assert (compared.moved, compared.added, compared.removed) == ([], [], [])
    planner.publish(day, again.plan.id)

    assert planner.read(job_now, day.jobs[0].id).status is JobStatus.ACCEPTED
    states = planner.read(plan_states)
    assert sorted(states.values()) == [PlanState.PUBLISHED, PlanState.SUPERSEDED]
    assert states[again.plan.id] is PlanState.PUBLISHED


def test_a_job_without_coordinates_is_left_out_with_its_reason(planner: Planner) -> None:
    day = small_day(jobs=2)
    lost = day.job(10, located=False)
    planner.write(day.save)

    view = planner.plan(day)
    planner.publish(day, view.plan.id)

    assert [(item.job_id, item.reason["code"]) for item in view.unserved] == [(lost.id, "needs_location")]
    kept = planner.read(job_now, lost.id)
    assert kept.status is JobStatus.BOOKED
    assert kept.unserved_reason == {"code": "needs_location", "data": {}}


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


def test_a_stale_draft_is_refused_and_names_every_change(planner: Planner) -> None:
    day = small_day(jobs=6)
    planner.write(day.save)
    view = planner.plan(day)
    edited, cancelled, given = day.jobs[0], day.jobs[1], day.jobs[2]
    planner.write(set_job, edited.id, duration_s=5_000)
    planner.write(set_job, cancelled.id, status=JobStatus.CANCELLED)

    def book_another(session: Session) -> None:
        late = day.job(15)
        session.add(day.places[-1])
        session.flush()
        session.add(late)

    planner.write(book_another)

    def give(session: Session) -> None:
        job = session.get_one(Job, given.id)
        job_service.assign(session, day.dispatcher, job, day.technicians[0].id, at(16))

    planner.write(give)

    with pytest.raises(PlanStaleError) as refused:
        planner.publish(day, view.plan.id)

    changes = {(change["number"], change["what"]) for change in refused.value.extra["changes"]}
    expected = {("J1", "edited"), ("J2", "gone"), ("J3", "edited"), ("J7", "new")}
    assert changes == expected
    assert planner.read(plan_states)[view.plan.id] is PlanState.DRAFT
    assert planner.read(job_now, day.jobs[4].id).status is JobStatus.BOOKED


def test_a_changed_shift_makes_a_draft_stale(planner: Planner) -> None:
    day = small_day(jobs=2)
    planner.write(day.save)
    view = planner.plan(day)
    planner.write(lambda session: setattr(session.merge(day.shifts[0]), "ends_at", at(12)))

    with pytest.raises(PlanStaleError) as refused:
        planner.publish(day, view.plan.id)

    [change] = refused.value.extra["changes"]
    assert (change["what"], change["number"]) == ("duty", "王建国")
    assert change["technician_id"] == str(day.technicians[0].id)


def test_a_draft_can_be_published_or_dropped_once(planner: Planner) -> None:
    day = small_day(jobs=2)
    planner.write(day.save)
    view = planner.plan(day)

    dropped = planner.write(service.drop, day.dispatcher, view.plan.id)

    assert dropped.plan.state is PlanState.DROPPED
    with pytest.raises(ConflictError) as refused:
        planner.publish(day, view.plan.id)
    assert refused.value.code == "plan_not_draft"
    assert planner.read(job_now, day.jobs[0].id).status is JobStatus.BOOKED


def test_a_plan_that_leaves_out_a_locked_job_is_not_published(planner: Planner) -> None:
    day = empty_day()
    novice = day.technician("王建国", level=1)
    hard = day.job(10, level=3, lock_technician=True)
    day.visit(hard, novice, 10, JobStatus.ASSIGNED)
    planner.write(day.save)
    view = planner.plan(day)
    assert [item.job_id for item in view.unserved] == [hard.id]

    with pytest.raises(RejectedError) as refused:
        planner.publish(day, view.plan.id)

    assert refused.value.code == "locked_left_out"
    assert refused.value.extra["numbers"] == ["J1"]
    assert planner.read(job_now, hard.id).status is JobStatus.ASSIGNED


def test_a_job_the_plan_leaves_out_is_taken_back(planner: Planner) -> None:
    day = empty_day()
    novice = day.technician("王建国", level=1)
    hard = day.job(10, level=3)
    day.visit(hard, novice, 10, JobStatus.ASSIGNED)
    planner.write(day.save)

    view = planner.plan(day)
    compared = view.against_current
    assert compared is not None
    assert [item.number for item in compared.removed] == ["J1"]
    planner.publish(day, view.plan.id)

    job = planner.read(job_now, hard.id)
    assert (job.status, job.technician_id) == (JobStatus.BOOKED, None)
    assert job.unserved_reason is not None
    assert job.unserved_reason["code"] == "no_skill"
    assert planner.read(visit_now, hard.id) is None


def test_cancelling_a_queued_run_ends_it_without_a_plan(planner: Planner) -> None:
    day = small_day(jobs=2)
    planner.write(day.save)
    run = planner.ask(day)

    planner.write(runs.cancel_run, day.dispatcher, run.id)
    ended = planner.carry_out(run, day.dispatcher)

    assert (ended.state, ended.plan_id) == (RunState.FAILED, None)
    assert ended.error is not None
    assert ended.error.startswith("cancelled")


def test_who_may_not_plan_sees_no_plan(planner: Planner) -> None:
    day = small_day(jobs=2)
    planner.write(day.save)
    view = planner.plan(day)
    outsiders = [day.vendor_dispatcher, day.technician_actor(day.technicians[0])]
    calls: list[Any] = [
        (runs.request_run, runs.Wish(day.region.id, DAY), lambda _session, _run: None),
        (runs.get_run, view.plan.run_id),
        (runs.cancel_run, view.plan.run_id),
        (plans.list_plans, day.region.id, DAY),
        (service.view_plan, view.plan.id),
        (service.publish, view.plan.id),
        (service.drop, view.plan.id),
    ]
    for actor in outsiders:
        for work, *arguments in calls:
            with pytest.raises(ForbiddenError):
                planner.write(work, actor, *arguments)
    stranger = Actor(role=Role.DISPATCHER, org_id=uuid.uuid4())
    for work, *arguments in calls:
        with pytest.raises(NotFoundError):
            planner.write(work, stranger, *arguments)


def test_every_decision_about_a_plan_is_audited(planner: Planner) -> None:
    day = small_day(jobs=2)
    planner.write(day.save)
    planner.publish(day, planner.plan(day).plan.id)
    planner.write(service.drop, day.dispatcher, planner.plan(day).plan.id)

    def actions(session: Session) -> list[str]:
        return list(session.scalars(sa.select(col(AuditEntry.action)).order_by(col(AuditEntry.id))))

    assert planner.read(actions) == ["plan_run", "plan_publish", "plan_run", "plan_drop"]
