"""Drops half uploads nobody went on with, on time and whether or not anybody uploads."""

import asyncio
import time

import structlog

from backend.background.chore import Chore
from backend.evidence.uploads import KEPT_S, HalfUploads

LOOK_EVERY_S = 3600.0
log = structlog.get_logger("backend.evidence")


class UploadTimer:
    """Looks once at the start and then every hour; each web server after its own folder."""

    def __init__(self, halves: HalfUploads, look_every_s: float = LOOK_EVERY_S) -> None:
        self._halves = halves
        self._chore = Chore("half uploads", self._sweep, look_every_s)

    async def start(self) -> None:
        self._chore.start()

    async def close(self) -> None:
        await self._chore.close()

    async def _sweep(self) -> None:
        if dropped := await asyncio.to_thread(self._halves.sweep, time.time() - KEPT_S):
            log.info("half uploads dropped", count=dropped)
