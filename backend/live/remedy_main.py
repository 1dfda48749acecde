"""The process that works out remedies, ways in, openings and merged drafts, one question after the other.

It is gone as soon as its owner is.
Started as `python -m backend.live.remedy_main [OSRM_URL]` with pipes for input and output.
"""

import os
import signal
import sys
import time
from typing import Any, cast

from backend.live.asked import AskMerge, AskOpenings, AskWaysIn, Question
from backend.scheduling.adapter.merging import merge
from backend.scheduling.adapter.openings import openings
from backend.scheduling.adapter.quoting import warm_up_desk
from backend.scheduling.adapter.remedying import remedies
from backend.scheduling.adapter.roads import TravelMatrix, roads
from backend.scheduling.adapter.ways_in import ways_in
from backend.scheduling.frames import Pipe, Ready


def main() -> None:
    """Serve questions until the input ends."""
    # Ctrl-C reaches the whole group; it is the owner who decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Pipe(os.dup(0), os.dup(1))
    # Whatever a library prints goes to the log, not between the answers.
    os.dup2(2, 1)
    travel = roads(*sys.argv[1:])
    began = time.perf_counter()
    warm_up_desk()
    try:
        pipe.send(Ready(time.perf_counter() - began))
        while True:
            question = cast("Question", pipe.receive())
            pipe.send(cast("Any", answer(question, travel)))
    except (EOFError, BrokenPipeError):
        return


def answer(question: Question, travel: TravelMatrix | None = None) -> object:
    """What is asked, answered."""
    if isinstance(question, AskMerge):
        return merge(question, travel)
    if isinstance(question, AskWaysIn):
        return ways_in(question, travel)
    if isinstance(question, AskOpenings):
        return openings(question, travel)
    return remedies(question, travel)


if __name__ == "__main__":
    main()
