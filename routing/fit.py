"""Whether a stop fits between two others of a timed route, without going through the route."""

from routing.flat import Arrays, Ints
from routing.jit import inner
from routing.legs import NEVER, first_start, leg, on_site


@inner
def fits_between(
    a: Arrays,
    frame: int,
    node: int,
    bounds: tuple[int, int],
    drives: tuple[int, int],
    early: Ints,
    late: Ints,
    rest: Ints,
) -> bool:
    """Whether a node can be started within its bounds between two stops; exact.

    Parameters
    ----------
    drives : seconds on free roads from the stop before and to the stop behind
    early : earliest end of the stop before by the number of breaks behind it, or ``NEVER``
    late : latest start of the stop behind by the same, or ``NEVER``
    rest : room to work in
    """
    breaks = a.b_ptr[frame + 1] - a.b_ptr[frame]
    service = on_site(a, frame, node)
    for b in range(breaks + 1):
        if early[b] == NEVER:
            continue
        for then in range(b, breaks + 1):
            _, ready = leg(a, frame, drives[0], early[b], b, then, rest)
            if ready == NEVER:
                break
            begin = first_start(a, node, max(ready, bounds[0]), bounds[1])
            if begin == NEVER:
                continue
            for last in range(then, breaks + 1):
                _, ready = leg(a, frame, drives[1], begin + service, then, last, rest)
                if ready == NEVER:
                    break
                if ready <= late[last]:
                    return True
    return False
