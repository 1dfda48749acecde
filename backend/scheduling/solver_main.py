"""The solver's process: warm, one search at a time, gone as soon as its owner is.

Started as `python -m backend.scheduling.solver_main [OSRM_URL]` with pipes for input and output.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial

from backend.scheduling.adapter import roads, solve_day, warm_up
from backend.scheduling.frames import Cancel, Pipe, Ready
from backend.scheduling.result import PlanningError, PlanRequest, PlanResult


def main() -> None:
    """Serve requests until the input ends."""
    # Ctrl-C reaches the whole group; it is the owner who decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Pipe(os.dup(0), os.dup(1))
    # Whatever a library prints goes to the log, not between the messages.
    os.dup2(2, 1)
    began = time.perf_counter()
    solve = partial(solve_day, travel=roads(*sys.argv[1:]))
    warm_up()
    pipe.send(Ready(time.perf_counter() - began))
    try:
        while True:
            request = pipe.receive()
            if isinstance(request, PlanRequest):
                _serve(pipe, request, solve)
    except (EOFError, BrokenPipeError):
        return


def _serve(pipe: Pipe, request: PlanRequest, solve: Callable[..., PlanResult]) -> None:
    """Answer one request with progress and a plan, or with the reason there is none."""
    cancelled = False

    def is_cancelled() -> bool:
        nonlocal cancelled
        if not cancelled and pipe.has_message():
            cancelled = _is_asked_to_stop(pipe)
        return cancelled

    try:
        pipe.send(solve(request, pipe.send, is_cancelled))
    except PlanningError as error:
        pipe.send(error)


def _is_asked_to_stop(pipe: Pipe) -> bool:
    """Whether the waiting message is a cancel, or there is nobody left to work for."""
    try:
        return isinstance(pipe.receive(), Cancel)
    except EOFError:
        return True


if __name__ == "__main__":
    main()
