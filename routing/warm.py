"""Compile everything before it is needed."""

import numpy as np

from routing.insert import insert
from routing.problem import Problem, Shift, Technician, Visit
from routing.solve import solve
from routing.stopping import MaxIterations
from routing.travel.matrix import Travel


def warm_up() -> None:
    """Compile all kernels, or load them from disk; once at start-up, never in a request.

    Takes about a second with compiled code on disk and, depending on the machine, up to a minute without. The
    disk copy, which is where ``NUMBA_CACHE_DIR`` says, is made anew when the package changes.
    """
    problem = small_day()
    plan = solve(problem, MaxIterations(2))
    solve(problem, MaxIterations(2), warm_start=plan)
    insert(problem, plan, Visit("v3", 3, 600))


def small_day() -> Problem:
    """Two visits and somebody for them."""
    steps = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    worker = Technician("w", 0, 0, (Shift(0, 36_000),), cents_per_hour=1)
    visits = tuple(Visit(f"v{place}", place, 600) for place in (1, 2))
    return Problem({"car": Travel(steps * 60, steps)}, (worker,), visits)
