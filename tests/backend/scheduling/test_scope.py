"""Part of a day is planned and the rest stays; an earlier plan comes back as a draft."""

import pytest
from sqlmodel import Session

from backend.errors import NotFoundError
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.scheduling import runs, service
from backend.scheduling.scope import Scope
from backend.scheduling.service import PlanView
from tests.backend.scheduling.conftest import SEARCH_S, Planner
from tests.factories.scheduling import DAY, PlanningDay, at, empty_day

pytestmark = pytest.mark.slow


def plan(planner: Planner, day: PlanningDay, scope: Scope) -> PlanView:
    wish = runs.Wish(day.region.id, DAY, SEARCH_S, scope=scope)
    run = planner.write(runs.request_run, day.dispatcher, wish, lambda _session, _run: None)
    run = planner.carry_out(run, day.dispatcher)
    assert run.plan_id is not None, run.error
    return planner.read(service.view_plan, day.dispatcher, run.plan_id)


def placed(view: PlanView) -> dict[str, tuple[object, object, bool]]:
    return {str(v.job_id): (v.technician_id, v.start_at, v.is_fixed) for v in view.visits}


def test_only_what_nobody_has_is_put_in(planner: Planner) -> None:
    day = empty_day()
    wang, li = day.technician("王建国"), day.technician("李明")
    kept = day.visit(day.job(10), wang, 11.25, JobStatus.ASSIGNED)
    free = day.job(14)
    planner.write(day.save)
    view = plan(planner, day, Scope(only_unassigned=True, technician_ids=frozenset({li.id})))
    assert placed(view)[str(kept.job_id)] == (wang.id, at(11.25), True)
    assert placed(view)[str(free.id)][0] == li.id
    assert view.plan.scope == {"only_unassigned": True, "technician_ids": [str(li.id)]}
    planner.publish(day, view.plan.id)
    assert planner.read(lambda s: s.get_one(Job, free.id).technician_id) == li.id
    assert planner.read(lambda s: s.get_one(Job, kept.job_id).technician_id) == wang.id


def test_an_earlier_plan_comes_back_as_a_draft_that_names_what_people_changed(planner: Planner) -> None:
    day = empty_day()
    day.technician("王建国")
    li = day.technician("李明")
    first = day.job(10)
    day.job(14)
    planner.write(day.save)
    earlier = planner.plan(day)
    planner.publish(day, earlier.plan.id)
    was = placed(earlier)

    def move(session: Session) -> None:
        jobs.assign(session, day.dispatcher, session.get_one(Job, first.id), li.id, at(15.5))

    planner.write(move)
    back = plan(planner, day, Scope(earlier_plan_id=earlier.plan.id))
    now = placed(back)
    assert {key: now[key][:2] for key in was} == {key: was[key][:2] for key in was}
    assert list(back.changed_since) == []

    planner.write(lambda session: jobs.unassign(session, day.dispatcher, session.get_one(Job, first.id)))
    named = planner.read(service.view_plan, day.dispatcher, back.plan.id).changed_since
    assert [(each.number, each.what) for each in named] == [("J1", "edited")]


def test_a_scope_names_nothing_of_others(planner: Planner) -> None:
    day, other = empty_day(), empty_day()
    day.technician("王建国")
    theirs = other.technician("别人")
    other.job(10)
    planner.write(day.save)
    planner.write(other.save)
    draft = planner.plan(other)
    for scope in (Scope(technician_ids=frozenset({theirs.id})), Scope(earlier_plan_id=draft.plan.id)):
        with pytest.raises(NotFoundError):
            plan(planner, day, scope)
