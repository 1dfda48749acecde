"""Find a good plan: pick an engine that takes the problem, run it, let no wrong plan out."""

from importlib import import_module
from importlib.util import find_spec

from routing.check import check
from routing.engines import Engine, OnProgress
from routing.engines.insertion import InsertionEngine
from routing.errors import PlanError, RoutingError, UnsupportedError
from routing.jit import IS_COMPILED, warn_if_interpreted
from routing.plan import Plan
from routing.problem import Problem
from routing.stopping import MaxRuntime, StopCriterion, parts_of

ENGINES = ("hybrid", "ortools", "insertion")


def solve(
    problem: Problem,
    stop: StopCriterion,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    warm_start: Plan | None = None,
    engine: str = "auto",
    threads: int = 1,
) -> Plan:
    """The best plan found until ``stop`` says so.

    Parameters
    ----------
    problem : Problem
    stop : StopCriterion
        :class:`MaxRuntime`, :class:`MaxIterations`, :class:`NoImprovement`, :class:`Cancelled`, or several of
        them in a :class:`FirstOf`. A cancelled search still returns its best plan.
    seed : int
        With it and an iteration limit the result is the same each time.
    on_progress : callable, optional
        Called with a :class:`Progress` from the searching thread now and then; must be quick.
    warm_start : Plan, optional
        What still holds of it is where the search begins.
    engine : str
        ``"hybrid"``, ``"ortools"``, ``"insertion"``, or ``"auto"``: the first of them that takes the problem.
    threads : int
        Cores the ``hybrid`` engine may use; the others use one.

    Returns
    -------
    Plan
        It passes :func:`routing.check`.

    Raises
    ------
    UnsupportedError
        Naming the rule the engine asked for has no model for.
    PlanError
        Naming what is wrong with an engine's plan; always a defect of the engine.

    References
    ----------
    hybrid: Christiaens and Vanden Berghe, "Slack induction by string removals for vehicle routing
    problems", *Transportation Science* 54, 2020. ortools: Voudouris and Tsang, "Guided local search and its
    application to the traveling salesman problem", *EJOR* 113, 1999. insertion: Schrimpf et al., "Record
    breaking optimization results using the ruin and recreate principle", *Journal of Computational Physics*
    159, 2000.
    """
    warn_if_interpreted()
    for part in parts_of(stop):
        if isinstance(part, MaxRuntime):
            part.start()
    plan = choose(problem, engine, threads).solve(problem, stop, seed, on_progress, warm_start)
    verdict = check(problem, plan)
    if not verdict.is_ok:
        first = verdict.violations[0]
        raise PlanError(
            f"{len(verdict.violations)} rules broken, first {first.rule} at {first.item}: {first.detail}"
        )
    return plan


def choose(problem: Problem, engine: str = "auto", threads: int = 1) -> Engine:
    """The engine to use, or ``UnsupportedError``."""
    if engine != "auto":
        chosen = load(engine, threads)
        if (feature := chosen.unsupported(problem)) is not None:
            raise UnsupportedError(engine, feature)
        return chosen
    refusals = []
    for name in available():
        chosen = load(name, threads)
        feature = chosen.unsupported(problem)
        if feature is None:
            return chosen
        refusals.append(f"{name}: {feature}")
    raise UnsupportedError("auto", "; ".join(refusals))


def available() -> tuple[str, ...]:
    """Engines that can run here, the best first."""
    return tuple(name for name in ENGINES if name != "hybrid" or _has_hybrid())


def _has_hybrid() -> bool:
    return IS_COMPILED and find_spec("routing.engines.hybrid") is not None


def load(name: str, threads: int = 1) -> Engine:
    """An engine by its name."""
    if name == "ortools":
        reserve: Engine = import_module("routing.engines.ortools").OrToolsEngine()
        return reserve
    if name == "insertion":
        return InsertionEngine()
    if name == "hybrid" and _has_hybrid():
        engine: Engine = import_module("routing.engines.hybrid").HybridEngine(threads)
        return engine
    raise RoutingError(f"no engine {name}; there are {', '.join(available())}")
