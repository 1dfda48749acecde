"""Compile the solver beforehand: ``python -m routing.compilation``.

From an empty disk cache the prices of a route take most of the time, the search that calls them most of the
rest. Neither needs more of the other than its name, so they are compiled side by side, each in a process of
its own: the compiler lets only one thread in at a time.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time

from routing.draft import Draft
from routing.flat import flatten
from routing.jit import IS_COMPILED
from routing.warm import small_day, warm_up

RARELY = (20_000, 20, 20)
"""Most of what the compiler makes stays to the end: looking for garbage as usual takes a tenth more."""
SEARCH_ONLY = "search"


def compile_all() -> None:
    """Compile all kernels into the disk cache, or see that they are there; for a process that does only that.

    Takes about a second with everything on disk. Without, two processes take half a minute to a minute.
    """
    gc.set_threshold(*RARELY)
    if IS_COMPILED and (os.cpu_count() or 1) > 1:
        from routing.search.priced import link

        with subprocess.Popen([sys.executable, "-m", "routing.compilation", SEARCH_ONLY]):
            link()
    # What the other process could not do is done here.
    warm_up()


def compile_search() -> None:
    """Compile the search alone. What prices its routes refuses every one, so that nothing is planned."""
    from routing.search import lowering, priced
    from routing.search.driver import Budget, Driver, Tuning
    from routing.search.knobs import knobs_for, temperatures

    gc.set_threshold(*RARELY)
    priced.link = priced.stand_in
    flat = flatten(small_day())
    lowered = lowering.lower(Draft(flat), lowering.whole(flat))
    tuning = Tuning(*temperatures(lowered.data, 0.0))
    Driver(lowered.data, knobs_for(lowered.data), tuning, Budget(iterations=1)).run(lowered.start)


def main(arguments: list[str]) -> None:
    """Compile, and say how long it took."""
    if arguments == [SEARCH_ONLY]:
        compile_search()
        return
    began = time.perf_counter()
    compile_all()
    print(f"solver ready in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
