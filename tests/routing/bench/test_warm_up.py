"""What a benchmark compiles, it compiles before the clock starts."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from time import perf_counter
from routing.bench import own
from routing.search import anneal, pool, recombine, routes
from tests.routing.search.test_search import skill_instance, tool_instance

def compiled():
    return {
        (module.__name__, name): len(function.signatures)
        for module in (anneal, pool, recombine, routes)
        for name, function in vars(module).items()
        if hasattr(function, "signatures")
    }

family = sys.argv[1]
own.warm_up(family)
before = compiled()
instance = skill_instance(1) if family == "strsp" else tool_instance(1)
own.solve_hybrid(instance, 0.4, 1, 1, perf_counter, lambda cost, seconds: None)
assert before == compiled(), {name: n for name, n in compiled().items() if n != before[name]}
assert before["routing.search.recombine", "dual_ascent"] == 1
"""


@pytest.mark.parametrize("family", ["strsp", "trsp"])
def test_nothing_is_compiled_after_the_warm_up(family: str) -> None:
    done = subprocess.run(  # a fresh process, in which no other test has compiled anything
        [sys.executable, "-c", SCRIPT, family], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
