"""The process that works out remedies, one question after the other, gone as soon as its owner is.

Started as `python -m backend.live.remedy_main [OSRM_URL]` with pipes for input and output.
"""

import os
import signal
import sys
from typing import Any, cast

from backend.live.asked import AskRemedies
from backend.scheduling.adapter.quoting import warm_up_desk
from backend.scheduling.adapter.remedying import remedies
from backend.scheduling.adapter.roads import roads
from backend.scheduling.frames import Pipe


def main() -> None:
    """Serve questions until the input ends."""
    # Ctrl-C reaches the whole group; it is the owner who decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Pipe(os.dup(0), os.dup(1))
    # Whatever a library prints goes to the log, not between the answers.
    os.dup2(2, 1)
    travel = roads(*sys.argv[1:])
    warm_up_desk()
    try:
        while True:
            question = cast("AskRemedies", pipe.receive())
            pipe.send(cast("Any", remedies(question, travel)))
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
