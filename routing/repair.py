"""React to an event by re-planning only what it touches."""

from dataclasses import dataclass, replace
from random import Random

from routing.assemble import to_plan
from routing.diff import Difference, diff
from routing.draft import Draft
from routing.events import Event, after
from routing.flat import Flat, flatten
from routing.insertion import Search, apply, fill
from routing.order import followers
from routing.plan import Plan
from routing.problem import Problem
from routing.reasons import reasons
from routing.salvage import reseat

ATTEMPTS = 12
"""Orders tried for putting displaced visits back."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A plan after an event.

    Parameters
    ----------
    problem : Problem
        What the event made of the problem; ``max_moved`` is what this repair was allowed.
    plan : Plan
        It passes :func:`routing.check` for that problem.
    difference : Difference
        From the plan before to this one.
    """

    problem: Problem
    plan: Plan
    difference: Difference


def repair(
    problem: Problem, plan: Plan, event: Event, *, max_moved: int | None = None, seed: int = 0
) -> Repair:
    """Re-plan only what an event touches.

    Routes of others keep the order of their visits; they can only take visits in. Locked and frozen visits
    stay; one whose technician is gone is left out rather than given to somebody else. Displaced visits are
    tried in several orders (dearest first, then at random) and the cheapest outcome is kept.

    Parameters
    ----------
    problem : Problem
    plan : Plan
        In force, for this problem.
    event : TechnicianAbsent, Overrun, NoShow or VisitCancelled
    max_moved : int, optional
        Most promises to move beyond those the plan has moved already; ``None`` leaves the problem's own cap.
    seed : int
        Of the random orders.

    Returns
    -------
    Repair
        Its plan passes :func:`routing.check` for its problem.

    Raises
    ------
    UnknownItemError
        When the event names what is not there.
    PlanError
        When the plan is not for this problem.

    References
    ----------
    Putting visits back in several random orders: Schrimpf et al., "Record breaking optimization results using
    the ruin and recreate principle", *Journal of Computational Physics* 159, 2000.
    """
    left = after(problem, plan, event)
    changed = left.problem
    if max_moved is not None:
        changed = replace(changed, max_moved=Draft.of(flatten(problem), plan).moved() + max_moved)
    flat = flatten(changed)
    draft, displaced = _standing(flat, left.plan, left.technicians, _lost(flat, plan, left.plan))
    candidates = sorted(displaced | set(draft.unserved))
    best = _refill(flat, draft, candidates, Random(seed))  # noqa: S311 - a search, not a secret
    repaired = to_plan(best, reasons(best))
    return Repair(changed, repaired, diff(plan, repaired, changed))


def _lost(flat: Flat, before: Plan, now: Plan) -> set[int]:
    """Visits whose routes are gone as a whole."""
    still = {stop.visit for route in now.routes for stop in route.stops}
    was = {stop.visit for route in before.routes for stop in route.stops}
    index = flat.problem.visit_index
    return {index[visit] for visit in was - still if visit in index}


def _standing(flat: Flat, plan: Plan, technicians: frozenset[str], lost: set[int]) -> tuple[Draft, set[int]]:
    """The plan as far as it still holds, and the visits that have lost their place."""
    index = flat.problem.visit_index
    hit = [route for route in plan.routes if route.technician in technicians]
    rest = tuple(route for route in plan.routes if route.technician not in technicians)
    draft = Draft.of(flat, replace(plan, routes=rest))
    frame_of = {key: frame for frame, key in enumerate(flat.problem.frames)}
    seats: dict[int, list[int]] = {}
    starts: dict[int, int] = {}
    for route in hit:
        frame = frame_of[flat.problem.technician_index[route.technician], route.shift]
        for stop in route.stops:
            if stop.visit in index:
                seats.setdefault(index[stop.visit], []).append(frame)
                starts[index[stop.visit]] = stop.start_s
    displaced = set(seats) | lost
    short = {v for v, frames in draft.seats.items() if len(frames) < flat.problem.visits[v].crew_size}
    for visit in (short | displaced) & draft.seats.keys():
        seats.setdefault(visit, []).extend(draft.seats[visit])
        starts.setdefault(visit, draft.start_s(visit))
        draft.remove(visit)
    displaced |= short
    displaced |= (after := followers(flat.problem, displaced))
    for visit in after & draft.seats.keys():
        draft.remove(visit)
    reseat(draft, seats, starts)
    return draft, displaced


def _refill(flat: Flat, draft: Draft, candidates: list[int], dice: Random) -> Draft:
    """The cheapest of several ways to put visits back."""
    best: Draft | None = None
    loose = [visit for visit in candidates if visit not in draft.seats]
    for attempt in range(ATTEMPTS if len(loose) > 1 else 1):
        trial = draft.copy()
        if attempt == 0:
            fill(trial, loose)
        else:
            order = list(loose)
            dice.shuffle(order)
            _fill_in(trial, order)
            fill(trial, trial.unserved)
        if best is None or trial.total_cents() < best.total_cents():
            best = trial
    return best if best is not None else draft


def _fill_in(draft: Draft, order: list[int]) -> None:
    """Insert in exactly this order where it pays."""
    for visit in order:
        option = Search(draft, visit).best()
        if option is not None and option.cents < int(draft.flat.drop[visit]):
            apply(draft, option)
