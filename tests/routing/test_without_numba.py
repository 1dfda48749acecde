"""Without numba everything still works, slower and with a warning."""

import subprocess
import sys
from pathlib import Path

import routing

PROGRAM = """
import sys, warnings
sys.modules["numba"] = None
warnings.simplefilter("always")
import numpy as np
from routing import MaxIterations, Problem, Shift, Technician, Travel, Visit, check, insert, solve
from routing.solve import available

steps = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
team = (Technician("Li", 0, 0, (Shift(0, 36_000),), cents_per_hour=6000, cents_per_km=100),)
problem = Problem({"car": Travel(steps * 60, steps * 1000)}, team, (Visit("a", 2, 1800), Visit("b", 4, 600)))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    plan = solve(problem, MaxIterations(3))
assert any("numba is not installed" in str(warning.message) for warning in told), told
assert available() == ("ortools", "insertion"), available()
assert check(problem, plan).is_ok
grown = insert(problem, plan, Visit("c", 3, 600))
assert check(grown.problem, grown.plan).is_ok
print(plan.cost.total, grown.price_cents)
"""


def test_the_interpreted_code_finds_the_same_and_says_it_is_slow() -> None:
    folder = Path(routing.__file__).resolve().parents[1]

    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, cwd=folder, check=False
    )

    assert run.returncode == 0, run.stderr
    # Eight kilometres and minutes and forty minutes on site; c lies on the way.
    assert run.stdout.split() == ["5600", "1000"]
