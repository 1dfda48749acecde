"""Two transactions of two servers, the second begun before the first has committed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from sqlmodel import Session

from tests.factories.calls import calls_to

R = TypeVar("R")
# Nothing depends on it where the second has to wait for the first; where it need not, it is done by then.
HELD_S = 0.5


def overlap(
    url: str,
    first: Callable[[Session], object],
    second: Callable[[Session], R],
    then: Callable[[Session], object] = lambda _session: None,
) -> R:
    """Do `first`, begin `second` elsewhere, go on with `then`, commit; what the second came to."""
    begun: list[Future[R]] = []
    with calls_to(url) as one, calls_to(url) as other, ThreadPoolExecutor(1) as pool:

        def held(session: Session) -> None:
            first(session)
            session.flush()
            begun.append(pool.submit(other.write, second))
            wait(begun, timeout=HELD_S)
            then(session)

        one.write(held)
        return begun[0].result()
