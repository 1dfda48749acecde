"""What to offer a customer: for each candidate window who could come, and what that would cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.draft import Draft
from routing.flat import flatten
from routing.insert import as_slot, known
from routing.insertion import Option, Search
from routing.plan import Plan
from routing.problem import Problem, Visit, Window


@dataclass(frozen=True, slots=True)
class Quote:
    """One candidate window.

    Parameters
    ----------
    slot : Window
    technicians : tuple of str
        Who would come for the least money, the one whose van supplies the parts first; empty when nobody can.
    start_s : int or None
        When the service would start.
    price_cents : int or None
        What :func:`routing.insert` with this slot would add to the plan's cost.
    rank : int or None
        1 for the cheapest window, equal prices by time; ``None`` when nobody can.
    """

    slot: Window
    technicians: tuple[str, ...]
    start_s: int | None
    price_cents: int | None
    rank: int | None

    @property
    def is_possible(self) -> bool:
        """Whether it can be offered."""
        return self.rank is not None


def quote(problem: Problem, plan: Plan, visit: str | Visit, slots: Sequence[Window]) -> tuple[Quote, ...]:
    """Price candidate windows for a visit against a plan in force, one by one and exactly.

    Parameters
    ----------
    problem : Problem
    plan : Plan
        For this problem; it is not changed.
    visit : str or Visit
        Left out of the plan so far (its id), or new. Its own windows hold as well.
    slots : sequence of Window
        Ranges of the start.

    Returns
    -------
    tuple of Quote
        One for each slot, in their order.

    Raises
    ------
    UnknownItemError
        When the problem has no visit of that id.
    PlanError
        When the plan is not for this problem.
    ProblemError
        When a new visit is wrong in itself.

    References
    ----------
    Offering windows by what each adds to the plan: Campbell and Savelsbergh, "Decision support for consumer
    direct grocery initiatives", *Transportation Science* 39, 2005.
    """
    problem, index = known(problem, visit)
    draft = Draft.of(flatten(problem), plan)
    if index in draft.seats:
        draft.remove(index)
    options = Search(draft, index).best_each([as_slot(slot) for slot in slots]) if slots else []
    order = sorted(
        (option.cents, slot.start_s, number)
        for number, (slot, option) in enumerate(zip(slots, options, strict=True))
        if option is not None
    )
    ranks = {number: rank for rank, (_, _, number) in enumerate(order, start=1)}
    return tuple(
        _quote(problem, slot, option, ranks.get(number))
        for number, (slot, option) in enumerate(zip(slots, options, strict=True))
    )


def _quote(problem: Problem, slot: Window, option: Option | None, rank: int | None) -> Quote:
    if option is None:
        return Quote(slot, (), None, None, None)
    who = tuple(problem.technicians[problem.frames[seat.frame][0]].id for seat in option.seats)
    return Quote(slot, who, option.start_s, option.cents, rank)
