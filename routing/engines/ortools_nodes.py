"""The stops and vehicles an OR-Tools routing model is made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routing.draft import Draft
from routing.flat import Flat
from routing.loads import Warehouse
from routing.problem import Depot, Technician, Window


@dataclass(frozen=True, slots=True)
class ModelNode:
    """A stop the model may make.

    Parameters
    ----------
    node : int
        As in :mod:`routing.flat`.
    visit : int
        Index of the visit, -1 at a depot.
    windows : tuple of Window
    frames : tuple of int
        Who may stop here.
    is_fixed : bool
        A seat of a crew placed beforehand: it has to stay.
    supplies : bool
        Whether the visit's parts come from this van.
    """

    node: int
    visit: int
    windows: tuple[Window, ...]
    frames: tuple[int, ...]
    is_fixed: bool = False
    supplies: bool = True


def anchored(draft: Draft) -> set[int]:
    """Visits to place before the model is made: crews, and what relations tie to them."""
    problem = draft.problem
    found = {number for number, visit in enumerate(problem.visits) if visit.crew_size > 1}
    index = problem.visit_index
    grown = True
    while grown:
        tied = [
            pair
            for relation in problem.relations
            for pair in [{index[relation.first], index[relation.second]}]
            if pair & found and not pair <= found
        ]
        grown = bool(tied)
        found = found.union(*tied)
    return found


def model_nodes(flat: Flat, start: Draft, held: set[int]) -> list[ModelNode]:
    """Every stop: free visits, the seats ``held`` visits have in ``start``, pick-ups."""
    nodes: list[ModelNode] = []
    for visit in range(flat.visits):
        if visit not in held:
            nodes.extend(_choices(flat, visit))
        elif visit in start.seats:
            nodes.extend(_seats(start, visit))
    return nodes + list(_pick_ups(flat))


def _seats(start: Draft, visit: int) -> Iterator[ModelNode]:
    begin = start.start_s(visit)
    for number, frame in enumerate(start.seats[visit]):
        node = int(start.grid.nodes[frame, start.position(frame, visit)])
        yield ModelNode(node, visit, (Window(begin, begin),), (frame,), True, number == 0)


def _choices(flat: Flat, visit: int) -> Iterator[ModelNode]:
    """The visit with its promise kept, or moved, split by window where their lateness differs."""
    frames = tuple(int(f) for f in np.flatnonzero(flat.arrays.able[visit]) if can_supply(flat, visit, int(f)))
    promise = flat.problem.visits[visit].promise
    nodes = [visit]
    if promise is not None and promise.move_cents is not None:
        nodes.append(visit + flat.visits)
    for node in nodes:
        windows = node_windows(flat, node)
        groups = [(w,) for w in windows] if any(w.due_s is not None for w in windows) else [windows]
        for group in groups:
            if group and frames:
                yield ModelNode(node, visit, group, frames)


def node_windows(flat: Flat, node: int) -> tuple[Window, ...]:
    """Windows of a node as folded into the arrays."""
    a = flat.arrays
    return tuple(
        Window(
            int(a.w_start[w]),
            int(a.w_end[w]),
            int(a.w_due[w]) if a.w_rate[w] > 0 else None,
            int(a.w_rate[w]),
        )
        for w in range(int(a.w_ptr[node]), int(a.w_ptr[node + 1]))
    )


def can_supply(flat: Flat, visit: int, frame: int) -> bool:
    """Whether van and depots together could hold what the visit needs."""
    item = flat.problem.visits[visit]
    who = flat.problem.technicians[flat.problem.frames[frame][0]]
    return all(
        who.van_stock.get(part, 0) + _from_depots(flat, who, part) >= units
        for part, units in item.parts.items()
    ) and all(tool in who.tools or _tool_depots(flat, who, tool) for tool in item.tools)


def _from_depots(flat: Flat, who: Technician, part: str) -> int:
    if who.max_depot_trips == 0:
        return 0
    warehouse = Warehouse(flat.problem)
    return sum(warehouse.has(depot, part) for depot in flat.problem.depots)


def _tool_depots(flat: Flat, who: Technician, tool: str) -> bool:
    return who.max_depot_trips > 0 and any(gives_tool(depot, tool) for depot in flat.problem.depots)


def gives_tool(depot: Depot, tool: str) -> bool:
    """Whether the depot lends the tool."""
    return depot.tools is None or tool in depot.tools


def _pick_ups(flat: Flat) -> Iterator[ModelNode]:
    """A stop for each pick-up a frame may make, where its van lacks something it could need."""
    problem = flat.problem
    for frame, (technician, _) in enumerate(problem.frames):
        who = problem.technicians[technician]
        if who.max_depot_trips == 0 or not _may_lack(flat, frame):
            continue
        for number, depot in enumerate(problem.depots):
            for _ in range(who.max_depot_trips):
                yield ModelNode(2 * flat.visits + number, -1, depot.windows, (frame,))


def _may_lack(flat: Flat, frame: int) -> bool:
    who = flat.problem.technicians[flat.problem.frames[frame][0]]
    need: dict[str, int] = {}
    for visit in np.flatnonzero(flat.arrays.able[:, frame]):
        item = flat.problem.visits[visit]
        if not item.tools <= who.tools:
            return True
        for part, units in item.parts.items():
            need[part] = need.get(part, 0) + units
    return any(units > who.van_stock.get(part, 0) for part, units in need.items())
