"""What goes into a van at each pick-up: just what later visits need beyond what is on board."""

from collections import Counter
from collections.abc import Iterable, Sequence

from routing.problem import Depot, Problem, Technician, Visit

StopItem = Visit | Depot
Loads = list[Counter[str]]


class Warehouse:
    """What the depots have left while pick-ups are assigned."""

    def __init__(self, problem: Problem) -> None:
        self._left = {d.id: None if d.stock is None else Counter(d.stock) for d in problem.depots}

    def copy(self) -> "Warehouse":
        """What is left now, to be drawn from apart."""
        twin = Warehouse.__new__(Warehouse)
        twin._left = {depot: None if left is None else left.copy() for depot, left in self._left.items()}
        return twin

    def has(self, depot: Depot, part: str) -> int:
        """Units left, a very large number where stock is not limited."""
        left = self._left[depot.id]
        return 2**31 if left is None else left[part]

    def take(self, depot: Depot, part: str, units: int) -> None:
        """Hand out units."""
        left = self._left[depot.id]
        if left is not None:
            left[part] -= units


def plan_loads(
    technician: Technician, stops: Sequence[tuple[StopItem, bool]], warehouse: Warehouse
) -> Loads | None:
    """Loads for each stop in order (empty at visits), or ``None`` when a visit would be short.

    Parameters
    ----------
    stops : sequence of (visit or depot, whether this van supplies the visit's parts)
        All stops of the technician over all shifts, in order.
    warehouse : Warehouse
        Is drawn from.
    """
    stock = Counter(technician.van_stock)
    loads: Loads = [Counter() for _ in stops]
    for index, (stop, is_lead) in enumerate(stops):
        if isinstance(stop, Depot) or not is_lead:
            continue
        for part, units in stop.parts.items():
            missing = units - stock[part]
            if missing > 0:
                missing = _fetch(stops[:index], loads, part, missing, warehouse)
                if missing > 0:
                    return None
                stock[part] = 0
            else:
                stock[part] -= units
    return loads


def _fetch(
    before: Sequence[tuple[StopItem, bool]], loads: Loads, part: str, missing: int, warehouse: Warehouse
) -> int:
    """Load the missing units at the latest pick-ups that have them; what is still missing after."""
    for index in range(len(before) - 1, -1, -1):
        stop = before[index][0]
        if not isinstance(stop, Depot):
            continue
        units = min(missing, warehouse.has(stop, part))
        if units > 0:
            warehouse.take(stop, part, units)
            loads[index][part] += units
            missing -= units
        if missing == 0:
            break
    return missing


def lacks_tools(technician: Technician, stops: Iterable[StopItem]) -> bool:
    """Whether some visit of one route needs a tool not on board by then."""
    tools = set(technician.tools)
    has_all = False
    for stop in stops:
        if isinstance(stop, Depot):
            has_all |= stop.tools is None
            tools |= stop.tools or frozenset()
        elif not has_all and not stop.tools <= tools:
            return True
    return False
