"""The check names every rule a plan breaks, whoever made the plan."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from routing import (
    Break,
    BreakTaken,
    Cost,
    Depot,
    Lock,
    Plan,
    Planned,
    Problem,
    Promise,
    Reason,
    Relation,
    Route,
    Rule,
    Stop,
    Unserved,
    Vendor,
    check,
)
from tests.routing.worlds import HOUR, MINUTE, at, day, problem, road, technician, visit, with_visit

LUNCH = Break(11 * HOUR, 13 * HOUR, 30 * MINUTE)


def world() -> Problem:
    """Li has lunch and no pump; a depot on the way has one."""
    return problem(
        technician("Li", tools=frozenset({"drill"}), shifts=(day(8, 18, LUNCH),)),
        technician("Wu", 30),
        visit("a", 10),
        visit("b", 20, parts={"pump": 1}, windows=(at(9, 10),)),
        Depot("D", 15, service_s=5 * MINUTE, stock={"pump": 1}, tools=frozenset({"saw"})),
        visit("c", 1, unserved_cents=700),
    )


def plan() -> Plan:
    """Li leaves at 8:00: a from 8:10, the depot at 8:45, b from 9:00 (after waiting), back 9:50."""
    eight = 8 * HOUR
    stops = (
        Stop(eight + 10 * MINUTE, eight + 10 * MINUTE, eight + 40 * MINUTE, "a", None, 10 * MINUTE, 10_000),
        Stop(
            eight + 45 * MINUTE,
            eight + 45 * MINUTE,
            eight + 50 * MINUTE,
            None,
            "D",
            5 * MINUTE,
            5000,
            {"pump": 1},
        ),
        Stop(eight + 55 * MINUTE, eight + 60 * MINUTE, eight + 90 * MINUTE, "b", None, 5 * MINUTE, 5000),
    )
    lunch = BreakTaken(11 * HOUR, 11 * HOUR + 30 * MINUTE)
    route = Route("Li", 0, eight, eight + 110 * MINUTE, stops, (lunch,), 20 * MINUTE, 20_000)
    cost = Cost(travel=4000, work=11_000, unserved=700)
    return Plan((route,), (Unserved("c", Reason.NO_ROOM),), cost)


def route(change: Callable[[Route], Route]) -> Plan:
    """The plan with its route changed."""
    right = plan()
    return replace(right, routes=(change(right.routes[0]),))


def stop(number: int, **changes: object) -> Plan:
    """The plan with one stop changed."""

    def change(old: Route) -> Route:
        stops = list(old.stops)
        stops[number] = replace(stops[number], **changes)  # type: ignore[arg-type] # names are the test's business
        return replace(old, stops=tuple(stops))

    return route(change)


def broken(given: Problem, wrong: Plan) -> set[Rule]:
    return {violation.rule for violation in check(given, wrong).violations}


def test_a_right_plan_breaks_nothing_and_is_priced() -> None:
    verdict = check(world(), plan())

    assert verdict.is_ok
    assert verdict.cost == plan().cost


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (route(lambda r: replace(r, technician="Nobody")), Rule.UNKNOWN),
        (route(lambda r: replace(r, shift=3)), Rule.UNKNOWN),
        (stop(0, visit="ghost"), Rule.UNKNOWN),
        (stop(0, visit=None), Rule.UNKNOWN),
        (stop(1, depot="elsewhere"), Rule.UNKNOWN),
        (replace(plan(), unserved=(Unserved("ghost", Reason.NO_ROOM),)), Rule.UNKNOWN),
        (replace(plan(), routes=plan().routes * 2), Rule.ROUTE),
        (replace(plan(), unserved=()), Rule.COVERAGE),
        (replace(plan(), unserved=plan().unserved * 2), Rule.COVERAGE),
        (replace(plan(), unserved=(*plan().unserved, Unserved("a", Reason.NO_ROOM))), Rule.COVERAGE),
        (route(lambda r: replace(r, stops=(*r.stops, r.stops[0]))), Rule.CREW),
        (route(lambda r: replace(r, depart_s=r.depart_s - 60)), Rule.SHIFT),
        (route(lambda r: replace(r, return_s=19 * HOUR)), Rule.SHIFT),
        (route(lambda r: replace(r, depart_s=r.depart_s + 60)), Rule.TRAVEL),
        (stop(0, arrival_s=8 * HOUR), Rule.TRAVEL),
        (stop(0, travel_s=1), Rule.TRAVEL),
        (stop(0, distance_m=1), Rule.TRAVEL),
        (stop(2, start_s=8 * HOUR), Rule.TRAVEL),
        (stop(0, end_s=8 * HOUR + 39 * MINUTE), Rule.SERVICE),
        (stop(1, end_s=8 * HOUR + 46 * MINUTE), Rule.SERVICE),
        (stop(2, start_s=8 * HOUR + 55 * MINUTE, end_s=8 * HOUR + 85 * MINUTE), Rule.WINDOW),
        (route(lambda r: replace(r, breaks=())), Rule.BREAK),
        (route(lambda r: replace(r, breaks=(BreakTaken(11 * HOUR, 12 * HOUR),))), Rule.BREAK),
        (route(lambda r: replace(r, breaks=(BreakTaken(14 * HOUR, 14 * HOUR + 1800),))), Rule.BREAK),
        (stop(1, pick_up={}), Rule.PARTS),
        (stop(1, pick_up={"pump": 2}), Rule.DEPOT),
        (stop(1, pick_up={"pump": 1, "valve": -1}), Rule.PARTS),
        (stop(0, pick_up={"pump": 1}), Rule.PARTS),
        (stop(0, is_lead=False), Rule.CREW),
        (replace(plan(), cost=Cost(travel=3999, work=11_000, unserved=700)), Rule.COST),
        (replace(plan(), cost=Cost(travel=4000, work=11_700)), Rule.COST),
    ],
)
def test_a_wrong_plan_is_named_for_what_is_wrong(wrong: Plan, rule: Rule) -> None:
    assert rule in broken(world(), wrong)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"skills": {"gas": 1}}, Rule.SKILL),
        ({"certificates": frozenset({"card"})}, Rule.CERTIFICATE),
        ({"tags": frozenset({"ladder"})}, Rule.TAG),
        ({"allowed": frozenset({"Wu"})}, Rule.ALLOWED),
        ({"excluded": frozenset({"Li"})}, Rule.ALLOWED),
        ({"tools": frozenset({"saw"})}, Rule.TOOL),  # the depot comes only afterwards
        ({"crew_size": 2}, Rule.CREW),
        ({"release_s": 9 * HOUR}, Rule.RELEASE),
        ({"lock": Lock(frozenset({"Wu"}))}, Rule.LOCK),
        ({"lock": Lock(frozenset(), 9 * HOUR)}, Rule.LOCK),
        ({"lock": Lock(frozenset(), None, 8 * HOUR)}, Rule.LOCK),
        ({"promise": Promise(9 * HOUR, 10 * HOUR)}, Rule.PROMISE),
        ({"promise": Promise(9 * HOUR, 10 * HOUR, 300)}, Rule.COST),  # moved, and nobody paid
        ({"windows": (at(8, 11, due_s=8 * HOUR, late_cents_per_minute=60),)}, Rule.COST),
        ({"preferred": frozenset({"Wu"}), "not_preferred_cents": 5}, Rule.COST),
    ],
)
def test_a_visit_that_asks_for_more_is_named(changes: dict[str, object], rule: Rule) -> None:
    assert rule in broken(with_visit(world(), "a", **changes), plan())


def test_a_tool_from_the_depot_counts_after_it() -> None:
    assert broken(with_visit(world(), "b", tools=frozenset({"saw"})), plan()) == set()


def test_a_break_may_not_overlap_work() -> None:
    taken = BreakTaken(8 * HOUR + 20 * MINUTE, 8 * HOUR + 50 * MINUTE)
    given = replace(
        world(),
        technicians=(
            technician(
                "Li", tools=frozenset({"drill"}), shifts=(day(8, 18, Break(0, 13 * HOUR, 30 * MINUTE)),)
            ),
            world().technicians[1],
        ),
    )

    assert Rule.BREAK in broken(given, route(lambda r: replace(r, breaks=(taken,))))


def test_the_zone_of_a_technician_is_checked() -> None:
    base = world()
    elsewhere = replace(base.technicians[0], zones=frozenset({"north"}))

    given = replace(with_visit(base, "a", zone="south"), technicians=(elsewhere, base.technicians[1]))

    assert Rule.ZONE in broken(given, plan())


def test_an_expired_certificate_is_checked() -> None:
    base = world()
    card = replace(base.technicians[0], certificates={"card": 18 * HOUR - 1})

    given = replace(
        with_visit(base, "a", certificates=frozenset({"card"})), technicians=(card, base.technicians[1])
    )

    assert Rule.CERTIFICATE in broken(given, plan())


@pytest.mark.parametrize(
    ("vendor", "rule"),
    [
        (Vendor("V", {"": 0}, daily_capacity=1), Rule.VENDOR_CAPACITY),
        (Vendor("V", {"repair": 0}), Rule.TARIFF),
        (Vendor("V", {"": 900}), Rule.COST),
    ],
)
def test_a_vendors_terms_are_checked(vendor: Vendor, rule: Rule) -> None:
    base = world()
    hired = replace(base.technicians[0], vendor="V")

    given = replace(base, technicians=(hired, base.technicians[1]), vendors=(vendor,))

    assert rule in broken(given, plan())


@pytest.mark.parametrize(
    "relation",
    [
        Relation("b", "a"),  # the wrong way round
        Relation("a", "b", 21 * MINUTE),  # a ends 8:40, b starts 9:00
        Relation("c", "a"),  # c is not served at all
    ],
)
def test_order_and_gap_are_checked(relation: Relation) -> None:
    assert broken(replace(world(), relations=(relation,)), plan()) == {Rule.RELATION}


def test_a_gap_just_kept_is_fine() -> None:
    assert broken(replace(world(), relations=(Relation("a", "b", 20 * MINUTE, True),)), plan()) == set()


def test_more_pick_ups_than_allowed_are_named() -> None:
    base = world()
    stay = replace(base.technicians[0], max_depot_trips=0)

    assert broken(replace(base, technicians=(stay, base.technicians[1])), plan()) == {Rule.DEPOT}


def test_frozen_visits_stay_and_nothing_else_starts_before() -> None:
    kept = Planned(frozenset({"Li"}), 8 * HOUR + 10 * MINUTE)
    given = replace(with_visit(world(), "a", planned=kept), freeze_until_s=9 * HOUR)
    elsewhere = with_visit(given, "a", planned=Planned(frozenset({"Wu"}), kept.start_s))
    later = with_visit(given, "a", planned=Planned(frozenset({"Li"}), kept.start_s + 60))

    assert broken(given, plan()) == set()
    assert broken(elsewhere, plan()) == {Rule.FREEZE}
    assert broken(later, plan()) == {Rule.FREEZE}
    assert Rule.FREEZE in broken(replace(given, freeze_until_s=9 * HOUR + 1), plan())


def test_more_moved_promises_than_allowed_are_named() -> None:
    given = with_visit(world(), "a", promise=Promise(9 * HOUR, 10 * HOUR, 0))

    assert broken(replace(given, max_moved=1), plan()) == set()
    assert broken(replace(given, max_moved=0), plan()) == {Rule.PROMISE_CAP}


def test_rush_hours_are_checked_to_the_second() -> None:
    """At half pace the ten minutes to a take twenty."""
    rush = (100,) * 8 + (200,) + (100,) * 15

    assert Rule.TRAVEL in broken(replace(world(), travel={"car": road(40, rush)}), plan())
