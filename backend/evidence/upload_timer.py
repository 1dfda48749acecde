"""Drops half uploads nobody went on with, on time and whether or not anybody uploads."""

import asyncio
import time

import structlog

from backend.evidence.uploads import KEPT_S, HalfUploads

LOOK_EVERY_S = 3600.0
log = structlog.get_logger("backend.evidence")


class UploadTimer:
    """Looks once at the start and then every hour; each web server after its own folder."""

    def __init__(self, halves: HalfUploads, look_every_s: float = LOOK_EVERY_S) -> None:
        self._halves, self._look_every_s = halves, look_every_s
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._again_and_again())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _again_and_again(self) -> None:
        while True:
            try:
                dropped = await asyncio.to_thread(self._halves.sweep, time.time() - KEPT_S)
            except OSError as error:
                log.error("half uploads not swept", error=type(error).__name__, exc_info=error)
            else:
                if dropped:
                    log.info("half uploads dropped", count=dropped)
            await asyncio.sleep(self._look_every_s)
