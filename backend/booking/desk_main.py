"""The desk's process: answers questions about days one after the other, gone as soon as its owner is.

Started as `python -m backend.booking.desk_main [OSRM_URL]` with pipes for input and output.
"""

import os
import signal
import sys
import time
from typing import Any, cast

from backend.booking.asked import Question
from backend.scheduling.adapter.quoting import Desk, warm_up_desk
from backend.scheduling.adapter.roads import roads
from backend.scheduling.frames import Pipe, Ready


def main() -> None:
    """Serve questions until the input ends."""
    # Ctrl-C reaches the whole group; it is the owner who decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Pipe(os.dup(0), os.dup(1))
    # Whatever a library prints goes to the log, not between the answers.
    os.dup2(2, 1)
    desk = Desk(roads(*sys.argv[1:]))
    began = time.perf_counter()
    warm_up_desk()
    try:
        pipe.send(Ready(time.perf_counter() - began))
        while True:
            question = cast("Question", pipe.receive())
            pipe.send(cast("Any", desk.answer(question)))
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
