"""What the order between visits means for a set of them: who comes after, and in which order to insert."""

from collections.abc import Iterable, Sequence

from routing.problem import Problem


def followers(problem: Problem, visits: Iterable[int]) -> set[int]:
    """Every visit that can't be served without one of these, through any number of relations; not these."""
    given = set(visits)
    return _closure(_arrows(problem, is_forward=True), given) - given


def leaders(problem: Problem, visits: Iterable[int]) -> set[int]:
    """Every visit without which one of these can't be served; not these."""
    given = set(visits)
    return _closure(_arrows(problem, is_forward=False), given) - given


def leaders_first(problem: Problem, visits: Sequence[int]) -> list[int]:
    """The visits in the order given, but none before one of them that it follows."""
    index, depth = problem.visit_index, dict.fromkeys(visits, 0)
    pairs = [(index[r.first], index[r.second]) for r in problem.relations]
    for _ in depth:
        deeper = {
            second: depth[first] + 1
            for first, second in pairs
            if first in depth and second in depth and depth[second] <= depth[first]
        }
        if not deeper:
            break
        depth |= deeper
    return sorted(visits, key=lambda visit: depth[visit])


def _arrows(problem: Problem, *, is_forward: bool) -> dict[int, list[int]]:
    arrows: dict[int, list[int]] = {}
    for relation in problem.relations:
        first, second = problem.visit_index[relation.first], problem.visit_index[relation.second]
        here, there = (first, second) if is_forward else (second, first)
        arrows.setdefault(here, []).append(there)
    return arrows


def _closure(arrows: dict[int, list[int]], visits: set[int]) -> set[int]:
    found, queue = set(visits), list(visits)
    while queue:
        for other in arrows.get(queue.pop(), ()):
            if other not in found:
                found.add(other)
                queue.append(other)
    return found
