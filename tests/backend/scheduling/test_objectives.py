"""Each objective really changes a plan the way its words say; an organisation keeps its own."""

import uuid
from dataclasses import replace

import pytest

import routing
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.errors import ConflictError, ForbiddenError, NotFoundError
from backend.scheduling import objectives, runs, service
from backend.scheduling.adapter.answer import plan_in_force, read_answer
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.day import RegionDay
from backend.scheduling.prices import PRESETS, Prices
from backend.scheduling.result import PlannedVisit, PlanResult
from tests.backend.scheduling.conftest import SEARCH_S, Planner
from tests.factories.region_days import VENDOR, job, offered, point, region_day, shift, technician
from tests.factories.scheduling import DAY, PlanningDay, small_day

ITERATIONS = 150


def planned(day: RegionDay, prices: Prices) -> PlanResult:
    """What the search makes of a handful of jobs when it is told to weigh so."""
    asked = build_problem(replace(day, prices=prices))
    before = plan_in_force(asked)
    plan = routing.solve(asked.problem, routing.MaxIterations(ITERATIONS), seed=1, warm_start=before)
    assert routing.check(asked.problem, plan).is_ok
    return read_answer(asked, plan, before)


def only(result: PlanResult) -> PlannedVisit:
    [visit] = result.visits
    return visit


def test_vendors_come_last_and_what_they_are_not_paid_is_no_tariff() -> None:
    own = technician(1, home=point(1))
    theirs = technician(2, vendor_id=VENDOR.id, home=point(1))
    day = region_day(
        own, theirs, jobs=(job(1),), vendors=(replace(VENDOR, tariff_fen={("heater", "install"): 1_000}),)
    )
    usual, last = planned(day, PRESETS["usual"]), planned(day, PRESETS["vendors_last"])
    assert [only(each).technician_id for each in (usual, last)] == [theirs.id, own.id]
    assert (usual.cost["vendors"], last.cost["vendors"]) == (1_000, 0)
    alone = planned(region_day(theirs, jobs=day.jobs, vendors=day.vendors), PRESETS["vendors_last"])
    assert alone.cost["vendors"] == 1_000
    assert alone.cost["vendor_extra"] == PRESETS["vendors_last"].vendor_extra_fen
    assert alone.cost["total"] == sum(fen for name, fen in alone.cost.items() if name != "total")


def test_fair_days_share_the_work_that_the_cheapest_plan_gives_to_one() -> None:
    people = [
        technician(number, home=point(1), day_fee_fen=1_000, hourly_fen=0, shift=shift(rest=False))
        for number in (1, 2)
    ]
    jobs = tuple(job(number, 9 + 2 * number, at=point(1)) for number in range(4))
    day = region_day(*people, jobs=jobs)
    loads = [
        sorted(
            sum(visit.technician_id == who.id for visit in planned(day, PRESETS[code]).visits)
            for who in people
        )
        for code in ("cheapest", "fair")
    ]
    assert loads == [[0, 4], [2, 2]]


def waiting_pair() -> RegionDay:
    """Two announced visits at one place with hours of paid waiting between them."""
    who = technician(1, home=point(1), shift=shift(rest=False))
    told = [
        job(number, None, status="accepted", at=point(1), current=offered(who, hour))
        for number, hour in ((1, 9), (2, 12))
    ]
    return region_day(who, jobs=tuple(told))


def test_promises_first_keeps_what_the_cheapest_plan_would_move() -> None:
    costs = {code: planned(waiting_pair(), PRESETS[code]).cost for code in ("cheapest", "promises")}
    assert costs["cheapest"]["moved"] == 2 * PRESETS["cheapest"].moved_fen
    assert costs["promises"]["moved"] == 0
    assert costs["promises"]["work"] > costs["cheapest"]["work"]


def test_no_promise_moves_beyond_the_number_allowed() -> None:
    kept = planned(waiting_pair(), replace(PRESETS["cheapest"], most_moved=0))
    assert kept.cost["moved"] == 0


def test_everyone_is_served_who_would_cost_more_than_leaving_them_out() -> None:
    dear = job(1, 10, unserved_fen=4_000)
    day = region_day(technician(1, home=point(16), hourly_fen=12_000), jobs=(dear,))
    assert planned(day, PRESETS["usual"]).visits == ()
    assert only(planned(day, PRESETS["everyone"])).job_id == dear.id


def admin(day: PlanningDay) -> Actor:
    return Actor(role=Role.ADMIN, org_id=day.org.id, name="主管")


def test_an_organisations_own_objective_stays_with_the_plan_as_it_was(planner: Planner) -> None:
    day, other = small_day(jobs=2), small_day(jobs=1)
    planner.write(day.save)
    planner.write(other.save)
    prices = Prices(moved_fen=7_700)
    own = planner.write(objectives.create, admin(day), "春节", prices)
    assert own.id is not None
    with pytest.raises(ConflictError, match="of that name"):
        planner.write(objectives.create, admin(day), "春节", Prices())
    with pytest.raises(ForbiddenError):
        planner.write(objectives.change, day.dispatcher, own.id, "x", Prices())

    wish = runs.Wish(day.region.id, DAY, SEARCH_S, objective=str(own.id))
    run = planner.write(runs.request_run, day.dispatcher, wish, lambda _session, _run: None)
    assert planner.read(runs.prepare, run.id).request.day.prices == prices
    planner.write(objectives.change, admin(day), own.id, "春节后", Prices())
    planner.write(objectives.delete, admin(day), own.id)
    run = planner.carry_out(run, day.dispatcher)
    assert run.plan_id is not None, run.error
    plan = planner.read(service.view_plan, day.dispatcher, run.plan_id).plan
    assert plan.objective == {"code": "own", "name": "春节", "prices": prices.kept()}


def test_objectives_of_others_and_unknown_ones_cannot_be_chosen(planner: Planner) -> None:
    day, other = small_day(jobs=1), small_day(jobs=1)
    planner.write(day.save)
    planner.write(other.save)
    theirs = planner.write(objectives.create, admin(other), "别家", Prices())
    for key in (str(theirs.id), str(uuid.uuid4()), "no-such"):
        with pytest.raises(NotFoundError):
            planner.write(
                runs.request_run,
                day.dispatcher,
                runs.Wish(day.region.id, DAY, objective=key),
                lambda *_: None,
            )
    assert [each.code for each in planner.read(objectives.listed, day.dispatcher)] == list(PRESETS)
