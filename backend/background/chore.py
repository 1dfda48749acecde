"""Things done again and again beside whatever else a process does, and for one after the other.

The one place where whatever it is may be caught: nobody waits for these to fail.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import structlog

log = structlog.get_logger("backend.background")
# What an entry of the log may name: no row, which could hold somebody's words.
Name = TypeVar("Name", uuid.UUID, str)


async def each(what: str, names: Iterable[Name], work: Callable[[Name], Awaitable[int]]) -> int:
    """The same work for one after the other; returns the sum of what it returned.

    What nobody foresaw about one of them is logged and holds up none of the others.
    """
    total = 0
    for name in names:
        try:
            total += await work(name)
        except Exception as error:
            log.error("one failed", what=what, name=str(name), error=type(error).__name__, exc_info=error)
    return total


class Chore:
    """Does its work at the start, then every `every_s` seconds, or as soon as it is woken.

    A chore outlives whatever its work raises: that is logged, and the next time may be better.
    """

    def __init__(
        self, name: str, work: Callable[[], Awaitable[object]], every_s: float, *, waits_first: bool = False
    ) -> None:
        self.name = name
        self._work, self._every_s, self._waits_first = work, every_s, waits_first
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, as a task of the running event loop."""
        self._task = asyncio.create_task(self._go_on())

    def wake(self) -> None:
        """There is something to do now; said while it works, it looks once more."""
        self._woken.set()

    async def close(self) -> None:
        """Stop, also in the middle of the work."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _go_on(self) -> None:
        if self._waits_first:
            await self._wait()
        while True:
            self._woken.clear()
            try:
                await self._work()
            except Exception as error:
                log.error("chore failed", chore=self.name, error=type(error).__name__, exc_info=error)
            await self._wait()

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._every_s)
