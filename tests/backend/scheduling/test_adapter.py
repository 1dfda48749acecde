"""A region's day as a routing problem, and the plan in force as a plan of it."""

import datetime as dt
import subprocess
import sys
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from backend.scheduling.adapter.answer import plain, plan_in_force
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.adapter.solving import solve_day
from backend.scheduling.day import RegionDay
from backend.scheduling.result import PlanRequest
from tests.factories.region_days import (
    VENDOR,
    clock,
    fixed,
    job,
    offered,
    point,
    region_day,
    shift,
    technician,
)
from tests.factories.scheduling import DAY


def hours(value: float) -> int:
    return round(value * 3600)


def only_visit(day: RegionDay) -> routing.Visit:
    [visit] = build_problem(day).problem.visits
    return visit


def only_technician(day: RegionDay) -> routing.Technician:
    [found] = build_problem(day).problem.technicians
    return found


def test_a_start_in_the_last_quarter_of_an_hour_of_a_window_has_a_small_price() -> None:
    (window,) = only_visit(region_day(technician(), jobs=(job(hour=10),))).windows

    assert window.due_s == hours(12) - 900
    assert 0 < window.late_cents_per_minute * 15 < 1000


def test_a_window_is_hard_and_in_seconds_of_the_day() -> None:
    visit = only_visit(region_day(technician(), jobs=(job(hour=10),)))
    (window,) = visit.windows
    assert (window.start_s, window.end_s) == (hours(10), hours(12))
    assert visit.promise is None


def test_a_window_that_has_passed_is_late_from_now() -> None:
    visit = only_visit(region_day(technician(), jobs=(job(hour=9),), now=clock(12)))
    [window] = visit.windows
    assert (window.start_s, window.due_s, window.end_s) == (hours(12), hours(12), hours(24))
    assert window.late_cents_per_minute > 0


def test_a_job_without_a_window_may_be_done_any_time_of_the_day() -> None:
    visit = only_visit(region_day(technician(), jobs=(job(hour=None),)))
    assert visit.windows == (routing.Window(0, hours(24)),)


def test_an_offered_visit_costs_something_to_move() -> None:
    who = technician()
    accepted = job(status="accepted", current=offered(who, 10.5))
    visit = only_visit(region_day(who, jobs=(accepted,)))
    assert visit.preferred == {str(who.id)}
    assert visit.promise is not None
    assert visit.promise.start_s <= hours(10.5) <= visit.promise.end_s
    assigned = only_visit(region_day(who, jobs=(job(status="assigned", current=offered(who, 10.5)),)))
    assert assigned.promise is not None
    assert (visit.promise.move_cents or 0) > (assigned.promise.move_cents or 0) > 0
    assert visit.not_preferred_cents > assigned.not_preferred_cents > 0


def test_locks_bind_technician_and_time() -> None:
    who = technician()
    locked = job(
        status="assigned", current=offered(who, 10.5), is_technician_locked=True, is_time_locked=True
    )
    visit = only_visit(region_day(who, jobs=(locked,)))
    assert visit.lock == routing.Lock(frozenset({str(who.id)}), hours(10.5), hours(10.5))


def test_a_locked_time_that_has_passed_binds_no_longer() -> None:
    who = technician()
    locked = job(hour=10, status="assigned", current=offered(who, 10.5), is_time_locked=True)
    assert only_visit(region_day(who, jobs=(locked,), now=clock(10.75))).lock is None


def test_a_lock_on_somebody_who_is_gone_is_void() -> None:
    gone = technician(9)
    locked = job(status="assigned", current=offered(gone, 10.5), is_technician_locked=True)
    visit = only_visit(region_day(technician(), jobs=(locked,)))
    assert (visit.lock, visit.preferred) == (None, frozenset())


def test_priority_makes_leaving_out_dearer() -> None:
    plain_job, urgent = (
        only_visit(region_day(technician(), jobs=(job(priority=level),))) for level in (0, 2)
    )
    assert urgent.unserved_cents == 3 * plain_job.unserved_cents


def test_a_certificate_lasts_to_the_end_of_its_last_day() -> None:
    who = technician(certificates={"gas": DAY, "solar": DAY - dt.timedelta(days=40)})
    assert only_technician(region_day(who)).certificates == {"gas": hours(24), "solar": 0}


def test_own_technicians_cost_time_and_way_vendors_their_tariff() -> None:
    own, foreign = technician(1), technician(2, vendor_id=VENDOR.id)
    problem = build_problem(region_day(own, foreign, jobs=(job(),))).problem
    first, second = problem.technicians
    assert (first.cents_per_hour, first.cents_per_km, first.vendor) == (6_000, 80, None)
    assert (second.cents_per_hour, second.overtime_cents_per_hour) == (0, 0)
    assert problem.vendor_by_id[str(VENDOR.id)].tariff_cents[problem.visits[0].job_type] == 9_000


def test_a_day_that_has_begun_pays_its_day_fee_no_more() -> None:
    who = technician(day_fee_fen=5_000)
    begun = (fixed(1, who, 9, 10, is_begun=True),)
    assert only_technician(region_day(who)).day_fee_cents == 5_000
    assert only_technician(region_day(who, visits=begun)).day_fee_cents == 0


def test_fixed_work_uses_up_a_vendors_capacity_and_the_van() -> None:
    who = technician(vendor_id=VENDOR.id, van={"VALVE-1": 3})
    visits = (fixed(1, who, 9, 10, is_begun=True, parts_due={"VALVE-1": 2}), fixed(2, who, 14, 15))
    problem = build_problem(region_day(who, visits=visits)).problem
    assert problem.technicians[0].van_stock == {"VALVE-1": 1}
    # One is behind us; the held one is in the problem and counts there.
    assert problem.vendors[0].daily_capacity == 4


def test_held_work_of_a_vendor_costs_what_it_is_paid() -> None:
    who = technician(vendor_id=VENDOR.id)
    asked = build_problem(region_day(who, visits=(fixed(1, who, 14, 15),)))
    [visit] = asked.problem.visits
    assert visit.lock == routing.Lock(frozenset({str(who.id)}), hours(14), hours(14))
    assert asked.problem.vendors[0].tariff_cents[visit.job_type] == 9_000


def test_the_depot_has_what_the_warehouse_has_of_the_parts_needed() -> None:
    needy = job(parts={"VALVE-1": 1})
    day = region_day(technician(), jobs=(needy,), warehouse={"VALVE-1": 7, "HOSE-2": 4})
    [depot] = build_problem(day).problem.depots
    assert depot.stock == {"VALVE-1": 7}
    assert build_problem(region_day(technician(), jobs=(job(),))).problem.depots == ()


def test_the_plan_in_force_is_priced_as_it_stands() -> None:
    who = technician()
    first, second = job(1, 10, current=offered(who, 10.5)), job(2, 14, current=offered(who, 14.25))
    left_out = job(3, 16)
    asked = build_problem(region_day(who, jobs=(first, second, left_out)))
    plan = plan_in_force(asked)
    [route] = plan.routes
    assert [(stop.visit, stop.start_s) for stop in route.stops] == [
        (str(first.id), hours(10.5)),
        (str(second.id), hours(14.25)),
    ]
    assert plan.cost.unserved == left_out.unserved_fen
    assert plan.cost.travel > 0
    assert plan.cost.work == round((route.return_s - route.depart_s) / 3600 * 6_000)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({routing.Reason.NO_ROOM: frozenset({"b", "a"})}, {"no_room": ["a", "b"]}),
        ((1, 2.5, None, True), [1, 2.5, None, True]),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_figures_of_a_reason_become_json(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_a_solver_starts_without_the_databases_libraries() -> None:
    code = (
        "import sys, backend.scheduling.solver_main\n"
        "print([m for m in ('sqlalchemy', 'litestar') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@st.composite
def any_day(draw: st.DrawFn) -> RegionDay:
    """Days in any state: any hour, people on and off duty, work offered, held, begun, late and lost."""
    hour = st.floats(0, 23, width=16)
    technicians = [
        technician(
            number,
            shift=draw(st.sampled_from([None, shift(), shift(rest=False), shift(6, 11), shift(13, 22)])),
            vendor_id=draw(st.sampled_from([None, VENDOR.id])),
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    jobs = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        status = draw(st.sampled_from(["booked", "declined", "assigned", "accepted"]))
        current = offered(draw(st.sampled_from(technicians)), draw(hour))
        jobs.append(
            job(
                number,
                draw(st.one_of(st.none(), st.floats(-30, 30, width=16))),
                status=status,
                current=current if status in ("assigned", "accepted") else None,
                at=draw(st.sampled_from([point(number), None])),
                is_technician_locked=draw(st.booleans()),
                is_time_locked=draw(st.booleans()),
                parts=draw(st.sampled_from([{}, {"VALVE-1": 2}])),
            )
        )
    visits = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        start = draw(hour)
        is_begun, is_open = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
        end = start + draw(st.floats(0.25, 4, width=16))
        who = draw(st.sampled_from(technicians))
        at = draw(st.sampled_from([point(number), None]))
        visits.append(fixed(number, who, start, end, is_begun=is_begun, is_open=is_open, at=at))
    now = clock(draw(st.floats(-10, 30, width=16)))
    return region_day(*technicians, jobs=tuple(jobs), visits=tuple(visits), now=now)


@given(any_day())
@settings(max_examples=150)
def test_any_day_becomes_a_problem_and_its_plan_in_force_a_plan(day: RegionDay) -> None:
    asked = build_problem(day)
    plan = plan_in_force(asked)
    named = {stop.visit for route in plan.routes for stop in route.stops}
    named |= {item.visit for item in plan.unserved}
    assert named == {visit.id for visit in asked.problem.visits}
    rules = {violation.rule for violation in routing.check(asked.problem, plan).violations}
    assert routing.Rule.UNKNOWN not in rules
    assert routing.Rule.COVERAGE not in rules
    assert routing.Rule.COST not in rules


def test_who_declined_a_job_is_not_given_it_again() -> None:
    willing, unwilling = technician(1), technician(2)
    refused = job(refused_by=frozenset({unwilling.id, uuid.UUID(int=77)}))
    assert only_visit(region_day(willing, unwilling, jobs=(refused,))).excluded == {str(unwilling.id)}


def test_whom_a_person_asked_again_may_keep_the_job() -> None:
    who = technician(shift=shift(rest=False))
    asked_again = job(refused_by=frozenset({who.id}), status="assigned", current=offered(who, 10.5))
    day = region_day(who, jobs=(asked_again,))
    assert only_visit(day).excluded == frozenset()
    asked = build_problem(day)
    assert routing.check(asked.problem, plan_in_force(asked)).is_ok


def test_a_job_everybody_declined_says_who_did() -> None:
    who = technician()
    refused = job(refused_by=frozenset({who.id}))
    request = PlanRequest(region_day(who, jobs=(refused,)), seconds=0.2)
    result = solve_day(request, lambda _progress: None, lambda: False)
    [left_out] = result.left_out
    assert left_out.reason["code"] == "nobody_allowed"
    assert left_out.reason["data"]["refused_by"] == [str(who.id)]
    [way] = left_out.reason["data"]["ways"]
    assert (way["technician_id"], way["bend"]) == (str(who.id), routing.Bend.OTHER_TECHNICIANS.value)
