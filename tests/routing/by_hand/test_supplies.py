"""With what: vans, depots, parts and tools.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

from routing import Depot, Reason, Shift
from tests.routing.by_hand.reading import planned, reason, times
from tests.routing.worlds import DAY, HOUR, MINUTE, at, day, problem, technician, visit


def test_a_depot_detour_is_driven_when_it_pays(engine: str) -> None:
    worker = technician(van_stock={})
    pump = visit("pump", 20, parts={"pump": 2}, unserved_cents=50_000)
    depot = Depot("D", 10, service_s=5 * MINUTE)

    plan = planned(problem(worker, pump, depot), engine)

    assert [stop.depot or stop.visit for stop in plan.routes[0].stops] == ["D", "pump"]
    assert plan.routes[0].stops[0].pick_up == {"pump": 2}
    # 40 minutes of driving, 5 at the depot, 30 on site; 40 km.
    assert plan.cost.total == 7500 + 4000


def test_a_depot_detour_is_not_driven_when_it_does_not_pay(engine: str) -> None:
    worker = technician(van_stock={})
    pump = visit("pump", 20, parts={"pump": 2}, unserved_cents=11_000)

    plan = planned(problem(worker, pump, Depot("D", 10, service_s=5 * MINUTE)), engine)

    assert reason(plan) is Reason.TOO_DEAR
    assert plan.unserved[0].data["price_cents"] == 11_500


def test_a_van_serves_what_its_stock_lasts_for(engine: str) -> None:
    worker = technician(van_stock={"valve": 3})
    visits = [visit(name, 5, parts={"valve": 2}) for name in ("a", "b")]

    plan = planned(problem(worker, *visits), engine)

    assert len(plan.unserved) == 1
    assert reason(plan) is Reason.MISSING_PART


def test_tools_come_from_the_depot_for_the_rest_of_the_day(engine: str) -> None:
    worker = technician(tools=frozenset())
    bore = visit("bore", 12, tools=frozenset({"drill"}))
    plain = visit("plain", 3)

    plan = planned(problem(worker, bore, plain, Depot("D", 10, tools=frozenset({"drill"}))), engine)

    order = [stop.depot or stop.visit for stop in plan.routes[0].stops]
    assert order.index("D") < order.index("bore")
    assert plan.unserved == ()


def test_a_depot_is_visited_while_it_is_open(engine: str) -> None:
    """It opens at ten: five minutes of loading, ten on the road."""
    pump = visit("pump", 20, parts={"pump": 1})
    depot = Depot("D", 10, service_s=5 * MINUTE, windows=(at(10, 11),))

    plan = planned(problem(technician(van_stock={}), pump, depot), engine)

    assert times(plan, "pump")[1] == 135
    assert plan.routes[0].depart_s == 10 * HOUR - 10 * MINUTE


def test_pick_ups_are_counted_over_all_depots(engine: str) -> None:
    """Valves here, pumps there, and one pick-up in a route: one of the two is left."""
    visits = (visit("a", 10, parts={"valve": 1}), visit("b", 10, parts={"pump": 1}))
    depots = (Depot("D", 5, stock={"valve": 9}), Depot("E", 15, stock={"pump": 9}))

    once = planned(problem(technician(), *visits, *depots), engine)
    twice = planned(problem(technician(max_depot_trips=2), *visits, *depots), engine)

    assert len(once.unserved) == 1
    assert reason(once) is Reason.MISSING_PART
    assert twice.unserved == ()


def test_what_a_depot_has_goes_to_whoever_comes_first(engine: str) -> None:
    """One pump for two customers and two technicians."""
    team = (technician("Li", 0), technician("Wu", 20))
    visits = [visit(name, place, parts={"pump": 1}) for name, place in (("a", 2), ("b", 18))]

    plan = planned(problem(*team, *visits, Depot("D", 10, stock={"pump": 1})), engine)

    assert len(plan.unserved) == 1
    assert sum(stop.pick_up.get("pump", 0) for route in plan.routes for stop in route.stops) == 1


def test_a_van_is_not_filled_over_night(engine: str) -> None:
    both = (day(8, 18), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    worker = technician(shifts=both, van_stock={"valve": 1})
    visits = [
        visit(name, 5, parts={"valve": 1}, windows=(at(*hours),))
        for name, hours in (("today", (8, 18)), ("tomorrow", (32, 42)))
    ]

    plan = planned(problem(worker, *visits), engine)

    assert len(plan.unserved) == 1
    assert reason(plan) is Reason.MISSING_PART


def test_tools_are_brought_back_over_night(engine: str) -> None:
    """Both days need the drill, so both routes stop where it is lent."""
    both = (day(8, 18), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    visits = [
        visit(name, 12, tools=frozenset({"drill"}), windows=(at(*hours),))
        for name, hours in (("today", (8, 18)), ("tomorrow", (32, 42)))
    ]

    plan = planned(
        problem(technician(shifts=both), *visits, Depot("D", 10, tools=frozenset({"drill"}))), engine
    )

    assert [[stop.depot or stop.visit for stop in route.stops] for route in plan.routes] == [
        ["D", "today"],
        ["D", "tomorrow"],
    ]


def test_one_of_a_crew_fetches_what_both_install(engine: str) -> None:
    """Empty vans; Wu passes the depot, and Li's van is not filled for the same pump."""
    team = (technician("Li", 0, max_depot_trips=0), technician("Wu", 30))
    heavy = visit("heavy", 10, crew_size=2, parts={"pump": 1})

    plan = planned(problem(*team, heavy, Depot("D", 20, stock={"pump": 1})), engine)

    loads = {route.technician: stop.pick_up for route in plan.routes for stop in route.stops if stop.depot}
    assert loads == {"Wu": {"pump": 1}}
    assert {route.technician for route, _ in plan.where("heavy")} == {"Li", "Wu"}


def test_who_follows_in_a_crew_needs_none_of_its_parts(engine: str) -> None:
    """Li fetches a valve for other work; the pump both install is in Wu's van, and no depot has one."""
    team = (technician("Li", 0), technician("Wu", 30, van_stock={"pump": 1}))
    heavy = visit("heavy", 10, crew_size=2, parts={"pump": 1})
    other = visit("other", 5, parts={"valve": 1}, allowed=frozenset({"Li"}))

    plan = planned(problem(*team, heavy, other, Depot("D", 2, stock={"valve": 9})), engine)

    assert plan.unserved == ()
    loads = [stop.pick_up for route in plan.routes for stop in route.stops if stop.depot]
    assert loads == [{"valve": 1}]
