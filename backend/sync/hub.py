"""One reader of the change feed per process, handing changes to every open stream.

It wakes up at once when this process commits a change or PostgreSQL notifies, and looks by itself every
second for what another process (a command line, a second web process) has written.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import asyncpg
import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from backend.audit.feed import CHANNEL, PAGE, Cursor, FeedEntry, head, read_after
from backend.db.session import Database

LOOK_EVERY_S = 1.0
BACKLOG = 1000
RECONNECT_S = 0.5
STREAMS = Gauge("shangmen_feed_streams", "Open live streams.")
log = structlog.get_logger("backend.feed")
Filter = Callable[[FeedEntry], bool]


@dataclass(eq=False)
class Subscription:
    """One stream's queue. `lost` is set when it was too slow and must fetch everything again."""

    wants: Filter
    queue: asyncio.Queue[FeedEntry | None] = field(default_factory=lambda: asyncio.Queue(BACKLOG))
    lost: bool = False

    def offer(self, entry: FeedEntry) -> None:
        if not self.wants(entry):
            return
        try:
            self.queue.put_nowait(entry)
        except asyncio.QueueFull:
            self.lost = True

    def end(self) -> None:
        """Make room if need be and put the end mark."""
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class FeedHub:
    """Reads the feed and fans it out. `start` and `stop` belong to the application's life."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._wake = asyncio.Event()
        self._subscriptions: set[Subscription] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.cursor = Cursor()
        self.is_closing = False

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.cursor = await self._db.read(head)
        self._db.on_commit.append(self.wake)
        self._tasks = [asyncio.create_task(self._run())]
        if not self._db.is_sqlite:
            self._tasks.append(asyncio.create_task(self._listen()))

    def end_streams(self) -> None:
        """Let every open stream finish, so that a stopping server need not wait for them."""
        self.is_closing = True
        for subscription in self._subscriptions:
            subscription.end()

    async def stop(self) -> None:
        """End every stream and the reader."""
        self.end_streams()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(ValueError):
            self._db.on_commit.remove(self.wake)

    def wake(self) -> None:
        """Something was committed."""
        self._wake.set()

    @contextlib.asynccontextmanager
    async def subscribe(self, wants: Filter) -> AsyncIterator[Subscription]:
        """Receive every change from now on that `wants` accepts."""
        await self._begin_here()
        subscription = Subscription(wants)
        if self.is_closing:
            subscription.end()
        self._subscriptions.add(subscription)
        self.wake()  # what came since the end was read may have been passed over, as nobody listened yet
        STREAMS.inc()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            STREAMS.dec()

    async def _begin_here(self) -> None:
        """Whoever comes first begins at the end: while nobody listens nothing is read."""
        if self._subscriptions:
            return
        end = await self._db.read(head)
        if not self._subscriptions:  # somebody else may have begun meanwhile
            self.cursor = max(self.cursor, end)

    async def _run(self) -> None:
        # Python 3.11's wait_for swallows a cancellation that comes together with what it waits for.
        while not self.is_closing:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK_EVERY_S)
            self._wake.clear()
            try:
                await self._deliver()
            except (SQLAlchemyError, OSError) as error:
                log.warning("the feed can't be read, trying again", error=type(error).__name__)

    async def _deliver(self) -> None:
        while self._subscriptions:
            entries = await self._db.read(read_after, self.cursor)
            for entry in entries:
                self.cursor = max(self.cursor, entry.cursor)
                for subscription in self._subscriptions:
                    subscription.offer(entry)
            if len(entries) < PAGE:
                return

    async def _listen(self) -> None:
        """Wake on PostgreSQL's notifications; a lost connection is opened again, nothing is missed."""
        dsn = self._db.url.replace("+asyncpg", "", 1)
        while not self.is_closing:
            try:
                await self._listen_once(dsn)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("notifications lost, reconnecting", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_S)

    async def _listen_once(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn, timeout=5)
        gone = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _connection: gone.set())
            await connection.add_listener(CHANNEL, lambda *_: self.wake())
            self.wake()
            await gone.wait()
        finally:
            connection.terminate()
