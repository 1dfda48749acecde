"""What people change while a draft waits is merged into it, named, and published without another run."""

import uuid
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.live.asked import Merged
from backend.scheduling import merging, service
from backend.scheduling.adapter.merging import merge
from backend.scheduling.models import PlanState
from backend.scheduling.service import PlanStaleError, PlanView
from backend.technicians.models import Shift
from tests.backend.scheduling.conftest import Planner
from tests.factories.scheduling import PlanningDay, at, empty_day

Edit = Callable[[Session], object]


@pytest.fixture
def day(planner: Planner) -> PlanningDay:
    """Two technicians, and three jobs that nobody has."""
    made = empty_day()
    made.technician("王建国")
    made.technician("李明")
    for hour in (9, 11, 14):
        made.job(hour)
    planner.write(made.save)
    return made


def worked_out(planner: Planner, day: PlanningDay, plan_id: uuid.UUID) -> tuple[merging.Merging, Merged]:
    asked = planner.read(merging.prepare, day.dispatcher, plan_id)
    assert asked is not None
    answer = merge(asked.question)
    assert isinstance(answer, Merged), answer
    return asked, answer


def merged(planner: Planner, day: PlanningDay, plan_id: uuid.UUID) -> PlanView:
    asked, answer = worked_out(planner, day, plan_id)
    return planner.write(merging.keep, day.dispatcher, asked, answer.result)


def moved_by_hand(day: PlanningDay, hour: float) -> Edit:
    """The first job given to the second technician at an hour of a person's choice."""

    def edit(session: Session) -> None:
        job = session.get_one(Job, day.jobs[0].id)
        jobs.assign(session, day.dispatcher, job, day.technicians[1].id, at(hour))

    return edit


def test_a_hand_made_visit_stands_and_the_draft_makes_room(planner: Planner, day: PlanningDay) -> None:
    draft = planner.plan(day)
    planner.write(moved_by_hand(day, 14.25))  # in the middle of somebody's afternoon
    with pytest.raises(PlanStaleError):
        planner.publish(day, draft.plan.id)

    view = merged(planner, day, draft.plan.id)
    places = {visit.job_id: visit for visit in view.visits}
    first = places[day.jobs[0].id]
    assert (first.technician_id, first.start_at, first.is_fixed) == (day.technicians[1].id, at(14.25), True)
    assert len(places) == 3
    assert view.changed_since == []
    assert [(each["number"], each["what"], each["by"]) for each in view.plan.merged] == [
        ("J1", "edited", day.dispatcher.name)
    ]

    published = planner.publish(day, draft.plan.id)
    assert published.plan.state is PlanState.PUBLISHED
    kept = planner.read(lambda s: s.exec(select(Visit).where(Visit.job_id == first.job_id)).one())
    assert (kept.technician_id, kept.busy_from) == (day.technicians[1].id, at(14.25))
    assert planner.read(lambda s: s.get_one(Job, day.jobs[2].id).status) is JobStatus.ASSIGNED


def test_what_is_new_finds_a_place_and_what_lost_its_technician_another(
    planner: Planner, day: PlanningDay
) -> None:
    draft = planner.plan(day)
    used = {visit.technician_id for visit in draft.visits}
    ill = next(iter(used))

    def change(session: Session) -> None:
        values = day.jobs[1].model_dump() | {"id": uuid.uuid4(), "number": "J9", "version": 1}
        session.add(Job(**values))
        session.delete(session.exec(select(Shift).where(Shift.technician_id == ill)).one())
        jobs.cancel(session, day.dispatcher, session.get_one(Job, day.jobs[0].id), "不装了")

    planner.write(change)
    view = merged(planner, day, draft.plan.id)
    assert {(each["number"], each["what"]) for each in view.plan.merged} >= {("J1", "gone"), ("J9", "new")}
    assert {visit.technician_id for visit in view.visits}.isdisjoint({ill})
    assert day.jobs[0].id not in {visit.job_id for visit in view.visits}
    assert len(view.visits) == 3
    assert planner.publish(day, draft.plan.id).plan.state is PlanState.PUBLISHED


def test_what_came_and_was_given_out_since_stays_where_it_was_put(planner: Planner, day: PlanningDay) -> None:
    draft = planner.plan(day)
    new = Job(**(day.jobs[1].model_dump() | {"id": uuid.uuid4(), "number": "J9", "version": 1}))

    def change(session: Session) -> None:
        session.add(new)
        session.flush()
        jobs.assign(session, day.dispatcher, new, day.technicians[0].id, at(16.25))

    job_id = new.id
    planner.write(change)
    [visit] = [each for each in merged(planner, day, draft.plan.id).visits if each.job_id == job_id]
    assert (visit.technician_id, visit.start_at, visit.is_fixed) == (day.technicians[0].id, at(16.25), True)


def test_what_changes_while_it_is_merged_refuses_it_by_name(planner: Planner, day: PlanningDay) -> None:
    draft = planner.plan(day)
    planner.write(moved_by_hand(day, 14.25))
    asked, answer = worked_out(planner, day, draft.plan.id)
    planner.write(moved_by_hand(day, 15.5))
    with pytest.raises(PlanStaleError) as refused:
        planner.write(merging.keep, day.dispatcher, asked, answer.result)
    assert [each["number"] for each in refused.value.extra["changes"]] == ["J1"]
    untouched = planner.read(service.view_plan, day.dispatcher, draft.plan.id)
    assert [visit.id for visit in untouched.visits] == [visit.id for visit in draft.visits]
    assert list(untouched.plan.merged) == []


def test_two_who_merge_at_once_merge_once(planner: Planner, day: PlanningDay) -> None:
    draft = planner.plan(day)
    planner.write(moved_by_hand(day, 14.25))
    asked, answer = worked_out(planner, day, draft.plan.id)
    for _ in range(2):
        view = planner.write(merging.keep, day.dispatcher, asked, answer.result)
    assert len(view.plan.merged) == 1
    assert planner.read(merging.prepare, day.dispatcher, draft.plan.id) is None
