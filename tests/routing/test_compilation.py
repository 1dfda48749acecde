"""What is compiled beforehand is found by every process after it."""

import subprocess
import sys

SCRIPT = """
import routing
from numba.core.dispatcher import Dispatcher
from routing import kernel
from routing.search import anneal, priced
from routing.search.anneal import anneal as search

routing.warm_up()
missed = {name: f.stats.cache_misses for module in (anneal, kernel, priced)
    for name, f in vars(module).items() if isinstance(f, Dispatcher) and f.stats.cache_misses}
assert not missed, missed
assert sum(search.stats.cache_hits.values()) == 1, search.stats
"""


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_process_after_the_compilation_compiles_nothing() -> None:
    assert run("-m", "routing.compilation").startswith("solver ready in ")
    run("-c", SCRIPT)
