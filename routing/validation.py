"""Refuses a problem that contradicts itself, naming the item."""

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING

from .errors import ProblemError

if TYPE_CHECKING:
    from .problem import (
        Break,
        Depot,
        Problem,
        Promise,
        Relation,
        Shift,
        Technician,
        Vendor,
        Visit,
        Window,
    )


def validate(problem: "Problem") -> None:
    """Raise :class:`ProblemError` for the first thing wrong with the problem."""
    places = _count_places(problem)
    _unique("vendor", [vendor.id for vendor in problem.vendors])
    _unique("technician", [technician.id for technician in problem.technicians])
    _unique("visit", [visit.id for visit in problem.visits])
    _unique("depot", [depot.id for depot in problem.depots])
    for vendor in problem.vendors:
        _check_vendor(vendor)
    for technician in problem.technicians:
        _check_technician(technician, problem, places)
    known = {technician.id for technician in problem.technicians}
    for visit in problem.visits:
        _check_visit(visit, problem, places, known)
    for depot in problem.depots:
        _check_depot(depot, places)
    _check_relations(problem.relations, {visit.id for visit in problem.visits})
    for name in ("freeze_until_s", "fairness_cents", "lock_drop_cents"):
        _not_negative("problem", name, getattr(problem, name))
    if problem.max_moved is not None:
        _not_negative("problem", "max_moved", problem.max_moved)


def validate_visit(visit: "Visit", problem: "Problem") -> None:
    """Raise :class:`ProblemError` for the first thing wrong with one visit."""
    _check_visit(visit, problem, _count_places(problem), set(problem.technician_index))


def _count_places(problem: "Problem") -> int:
    sizes = {profile: travel.places for profile, travel in problem.travel.items()}
    if not sizes:
        raise ProblemError("problem", "has no travel matrix")
    first = next(iter(sizes.values()))
    for profile, size in sizes.items():
        if size != first:
            raise ProblemError(f"travel {profile}", f"covers {size} places, another profile {first}")
    return first


def _unique(kind: str, ids: Sequence[str]) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for item in ids:
        if item in seen:
            raise ProblemError(f"{kind} {item}", "appears twice")
        seen.add(item)


def _whole(item: str, name: str, value: object) -> None:
    # bool and numpy integers pass on purpose; floats would make costs depend on rounding.
    if value is not None and not isinstance(value, Integral):
        raise ProblemError(item, f"{name} must be a whole number, got {value!r}")


def _not_negative(item: str, name: str, value: int) -> None:
    _whole(item, name, value)
    if value < 0:
        raise ProblemError(item, f"{name} is negative ({value})")


def _amounts(item: str, name: str, amounts: Mapping[str, int]) -> None:
    for key, amount in amounts.items():
        _not_negative(item, f"{name} of {key}", amount)


def _in_matrix(item: str, name: str, place: int, places: int) -> None:
    _whole(item, name, place)
    if not 0 <= place < places:
        raise ProblemError(item, f"{name} {place} is outside the travel matrix (0-{places - 1})")


def _known(item: str, name: str, ids: Iterable[str], known: set[str]) -> None:
    for unknown in sorted(set(ids) - known):
        raise ProblemError(item, f"{name} names unknown technician {unknown}")


def _known_skills(item: str, named: Mapping[str, int], known: frozenset[str] | None) -> None:
    if named:
        _amounts(item, "level", named)
    if known is not None:
        for unknown in sorted(set(named) - known):
            raise ProblemError(item, f"names unknown skill {unknown}")


def _check_windows(item: str, windows: "tuple[Window, ...]") -> None:
    if not windows:
        raise ProblemError(item, "has no window")
    previous_end = -1
    for window in windows:
        _not_negative(item, "window start", window.start_s)
        _whole(item, "window end", window.end_s)
        _whole(item, "window due time", window.due_s)
        if window.end_s < window.start_s:
            raise ProblemError(item, f"window ends ({window.end_s}) before it starts ({window.start_s})")
        if window.start_s <= previous_end:
            raise ProblemError(item, f"window from {window.start_s} overlaps the one before or precedes it")
        if window.due_s is not None and not window.start_s <= window.due_s <= window.end_s:
            raise ProblemError(item, f"due time {window.due_s} is outside its window")
        _not_negative(item, "late_cents_per_minute", window.late_cents_per_minute)
        previous_end = window.end_s


def _check_vendor(vendor: "Vendor") -> None:
    _amounts(f"vendor {vendor.id}", "tariff", vendor.tariff_cents)
    if vendor.daily_capacity is not None:
        _not_negative(f"vendor {vendor.id}", "daily_capacity", vendor.daily_capacity)


def _check_technician(technician: "Technician", problem: "Problem", places: int) -> None:
    item = f"technician {technician.id}"
    _in_matrix(item, "start_place", technician.start_place, places)
    _in_matrix(item, "end_place", technician.end_place, places)
    if technician.profile not in problem.travel:
        raise ProblemError(item, f"has no travel matrix for profile {technician.profile}")
    if technician.vendor is not None and technician.vendor not in {v.id for v in problem.vendors}:
        raise ProblemError(item, f"names unknown vendor {technician.vendor}")
    for name in (
        "cents_per_hour",
        "cents_per_km",
        "day_fee_cents",
        "overtime_limit_s",
        "overtime_cents_per_hour",
        "max_depot_trips",
    ):
        _not_negative(item, name, getattr(technician, name))
    _known_skills(item, technician.skills, problem.skills)
    _amounts(item, "van_stock", technician.van_stock)
    _amounts(item, "service_percent", technician.service_percent)
    for certificate, expiry in technician.certificates.items():
        _whole(item, f"expiry of {certificate}", expiry)
    _check_shifts(technician, item, places)


def _check_shifts(technician: "Technician", item: str, places: int) -> None:
    previous_end = -1
    for number, shift in enumerate(technician.shifts):
        name = f"{item} shift {number}"
        _check_shift(shift, name, places)
        if shift.start_s < previous_end:
            raise ProblemError(name, "starts before the one before ends, overtime included")
        previous_end = shift.end_s + technician.overtime_limit_s


def _check_shift(shift: "Shift", item: str, places: int) -> None:
    _not_negative(item, "start", shift.start_s)
    _whole(item, "end", shift.end_s)
    if shift.end_s < shift.start_s:
        raise ProblemError(item, f"ends ({shift.end_s}) before it starts ({shift.start_s})")
    for name in ("start_place", "end_place"):
        place = getattr(shift, name)
        if place is not None:
            _in_matrix(item, name, place, places)
    earliest_end = 0
    for number, rest in enumerate(shift.breaks):
        _check_break(rest, f"{item} break {number}", earliest_end)
        earliest_end = max(earliest_end, rest.earliest_s) + rest.duration_s


def _check_break(rest: "Break", item: str, earliest_s: int) -> None:
    _not_negative(item, "earliest start", rest.earliest_s)
    _whole(item, "latest start", rest.latest_s)
    _not_negative(item, "duration", rest.duration_s)
    if rest.latest_s < rest.earliest_s:
        raise ProblemError(item, f"latest start ({rest.latest_s}) is before the earliest ({rest.earliest_s})")
    if rest.latest_s < earliest_s:
        raise ProblemError(item, "must start before the breaks ahead of it can have ended")


def _check_visit(visit: "Visit", problem: "Problem", places: int, known: set[str]) -> None:
    item = f"visit {visit.id}"
    _in_matrix(item, "place", visit.place, places)
    for name in ("service_s", "release_s", "not_preferred_cents", "unserved_cents"):
        _not_negative(item, name, getattr(visit, name))
    _whole(item, "crew_size", visit.crew_size)
    if visit.crew_size < 1:
        raise ProblemError(item, f"crew_size is {visit.crew_size}, at least one has to come")
    _check_windows(item, visit.windows)
    _known_skills(item, visit.skills, problem.skills)
    if visit.parts:
        _amounts(item, "parts", visit.parts)
    if visit.allowed or visit.preferred or visit.excluded:
        for name in ("allowed", "preferred", "excluded"):
            _known(item, name, getattr(visit, name), known)
    if visit.lock is not None:
        _check_lock(visit, item, known)
    if visit.promise is not None:
        _check_promise(visit.promise, item)
    if visit.planned is not None:
        _whole(item, "planned start", visit.planned.start_s)
        _known(item, "planned", visit.planned.technicians, known)
        _crew_named(item, "planned", visit.planned.technicians, visit.crew_size)


def _check_lock(visit: "Visit", item: str, known: set[str]) -> None:
    lock = visit.lock
    if lock is None:
        return
    _known(item, "lock", lock.technicians, known)
    if lock.technicians:
        _crew_named(item, "lock", lock.technicians, visit.crew_size)
    _whole(item, "lock start", lock.earliest_s)
    _whole(item, "lock end", lock.latest_s)
    if lock.earliest_s is not None and lock.latest_s is not None and lock.latest_s < lock.earliest_s:
        raise ProblemError(item, f"lock ends ({lock.latest_s}) before it starts ({lock.earliest_s})")


def _crew_named(item: str, name: str, technicians: frozenset[str], crew_size: int) -> None:
    if len(technicians) != crew_size:
        raise ProblemError(item, f"{name} names {len(technicians)} technicians for a crew of {crew_size}")


def _check_promise(promise: "Promise", item: str) -> None:
    _whole(item, "promise start", promise.start_s)
    _whole(item, "promise end", promise.end_s)
    if promise.end_s < promise.start_s:
        raise ProblemError(item, f"promise ends ({promise.end_s}) before it starts ({promise.start_s})")
    if promise.move_cents is not None:
        _not_negative(item, "promise move_cents", promise.move_cents)


def _check_depot(depot: "Depot", places: int) -> None:
    item = f"depot {depot.id}"
    _in_matrix(item, "place", depot.place, places)
    _not_negative(item, "service_s", depot.service_s)
    _check_windows(item, depot.windows)
    if depot.stock is not None:
        _amounts(item, "stock", depot.stock)


def _check_relations(relations: "tuple[Relation, ...]", visits: set[str]) -> None:
    followers: dict[str, list[str]] = {}
    for relation in relations:
        item = f"relation {relation.first} -> {relation.second}"
        for visit in (relation.first, relation.second):
            if visit not in visits:
                raise ProblemError(item, f"names unknown visit {visit}")
        _not_negative(item, "min_gap_s", relation.min_gap_s)
        followers.setdefault(relation.first, []).append(relation.second)
    _refuse_cycle(followers)


def _refuse_cycle(followers: dict[str, list[str]]) -> None:
    finished: set[str] = set()
    for root in followers:
        path: dict[str, None] = {}
        stack = [(root, False)]
        while stack:
            visit, is_left = stack.pop()
            if is_left:
                path.pop(visit)
                finished.add(visit)
                continue
            if visit in path:
                raise ProblemError(f"visit {visit}", "comes after itself through its relations")
            if visit in finished:
                continue
            path[visit] = None
            stack.append((visit, True))
            stack.extend((follower, False) for follower in followers.get(visit, ()))
