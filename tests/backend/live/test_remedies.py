"""Ways out for jobs in trouble: of the rules, priced, and put into force in one call."""

import uuid
from dataclasses import replace

import routing
from backend.live.asked import AskRemedies, Remedies, Remedy
from backend.scheduling.adapter.answer import plan_in_force
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.adapter.remedying import remedies
from backend.scheduling.day import CurrentVisit, DayJob, RegionDay
from tests.factories.region_days import clock, job, offered, region_day, shift, technician


def ways(day: RegionDay, *jobs: DayJob) -> tuple[Remedy, ...]:
    answer = remedies(AskRemedies(day, tuple(each.id for each in jobs)))
    assert isinstance(answer, Remedies)
    return answer.found


def busy_pair() -> tuple[RegionDay, DayJob, DayJob]:
    """Two technicians with a job each, and a third who is free."""
    people = [technician(number, shift=shift(rest=False)) for number in (1, 2, 3)]
    first = job(1, 10, status="accepted", current=offered(people[0], 10.5))
    second = job(2, 14, status="assigned", current=offered(people[1], 14.5))
    return region_day(*people, jobs=(first, second)), first, second


def applied(day: RegionDay, remedy: Remedy) -> RegionDay:
    """The day after a remedy."""
    places = {change.job_id: change for change in remedy.changes}
    jobs = tuple(
        replace(each, current=CurrentVisit(place.technician_id, place.start_at, place.end_at))
        if (place := places.get(each.id))
        else each
        for each in day.jobs
    )
    return replace(day, jobs=jobs)


def test_a_job_may_go_to_each_of_the_best_and_last_of_all_be_taken_back() -> None:
    day, first, _ = busy_pair()
    found = ways(day, first)
    assert [each.code for each in found] == ["give", "give", "give", "leave"]
    prices = [each.price_fen for each in found[:-1]]
    assert prices == sorted(prices)
    assert len({each.changes[0].technician_id for each in found[:-1]}) == 3
    assert found[-1].left[0].job_id == first.id
    assert found[-1].price_fen == first.unserved_fen - _cost_of_serving(day, first)


def _cost_of_serving(day: RegionDay, one: DayJob) -> int:
    """What the day as it is costs more than without the job, which is then not paid for either."""
    asked = build_problem(day)
    without = replace(day, jobs=tuple(each for each in day.jobs if each.id != one.id))
    return plan_in_force(asked).cost.total - plan_in_force(build_problem(without)).cost.total


def test_the_price_of_a_remedy_is_what_the_day_then_costs_more() -> None:
    day, first, _ = busy_pair()
    for remedy in ways(day, first)[:-1]:
        after = applied(day, remedy)
        # Whoever has the job now: that somebody else was told of it before has its own price.
        announced = replace(day, jobs=tuple(replace(each, status="booked") for each in day.jobs))
        before = plan_in_force(build_problem(announced)).cost.total
        then = plan_in_force(
            build_problem(replace(after, jobs=tuple(replace(each, status="booked") for each in after.jobs)))
        )
        assert remedy.price_fen == then.cost.total - before


def test_every_remedy_keeps_every_rule() -> None:
    day, first, second = busy_pair()
    for one in (first, second):
        for remedy in ways(day, one)[:-1]:
            asked = build_problem(applied(day, remedy))
            assert routing.check(asked.problem, plan_in_force(asked)).violations == ()
            assert {change.job_id for change in remedy.changes} >= {one.id}


def test_the_work_of_somebody_who_is_ill_is_spread_over_the_others() -> None:
    ill, others = technician(9, shift=None), [technician(n, shift=shift(rest=False)) for n in (1, 2)]
    jobs = tuple(job(n, 9 + n, status="accepted", current=offered(ill, 9.5 + n)) for n in (1, 2, 3))
    day = region_day(ill, *others, jobs=jobs)
    [spread] = ways(day, *jobs)
    assert spread.code == "spread"
    assert {change.job_id for change in spread.changes} == {each.id for each in jobs}
    assert {change.technician_id for change in spread.changes} <= {each.id for each in others}
    assert spread.left == ()
    assert spread.price_fen < 0  # as it is, three customers are left alone


def test_what_finds_no_place_is_named_with_its_reason() -> None:
    ill, only = technician(9, shift=None), technician(1, shift=shift(9, 12, rest=False))
    morning = job(1, 9, status="accepted", current=offered(ill, 9.5))
    evening = job(2, 16, status="accepted", current=offered(ill, 16.5))
    [spread] = ways(region_day(ill, only, jobs=(morning, evening)), morning, evening)
    assert [change.job_id for change in spread.changes] == [morning.id]
    assert [(each.job_id, each.reason["code"]) for each in spread.left] == [(evening.id, "no_shift")]
    assert (spread.code, spread.promises_moved) == ("spread", 1)  # nobody keeps the evening's promise
    [leave] = ways(region_day(ill, jobs=(morning, evening)), morning, evening)
    assert (leave.code, leave.changes, leave.promises_moved) == ("leave", (), 2)


def test_who_declined_is_no_way_out() -> None:
    no, yes = technician(1), technician(2)
    refused = job(status="declined", refused_by=frozenset({no.id}))
    found = ways(region_day(no, yes, jobs=(refused,)), refused)
    assert [each.changes[0].technician_id for each in found] == [yes.id]


def test_nothing_can_be_moved_that_nobody_can_place_or_that_has_begun() -> None:
    lost = job(at=None)
    day = region_day(technician(), jobs=(lost,), now=clock(8))
    assert ways(day, lost) == ()
    answer = remedies(AskRemedies(day, (uuid.uuid4(),)))
    assert answer == Remedies()
