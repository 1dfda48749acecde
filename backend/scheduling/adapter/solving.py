"""Runs the search on one day and lets nothing out that the independent check objects to."""

from collections.abc import Callable

import routing
from backend.scheduling.adapter.answer import plan_in_force, read_answer
from backend.scheduling.adapter.problem import DayProblem, build_problem
from backend.scheduling.result import PlanningError, PlanRequest, PlanResult, SearchProgress

NAMED_VIOLATIONS = 5


class Asked:
    """Stops a search when somebody asks for it; `is_asked` is polled from inside the search."""

    def __init__(self, is_asked: Callable[[], bool]) -> None:
        self.is_asked = is_asked

    def __call__(self, iterations: int, best_cents: int) -> bool:
        return self.is_asked()


def solve_day(
    request: PlanRequest,
    on_progress: Callable[[SearchProgress], None],
    is_cancelled: Callable[[], bool],
    travel: routing.TravelMatrix | None = None,
) -> PlanResult:
    """Plan one day; keeps the best plan found when time is up or `is_cancelled` says so.

    Raises PlanningError when the day contradicts itself, no engine can take it, or the plan breaks a rule.
    """
    try:
        asked = build_problem(request.day, travel)
        baseline = plan_in_force(asked)
        plan = routing.solve(
            asked.problem,
            routing.FirstOf(routing.MaxRuntime(request.seconds), Asked(is_cancelled)),
            seed=request.seed,
            on_progress=lambda progress: on_progress(_progress(asked, progress)),
            warm_start=baseline,
            engine=request.engine,
        )
    except routing.RoutingError as error:
        raise PlanningError(_code(error), str(error)) from error
    refuse_broken(asked, plan)
    return read_answer(asked, plan, baseline)


def warm_up() -> None:
    """Load and compile the solver, so that the first run starts at once."""
    routing.warm_up()


def _code(error: routing.RoutingError) -> str:
    if isinstance(error, routing.ProblemError):
        return "bad_problem"
    if isinstance(error, routing.UnsupportedError):
        return "unsupported"
    return "solver_error"


def _progress(asked: DayProblem, progress: routing.Progress) -> SearchProgress:
    planned = len(asked.jobs)
    unserved = min(progress.unserved, planned)
    return SearchProgress(progress.seconds, progress.cost_cents, planned - unserved, unserved)


def refuse_broken(asked: DayProblem, plan: routing.Plan) -> None:
    """Raise PlanningError naming what is wrong with a plan, if anything is."""
    checked = routing.check(asked.problem, plan)
    if not checked.is_ok:
        named = [f"{v.rule.value} {v.item}: {v.detail}" for v in checked.violations[:NAMED_VIOLATIONS]]
        raise PlanningError("plan_invalid", "; ".join(named))
    dropped = [
        visit.number
        for item in plan.unserved
        if item.visit in asked.held
        for visit in asked.held[item.visit].visits
    ]
    if dropped:
        numbers = ", ".join(dropped[:NAMED_VIOLATIONS])
        raise PlanningError("held_visit", f"visits held in place cannot be kept: {numbers}")
