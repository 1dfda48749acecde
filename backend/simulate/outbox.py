"""A phone's outbox: what was done without signal leaves in order, later, and counts once."""

import datetime as dt
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backend.simulate.clock import Clock
from backend.simulate.connection import Connection, NoAnswerError
from backend.simulate.story import Habits
from backend.simulate.tally import Tally

T = TypeVar("T")
RETRY_AFTER = dt.timedelta(seconds=30)
MAX_TRIES = 6


@dataclass(frozen=True)
class Picture:
    """A photo to upload before the commands that name it."""

    sha256: str
    content: bytes
    media_type: str = "image/jpeg"


@dataclass
class Outbox:
    """Pictures and commands waiting for the server, oldest first."""

    connection: Connection
    clock: Clock
    tally: Tally
    habits: Habits
    is_offline: bool = False
    waiting: deque[Picture | dict[str, Any]] = field(default_factory=deque)

    def put(self, item: Picture | dict[str, Any]) -> None:
        self.waiting.append(item)

    async def flush(self) -> list[dict[str, Any]]:
        """Send what waits, unless there is no signal; the typed replies to the commands sent."""
        replies = []
        while self.waiting and not self.is_offline:
            item = self.waiting[0]
            if isinstance(item, Picture):
                await self._patiently(lambda: self._upload(item))  # noqa: B023 - awaited at once
            else:
                replies.append(await self._patiently(lambda: self._command(item)))  # noqa: B023 - awaited at once
            self.waiting.popleft()
        return replies

    async def _patiently(self, send: Callable[[], Awaitable[T]]) -> T:
        """Try again while there is no answer; the same id makes it count once."""
        for attempt in range(1, MAX_TRIES + 1):
            try:
                return await send()
            except NoAnswerError:
                if attempt == MAX_TRIES:
                    raise
                await self.clock.sleep_until(self.clock.now() + RETRY_AFTER * attempt)
        raise AssertionError("unreachable")

    async def _upload(self, picture: Picture) -> dict[str, Any]:
        return await self.connection.put(
            "blob", f"/api/blobs/{picture.sha256}", picture.content, picture.media_type
        )

    async def _command(self, body: dict[str, Any]) -> dict[str, Any]:
        _, reply = await self.connection.command(body)
        self._count(reply)
        if self.habits.repeats():
            _, repeated = await self.connection.command(body)
            self._count(repeated)
        return reply

    def _count(self, reply: dict[str, Any]) -> None:
        self.tally.replies[reply["status"]] += 1
        if reply["status"] in ("conflict", "rejected"):
            self.tally.refusals[reply.get("code") or "unknown"] += 1
