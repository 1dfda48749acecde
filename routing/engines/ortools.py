"""The OR-Tools routing model as a complete engine: the reference, and what runs without compiled code.

What it has no model for is either reduced to what it has, without ever breaking a rule, or refused:

* a crew, and whatever relations tie to it, is placed by exact insertion first and then held while the rest is
  optimised around it;
* in rush hours it plans with the slowest hour of the shift, and the plan is timed exactly afterwards;
* where vans can be refilled and somebody has several shifts, the van's own stock serves the first of them;
* fairness and depots that can run out of a part are refused.
"""

from threading import Event, Thread
from time import perf_counter

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.assemble import assemble
from routing.draft import Draft
from routing.engines import OnProgress, Progress
from routing.engines.ortools_model import UNIT, Model
from routing.engines.ortools_nodes import anchored, model_nodes
from routing.engines.ortools_rules import add_rules
from routing.errors import UnsupportedError
from routing.finish import finish
from routing.flat import Flat, flatten
from routing.insertion import fill
from routing.plan import Plan
from routing.problem import Problem
from routing.salvage import salvage
from routing.settle import settle
from routing.stopping import StopCriterion, max_iterations, remaining_s

POLL_S = 0.02
LOOKS = 100
LONGEST_S = 10 * 24 * 3600


class OrToolsEngine:
    """Guided local search on the OR-Tools routing model; one iteration is a hundred looks at its limits."""

    name = "ortools"

    def unsupported(self, problem: Problem) -> str | None:
        """What this engine refuses; ``None`` when it takes the problem."""
        if problem.fairness_cents > 0:
            return "fairness"
        for depot in problem.depots:
            for part, units in (depot.stock or {}).items():
                wanted = sum(visit.parts.get(part, 0) for visit in problem.visits)
                if 0 < units < wanted:
                    return f"a depot that can run out of a part (depot {depot.id}, part {part})"
        return None

    def solve(
        self,
        problem: Problem,
        stop: StopCriterion,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        warm_start: Plan | None = None,
    ) -> Plan:
        """Best plan found; see :func:`routing.solve`."""
        began = perf_counter()
        if (feature := self.unsupported(problem)) is not None:
            raise UnsupportedError(self.name, feature)
        flat = flatten(problem)
        best = _first(flat, warm_start)
        if on_progress is not None:
            on_progress(Progress(perf_counter() - began, 0, best.total_cents(), len(best.unserved)))
        if not stop(0, best.total_cents()):
            found = _Run(flat, best, stop, seed, on_progress, began).search()
            if found is not None:
                fill(found, found.unserved)
                settle(found)
                if found.total_cents() < best.total_cents():
                    best = found
        return finish(best, stop)


def _first(flat: Flat, warm_start: Plan | None) -> Draft:
    """Where the search begins: what still holds of a plan, filled up by insertion.

    Crews hold others up, so the day is also filled with everybody else first; the cheaper draft counts.
    """
    best = salvage(flat, warm_start) if warm_start is not None else Draft(flat)
    late = anchored(best)
    other = best.copy() if late else None
    fill(best, best.unserved)
    if other is not None:
        fill(other, [visit for visit in other.unserved if visit not in late])
        fill(other, other.unserved)
        if other.total_cents() < best.total_cents():
            return other
    return best


class _Run:
    """One search."""

    def __init__(
        self,
        flat: Flat,
        start: Draft,
        stop: StopCriterion,
        seed: int,
        on_progress: OnProgress | None,
        began: float,
    ) -> None:
        self.flat, self.start, self.stop, self.began = flat, start, stop, began
        self.on_progress = on_progress
        self.iterations, self.looks, self.best_cents = 0, 0, start.total_cents()
        self.most = max_iterations(stop)
        held = anchored(start)
        self.outside_cents = sum(
            int(flat.drop[v]) for v in range(flat.visits) if v in held - start.seats.keys()
        )
        self.held = held
        nodes = model_nodes(flat, start, held)
        self.model = Model(flat, nodes) if any(node.visit >= 0 for node in nodes) else None
        if self.model is not None:
            known = {node.visit for node in nodes}
            left = (v for v in range(flat.visits) if v not in known and v not in held)
            self.outside_cents += sum(int(flat.drop[v]) for v in left)
            add_rules(self.model)
            self.model.routing.solver().ReSeed(seed % (2**31 - 1))

    def search(self) -> Draft | None:
        """Run until the criterion says stop; the last solution as a draft, ``None`` without one."""
        if self.model is None:
            return None
        routing = self.model.routing
        routing.AddAtSolutionCallback(self._on_solution)
        routing.AddSearchMonitor(routing.solver().CustomLimit(self._count))
        parameters = self._parameters()
        routing.CloseModelWithParameters(parameters)
        warm = routing.ReadAssignmentFromRoutes(self._warm_routes(), True)
        over = Event()
        watcher = Thread(target=self._watch, args=(over,), daemon=True)
        watcher.start()
        try:
            if warm is not None:
                answer = routing.SolveFromAssignmentWithParameters(warm, parameters)
            else:
                answer = routing.SolveWithParameters(parameters)
        finally:
            over.set()
            watcher.join()
        return None if answer is None else self._draft(answer)

    def _parameters(self) -> "pywrapcp.RoutingSearchParameters":
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        left = remaining_s(self.stop)
        limit_s = LONGEST_S if left is None else max(0.001, left)
        parameters.time_limit.FromMilliseconds(int(limit_s * 1000))
        return parameters

    def _count(self) -> bool:
        """Asked by the solver, at the same moments in each run; whether the iterations are up."""
        self.looks += 1
        self.iterations = self.looks // LOOKS
        return self.most is not None and self.iterations >= self.most

    def _watch(self, over: Event) -> None:
        while not over.wait(POLL_S):
            if self.stop(self.iterations, self.best_cents):
                if self.model is not None:
                    self.model.routing.CancelSearch()
                return

    def _on_solution(self) -> None:
        if self.model is None:
            return
        cents = self.model.routing.CostVar().Min() // UNIT + self.outside_cents
        if cents >= self.best_cents:
            return
        self.best_cents = cents
        if self.on_progress is not None:
            served = {
                node.visit
                for number, node in enumerate(self.model.nodes)
                if self.model.routing.NextVar(self.model.index[number]).Min() != self.model.index[number]
            }
            unserved = self.flat.visits - len(served - {-1})
            self.on_progress(Progress(perf_counter() - self.began, self.iterations, cents, unserved))

    def _warm_routes(self) -> list[list[int]]:
        """The start's routes as model indices."""
        model = self.model
        if model is None:
            return []
        free: dict[tuple[int, int], list[int]] = {}
        for number, node in enumerate(model.nodes):
            for frame in node.frames:
                free.setdefault((node.node, frame), []).append(number)
        return [self._warm_route(frame, free) for frame in model.frames]

    def _warm_route(self, frame: int, free: dict[tuple[int, int], list[int]]) -> list[int]:
        route = []
        for position, node in enumerate(self.start.nodes(frame)):
            begin = int(self.start.grid.begin[frame, position])
            for number in free.get((node, frame), []):
                model_node = self.model.nodes[number] if self.model is not None else None
                if model_node and any(w.start_s <= begin <= w.end_s for w in model_node.windows):
                    route.append(self.model.index[number] if self.model else number)
                    free[node, frame].remove(number)
                    break
        return route

    def _draft(self, answer: "pywrapcp.Assignment") -> Draft | None:
        """The model's answer as a draft with exact times."""
        model = self.model
        if model is None:
            return None
        number_of = {index: number for number, index in enumerate(model.index)}
        routes: dict[int, list[int]] = {}
        pins: dict[int, int] = {}
        for vehicle, frame in enumerate(model.frames):
            index = answer.Value(model.routing.NextVar(model.routing.Start(vehicle)))
            while not model.routing.IsEnd(index):
                node = model.nodes[number_of[index]]
                routes.setdefault(frame, []).append(node.node)
                if node.visit in self.start.linked:
                    pins[node.visit] = answer.Value(model.time.CumulVar(index))
                index = answer.Value(model.routing.NextVar(index))
        lean = {
            frame: nodes
            for frame, nodes in routes.items()
            if any(self.flat.visit_of(node) >= 0 for node in nodes)
        }
        draft = assemble(self.flat.problem, lean, pins)
        for visit in self.held & self.start.seats.keys():
            draft.seats[visit] = self.start.seats[visit]
        return draft
