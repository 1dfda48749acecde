"""A day from its jobs to a published plan, on both databases, with the real solver in its own process."""

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
from tests.backend.scheduling.conftest import Planner
from tests.factories.scheduling import DAY, PlanningDay, at, empty_day, small_day


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


def test_a_declined_job_goes_to_somebody_else(planner: Planner) -> None:
    day = small_day(jobs=1)
    planner.write(day.save)
    first = planner.plan(day)
    planner.publish(day, first.plan.id)
    [planned] = first.visits
    technician = next(each for each in day.technicians if each.id == planned.technician_id)

    def decline(session: Session) -> None:
        job = session.get_one(Job, planned.job_id)
        job_service.decline(session, day.technician_actor(technician), job, "ill", "")

    planner.write(decline)
    [again] = planner.plan(day).visits
    assert again.technician_id != planned.technician_id


def test_a_person_may_ask_the_one_who_declined_again(planner: Planner) -> None:
    day = empty_day()
    wang, job = day.technician("王建国"), day.job(10)
    day.visit(job, wang, 10, JobStatus.DECLINED, outcome=VisitOutcome.DECLINED)
    job.technician_id = None
    planner.write(day.save)
    assert [item.reason["code"] for item in planner.plan(day).unserved] == ["nobody_allowed"]

    def ask_again(session: Session) -> None:
        job_service.assign(session, day.dispatcher, session.get_one(Job, job.id), wang.id, at(10))

    planner.write(ask_again)
    [kept] = planner.plan(day).visits
    assert kept.technician_id == wang.id
