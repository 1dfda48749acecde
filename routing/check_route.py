"""The part of :func:`routing.check` that follows one route from departure to return."""

from collections.abc import Iterator
from fractions import Fraction

from .plan import BreakTaken, Route, Stop
from .problem import Problem, Shift, Technician, Visit, Window
from .travel.matrix import DAY_S, HOUR_S, Travel
from .violation import Rule, Violation


def check_route(problem: Problem, route: Route) -> Iterator[Violation]:
    """Every rule that concerns this route alone."""
    technician = problem.technicians[problem.technician_index[route.technician]]
    shift = technician.shifts[route.shift]
    item = f"technician {route.technician} shift {route.shift}"
    if not route.stops:
        yield Violation(Rule.ROUTE, item, "has no stop")
    yield from _check_shift(route, technician, shift, item)
    yield from _check_breaks(route, shift, item)
    yield from _check_driving(problem, route, technician, shift, item)
    tools = set(technician.tools)
    for stop in route.stops:
        if stop.visit is not None:
            visit = problem.visits[problem.visit_index[stop.visit]]
            yield from _check_able(problem, visit, technician, shift)
            yield from _check_service(visit, technician, stop)
            yield from _check_time(problem, visit, stop)
            if missing := visit.tools - tools:
                yield Violation(Rule.TOOL, f"visit {visit.id}", f"{technician.id} has no {sorted(missing)}")
        elif stop.depot is not None:
            depot = problem.depots[problem.depot_index[stop.depot]]
            if depot.tools is None:
                tools = set().union(*(visit.tools for visit in problem.visits), tools)
            else:
                tools |= depot.tools
            if stop.end_s - stop.start_s != depot.service_s:
                yield Violation(Rule.SERVICE, f"depot {depot.id}", f"takes {stop.end_s - stop.start_s} s")
            if _window_at(depot.windows, stop.start_s) is None:
                yield Violation(Rule.WINDOW, f"depot {depot.id}", f"closed at {stop.start_s}")
    trips = sum(1 for stop in route.stops if stop.depot is not None)
    if trips > technician.max_depot_trips:
        yield Violation(Rule.DEPOT, item, f"{trips} pick-ups, at most {technician.max_depot_trips}")


def _check_shift(route: Route, technician: Technician, shift: Shift, item: str) -> Iterator[Violation]:
    if route.depart_s < shift.start_s:
        yield Violation(Rule.SHIFT, item, f"departs at {route.depart_s}, shift starts at {shift.start_s}")
    latest = shift.end_s + technician.overtime_limit_s
    if route.return_s > latest:
        yield Violation(Rule.SHIFT, item, f"returns at {route.return_s}, latest is {latest}")


def _check_breaks(route: Route, shift: Shift, item: str) -> Iterator[Violation]:
    if len(route.breaks) != len(shift.breaks):
        yield Violation(Rule.BREAK, item, f"{len(route.breaks)} breaks taken of {len(shift.breaks)}")
        return
    previous_end = None
    for number, (rest, taken) in enumerate(zip(shift.breaks, route.breaks, strict=True)):
        name = f"{item} break {number}"
        if taken.end_s - taken.start_s != rest.duration_s:
            yield Violation(
                Rule.BREAK, name, f"lasts {taken.end_s - taken.start_s}, must be {rest.duration_s}"
            )
        if not rest.earliest_s <= taken.start_s <= rest.latest_s:
            yield Violation(
                Rule.BREAK, name, f"starts {taken.start_s}, not in {rest.earliest_s}-{rest.latest_s}"
            )
        if previous_end is not None and taken.start_s < previous_end:
            yield Violation(Rule.BREAK, name, "overlaps the one before")
        for moment in (route.depart_s, route.return_s):
            if taken.start_s < moment < taken.end_s:
                yield Violation(Rule.BREAK, name, f"departure or return at {moment} lies within it")
        for stop in route.stops:
            if _overlap(taken, stop.start_s, stop.end_s):
                yield Violation(Rule.BREAK, name, f"overlaps the service at {stop.visit or stop.depot}")
        previous_end = taken.end_s


def _overlap(taken: BreakTaken, start_s: int, end_s: int) -> int:
    return max(0, min(taken.end_s, end_s) - max(taken.start_s, start_s))


def _check_driving(
    problem: Problem, route: Route, technician: Technician, shift: Shift, item: str
) -> Iterator[Violation]:
    travel = problem.travel[technician.profile]
    place = technician.start_place if shift.start_place is None else shift.start_place
    clock = route.depart_s
    for stop in route.stops:
        name = f"visit {stop.visit}" if stop.visit is not None else f"depot {stop.depot}"
        to = _place_of(problem, stop)
        yield from _check_leg(travel, route, (place, to), (clock, stop.arrival_s), stop, name)
        if not stop.arrival_s <= stop.start_s <= stop.end_s:
            yield Violation(Rule.TRAVEL, name, "arrival, start and end are out of order")
        place, clock = to, stop.end_s
    home = technician.end_place if shift.end_place is None else shift.end_place
    yield from _check_leg(travel, route, (place, home), (clock, route.return_s), route, item)


def _place_of(problem: Problem, stop: Stop) -> int:
    if stop.visit is not None:
        return problem.visits[problem.visit_index[stop.visit]].place
    return problem.depots[problem.depot_index[str(stop.depot)]].place


def _check_leg(
    travel: Travel,
    route: Route,
    places: tuple[int, int],
    times: tuple[int, int],
    stated: Stop | Route,
    name: str,
) -> Iterator[Violation]:
    leave_s, arrive_s = times
    if arrive_s < leave_s:
        yield Violation(Rule.TRAVEL, name, f"arrives at {arrive_s} before leaving at {leave_s}")
        return
    free_s = int(travel.durations_s[places])
    rested_s = sum(_overlap(taken, leave_s, arrive_s) for taken in route.breaks)
    if arrive_s - leave_s - rested_s != stated.travel_s:
        yield Violation(
            Rule.TRAVEL, name, f"states {stated.travel_s} s, times say {arrive_s - leave_s - rested_s}"
        )
    if int(travel.distances_m[places]) != stated.distance_m:
        metres = int(travel.distances_m[places])
        yield Violation(Rule.TRAVEL, name, f"states {stated.distance_m} m, the matrix says {metres}")
    driven = _free_road_seconds(travel, leave_s, arrive_s) - sum(
        _free_road_seconds(travel, max(taken.start_s, leave_s), min(taken.end_s, arrive_s))
        for taken in route.breaks
    )
    if driven < free_s:
        yield Violation(Rule.TRAVEL, name, f"drives worth {float(driven):.1f} s of {free_s} on free roads")


def _free_road_seconds(travel: Travel, start_s: int, end_s: int) -> Fraction:
    """How far one gets between two moments, in seconds of driving on free roads; exact."""
    if end_s <= start_s:
        return Fraction(0)
    if travel.hour_percent is None:
        return Fraction(end_s - start_s)
    total = Fraction(0)
    clock = start_s
    while clock < end_s:
        border = min(end_s, (clock // HOUR_S + 1) * HOUR_S)
        percent = travel.hour_percent[clock % DAY_S // HOUR_S]
        total += Fraction((border - clock) * 100, percent)
        clock = border
    return total


def _check_able(problem: Problem, visit: Visit, technician: Technician, shift: Shift) -> Iterator[Violation]:
    item, who = f"visit {visit.id}", technician.id
    for skill, level in visit.skills.items():
        if technician.skills.get(skill, 0) < level:
            has = technician.skills.get(skill, 0)
            yield Violation(Rule.SKILL, item, f"needs {skill} level {level}, {who} has {has}")
    for certificate in visit.certificates:
        if certificate not in technician.certificates:
            yield Violation(Rule.CERTIFICATE, item, f"{who} does not hold {certificate}")
            continue
        expiry = technician.certificates[certificate]
        if expiry is not None and expiry < shift.end_s:
            yield Violation(Rule.CERTIFICATE, item, f"{certificate} of {who} expires at {expiry}")
    if not visit.tags <= technician.tags:
        yield Violation(Rule.TAG, item, f"{who} lacks {sorted(visit.tags - technician.tags)}")
    if visit.zone is not None and technician.zones and visit.zone not in technician.zones:
        yield Violation(Rule.ZONE, item, f"{who} does not work in {visit.zone}")
    if (visit.allowed and who not in visit.allowed) or who in visit.excluded:
        yield Violation(Rule.ALLOWED, item, f"{who} may not do it")
    if visit.lock is not None and visit.lock.technicians and who not in visit.lock.technicians:
        yield Violation(Rule.LOCK, item, f"locked to {sorted(visit.lock.technicians)}, not {who}")
    if technician.vendor is not None:
        vendor = next(v for v in problem.vendors if v.id == technician.vendor)
        if visit.job_type not in vendor.tariff_cents:
            yield Violation(Rule.TARIFF, item, f"vendor {vendor.id} has no tariff for {visit.job_type!r}")


def _check_service(visit: Visit, technician: Technician, stop: Stop) -> Iterator[Violation]:
    percent = technician.service_percent.get(visit.job_type, 100)
    needed = -(-visit.service_s * percent // 100)
    if stop.end_s - stop.start_s != needed:
        detail = f"lasts {stop.end_s - stop.start_s} s, {technician.id} needs {needed}"
        yield Violation(Rule.SERVICE, f"visit {visit.id}", detail)


def is_frozen(problem: Problem, visit: Visit) -> bool:
    """Whether the plan in force binds the visit."""
    return visit.planned is not None and visit.planned.start_s < problem.freeze_until_s


def _check_time(problem: Problem, visit: Visit, stop: Stop) -> Iterator[Violation]:
    item, start = f"visit {visit.id}", stop.start_s
    if is_frozen(problem, visit) and visit.planned is not None:
        if start != visit.planned.start_s:
            yield Violation(Rule.FREEZE, item, f"starts {start}, frozen at {visit.planned.start_s}")
        return
    if start < problem.freeze_until_s:
        yield Violation(Rule.FREEZE, item, f"starts {start}, nothing new before {problem.freeze_until_s}")
    if _window_at(visit.windows, start) is None:
        yield Violation(Rule.WINDOW, item, f"starts {start}, outside every window")
    if start < visit.release_s:
        yield Violation(Rule.RELEASE, item, f"starts {start}, released at {visit.release_s}")
    lock, promise = visit.lock, visit.promise
    if lock is not None and lock.earliest_s is not None and start < lock.earliest_s:
        yield Violation(Rule.LOCK, item, f"starts {start}, locked from {lock.earliest_s}")
    if lock is not None and lock.latest_s is not None and start > lock.latest_s:
        yield Violation(Rule.LOCK, item, f"starts {start}, locked until {lock.latest_s}")
    if promise is not None and promise.move_cents is None and not promise.start_s <= start <= promise.end_s:
        yield Violation(Rule.PROMISE, item, f"starts {start}, promised {promise.start_s}-{promise.end_s}")


def _window_at(windows: tuple[Window, ...], moment: int) -> Window | None:
    return next((window for window in windows if window.start_s <= moment <= window.end_s), None)
