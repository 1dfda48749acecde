"""The time of a played day: a multiple of real time, or as fast as the server answers."""

import asyncio
import datetime as dt
import heapq
import itertools
import time
from typing import Protocol


class DayOverError(Exception):
    """Somebody wants to wait for a moment that is no longer played."""


class Clock(Protocol):
    """What time it is in the played day, and waiting for later; raises `DayOverError` past its end."""

    def now(self) -> dt.datetime: ...

    async def sleep_until(self, moment: dt.datetime) -> None: ...

    def join(self) -> None:
        """Somebody begins to act: time does not jump while they are busy."""
        ...

    def leave(self) -> None:
        """Somebody who joined is done."""
        ...


class ScaledClock:
    """Real time, `speed` times as fast, from `start` to `end`."""

    def __init__(self, start: dt.datetime, speed: float, end: dt.datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._start, self._speed, self._end = start, speed, end
        self._began_s = time.monotonic()

    def now(self) -> dt.datetime:
        return self._start + dt.timedelta(seconds=(time.monotonic() - self._began_s) * self._speed)

    async def sleep_until(self, moment: dt.datetime) -> None:
        _check_end(moment, self._end)
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds() / self._speed))

    def join(self) -> None:
        """Real time asks nobody."""

    def leave(self) -> None:
        """Real time asks nobody."""


class EventClock:
    """Jumps to the next moment somebody waits for as soon as everybody waits: nobody ever sleeps.

    One waits at a time is woken, so a seeded day plays in the same order every time.
    """

    def __init__(self, start: dt.datetime, end: dt.datetime | None = None) -> None:
        self._now, self._end = start, end
        self._busy = 0
        self._order = itertools.count()
        self._waiting: list[tuple[dt.datetime, int, asyncio.Event]] = []

    def now(self) -> dt.datetime:
        return self._now

    async def sleep_until(self, moment: dt.datetime) -> None:
        _check_end(moment, self._end)
        woken = asyncio.Event()
        heapq.heappush(self._waiting, (max(moment, self._now), next(self._order), woken))
        self._rest()
        await woken.wait()

    def join(self) -> None:
        self._busy += 1

    def leave(self) -> None:
        self._rest()

    def _rest(self) -> None:
        self._busy -= 1
        if self._busy == 0 and self._waiting:
            self._now, _, woken = heapq.heappop(self._waiting)
            self._busy = 1
            woken.set()


def _check_end(moment: dt.datetime, end: dt.datetime | None) -> None:
    if end is not None and moment > end:
        raise DayOverError(f"{moment} is after {end}")
