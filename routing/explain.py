"""Why a visit is where it is, or what it would take to serve it."""

from dataclasses import dataclass

from routing.draft import Draft
from routing.errors import UnknownItemError
from routing.flat import flatten
from routing.insertion import Option, Search
from routing.plan import Plan, Unserved
from routing.problem import Problem
from routing.reasons import reason_for
from routing.relaxation import Relaxation
from routing.relaxing import Relaxer, by_size


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to serve a visit that is in the plan.

    Parameters
    ----------
    technicians : tuple of str
    start_s : int
    extra_cents : int
        Compared with where it is now; negative when it would be cheaper.
    """

    technicians: tuple[str, ...]
    start_s: int
    extra_cents: int


@dataclass(frozen=True, slots=True)
class Way:
    """A bend that would let a visit in, proven by inserting it.

    Parameters
    ----------
    relaxation : Relaxation
        The smallest of its kind: one unit less does not do. See :func:`routing.relaxed`.
    technicians : tuple of str
        Who would then come.
    start_s : int
    price_cents : int
        What serving it would then cost.
    """

    relaxation: Relaxation
    technicians: tuple[str, ...]
    start_s: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why this technician and time, or why not at all.

    Parameters
    ----------
    visit : str
    technicians : tuple of str
        Who serves it; empty when nobody.
    start_s : int or None
    cost_cents : int or None
        What the plan would save by not serving it, leaving the order of the others alone.
    alternatives : tuple of Alternative
        For a served visit: the best place with each other technician, cheapest first.
    unserved : Unserved or None
        The reason, for a visit left out.
    ways : tuple of Way
        For a visit left out for want of room, not for its price: the smallest bends, smallest first (minutes
        by their number; a skill level, certificate, part, vendor's visit or moved promise as an hour each).
    """

    visit: str
    technicians: tuple[str, ...]
    start_s: int | None
    cost_cents: int | None
    alternatives: tuple[Alternative, ...]
    unserved: Unserved | None
    ways: tuple[Way, ...]


def explain(problem: Problem, plan: Plan, visit: str) -> Explanation:
    """Explain what the plan does with a visit.

    Parameters
    ----------
    problem : Problem
    plan : Plan
        For this problem.
    visit : str

    Returns
    -------
    Explanation
        Alternatives for a served visit; the reason and the smallest bends for one left out.

    Raises
    ------
    UnknownItemError
        When the problem has no such visit.
    PlanError
        When the plan is not for this problem.

    References
    ----------
    On elastic constraints and the least that makes a problem feasible: Chinneck, *Feasibility and
    Infeasibility in Optimization*, Springer, 2008. Here each bend is found by bisection, proven by inserting.
    """
    index = problem.visit_index.get(visit)
    if index is None:
        raise UnknownItemError(f"visit {visit}")
    draft = Draft.of(flatten(problem), plan)
    if index in draft.seats:
        return _explain_served(draft, index)
    ways = sorted(Relaxer(problem, plan, visit).smallest(), key=by_size)
    return Explanation(
        visit,
        (),
        None,
        None,
        (),
        reason_for(draft, index),
        tuple(
            Way(relaxation, _who(problem, option), option.start_s, option.cents)
            for relaxation, option in ways
        ),
    )


def _who(problem: Problem, option: Option) -> tuple[str, ...]:
    return tuple(problem.technicians[problem.frames[seat.frame][0]].id for seat in option.seats)


def _explain_served(draft: Draft, index: int) -> Explanation:
    problem = draft.problem
    who = tuple(problem.technicians[problem.frames[f][0]].id for f in draft.seats[index])
    start_s, before = draft.start_s(index), draft.total_cents()
    draft.remove(index)
    saved = before - (draft.total_cents() - int(draft.flat.drop[index]))
    others: dict[tuple[str, ...], Option] = {}
    for option in Search(draft, index).options():
        crew = _who(problem, option)
        if set(crew) != set(who):
            others.setdefault(crew, option)
    alternatives = tuple(
        Alternative(crew, option.start_s, option.cents - saved) for crew, option in others.items()
    )
    return Explanation(problem.visits[index].id, who, start_s, saved, alternatives, None, ())
