"""Give visits in an order the best start that leaves: they are held at one while routes are made."""

from routing.draft import Bounds, Draft
from routing.problem import FOREVER_S


def settle(draft: Draft) -> None:
    """Time each visit that relations tie to others again, within what they leave it, where that saves.

    One after another, the last of the day first, so that what comes before can move up to it. Crews keep
    their common start.
    """
    tied = [v for v in draft.linked & draft.seats.keys() if draft.problem.visits[v].crew_size == 1]
    for visit in sorted(tied, key=lambda v: (-draft.start_s(v), v)):
        [frame] = draft.seats[visit]
        held, before = draft.start_s(visit), int(draft.grid.cents[frame])
        nodes = draft.nodes(frame)
        if draft.set_route(frame, nodes, {visit: _left_free(draft, visit)}):
            if int(draft.grid.cents[frame]) > before:
                draft.set_route(frame, nodes, {visit: (held, held)})
            draft.pin(visit)


def _left_free(draft: Draft, visit: int) -> Bounds:
    """Earliest and latest start that the visits before and after it leave."""
    problem, name = draft.problem, draft.problem.visits[visit].id
    lasts = draft.end_s(visit) - draft.start_s(visit)
    low, high = 0, FOREVER_S
    for relation in problem.relations:
        first, second = problem.visit_index[relation.first], problem.visit_index[relation.second]
        if relation.second == name and first in draft.seats:
            low = max(low, draft.end_s(first) + relation.min_gap_s)
        if relation.first == name and second in draft.seats:
            high = min(high, draft.start_s(second) - relation.min_gap_s - lasts)
    return low, high
