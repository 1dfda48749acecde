"""One thing done again and again beside whatever else a process does."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger("backend.background")


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
                # The one place where whatever it is may be caught: nobody waits for this task to fail.
                log.error("chore failed", chore=self.name, error=type(error).__name__, exc_info=error)
            await self._wait()

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._every_s)
