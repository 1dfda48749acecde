"""Why a visit is left out, found by asking the exact insertion which rule stands in the way."""

from collections.abc import Mapping
from time import perf_counter

import numpy as np

from routing.draft import Draft
from routing.insertion import Search, Waive
from routing.plan import Reason, Unserved
from routing.problem import Visit


def reasons(draft: Draft, until: float | None = None) -> dict[int, Unserved]:
    """The reason of each visit left out, by index, the dearest looked into first.

    Parameters
    ----------
    until : float, optional
        A moment of :func:`time.perf_counter`. After it only the dearest is looked into; what is left is
        ``NOT_LOOKED_INTO``.
    """
    empty = Draft(draft.flat)
    found: dict[int, Unserved] = {}
    for visit in sorted(draft.unserved, key=lambda visit: -int(draft.flat.drop[visit])):
        if not found or until is None or perf_counter() < until:
            found[visit] = reason_for(draft, visit, empty)
        else:
            found[visit] = Unserved(draft.problem.visits[visit].id, Reason.NOT_LOOKED_INTO)
    return found


def reason_for(draft: Draft, visit: int, empty: Draft | None = None) -> Unserved:
    """The reason a visit is not in the draft.

    First whether it would fit, which is most often so, and then only its price stands in the way. Otherwise
    the rules are asked from the most basic on: people, shifts, order, parts, vendors, promises, room. Where
    several stand in the way together, the answer is ``NO_ROOM``. ``empty`` is a draft without routes, to be
    shared by many calls.
    """
    item = draft.problem.visits[visit]
    found = (
        _about_price(draft, visit)
        or _about_people(draft, item)
        or _about_time(empty or Draft(draft.flat), visit)
        or _about_rules(draft, visit)
    )
    reason, data = found
    return Unserved(item.id, reason, data)


Found = tuple[Reason, Mapping[str, object]]


def _about_price(draft: Draft, visit: int) -> Found | None:
    option = Search(draft, visit).best()
    if option is None:
        return None
    return Reason.TOO_DEAR, {"price_cents": option.cents, "unserved_cents": int(draft.flat.drop[visit])}


def _about_people(draft: Draft, item: Visit) -> Found | None:
    rules = draft.flat.eligibility
    technicians = np.array([t for t, _ in draft.problem.frames], dtype=np.int64)

    def crew(mask: np.ndarray) -> int:
        return len(set(technicians[mask].tolist()))

    everybody = len(set(technicians.tolist()))
    mask = rules.skilled(item)
    if crew(mask) < min(item.crew_size, everybody):
        return Reason.NO_SKILL, {"skills": dict(item.skills), "crew_size": item.crew_size, "able": crew(mask)}
    held = mask & rules.holds_certificates(item)
    if crew(held) < min(item.crew_size, everybody):
        return Reason.NO_CERTIFICATE, {"certificates": sorted(item.certificates), "able": crew(held)}
    valid = mask & rules.certified(item)
    if crew(valid) < min(item.crew_size, everybody):
        return Reason.CERTIFICATE_EXPIRED, {"certificates": sorted(item.certificates), "able": crew(valid)}
    able = valid & rules.permitted(item)
    if crew(able) < min(item.crew_size, everybody):
        return Reason.NOBODY_ALLOWED, {"crew_size": item.crew_size, "able": crew(able)}
    return None


def _about_time(empty: Draft, visit: int) -> Found | None:
    """Whether anybody could do it with nothing else to do, and with what they can have on board."""
    item = empty.problem.visits[visit]
    waive = Waive.PARTS | Waive.ORDER | Waive.VENDOR_CAPACITY | Waive.PROMISE_CAP
    if Search(empty, visit, waive).best() is None:
        return Reason.NO_SHIFT, {"windows": [(window.start_s, window.end_s) for window in item.windows]}
    if Search(empty, visit, waive & ~Waive.PARTS).best() is None:
        return Reason.MISSING_PART, {"parts": dict(item.parts), "tools": sorted(item.tools)}
    return None


def _about_rules(draft: Draft, visit: int) -> Found:
    """Which single rule, looked past, lets the visit into the draft."""
    item = draft.problem.visits[visit]
    problem = draft.problem
    missing = [
        relation.first
        for relation in problem.relations
        if relation.second == item.id and problem.visit_index[relation.first] not in draft.seats
    ]
    if missing:
        return Reason.ORDER, {"visits": sorted(missing)}
    if Search(draft, visit, Waive.VENDOR_CAPACITY).best() is not None:
        full = {key[0] for key in (draft.vendor_day(int(f)) for f in _able(draft, visit)) if key is not None}
        return Reason.VENDOR_FULL, {"vendors": sorted(full)}
    if Search(draft, visit, Waive.PARTS).best() is not None:
        return Reason.MISSING_PART, {"parts": dict(item.parts), "tools": sorted(item.tools)}
    if problem.max_moved is not None and Search(draft, visit, Waive.PROMISE_CAP).best() is not None:
        return Reason.PROMISE_CAP, {"max_moved": problem.max_moved}
    if Search(draft, visit, Waive.ORDER).best() is not None:
        others = {r.first for r in problem.relations if r.second == item.id}
        others |= {r.second for r in problem.relations if r.first == item.id}
        return Reason.ORDER, {"visits": sorted(others)}
    return Reason.NO_ROOM, {"technicians": len({draft.problem.frames[f][0] for f in _able(draft, visit)})}


def _able(draft: Draft, visit: int) -> list[int]:
    return [int(frame) for frame in np.flatnonzero(draft.flat.arrays.able[visit])]
