"""Carries messages out of the outbox: claims, sends, records. Several servers share the work."""

import asyncio
import contextlib
import datetime as dt

import structlog

from backend.db.session import Database
from backend.messages import service
from backend.messages.channels import Channel, ChannelError, make_channels
from backend.messages.service import Claimed, Sealing
from backend.settings import Settings

LOOK_EVERY_S = 5.0
log = structlog.get_logger("backend.messages")


class Sender:
    """Sends what is due, again and again.

    A crash after a message has left and before that is recorded sends it once more, with the same id; one
    before it has left loses nothing, as its claim runs out.
    """

    def __init__(self, db: Database, channels: dict[str, Channel], sealing: Sealing) -> None:
        self._db, self._channels, self._sealing = db, channels, sealing
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._again_and_again())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def send_due(self) -> int:
        """Send everything that is due now; returns how many were handed over."""
        count = 0
        while await self._db.read(service.has_due):
            for one in await self._db.write(service.claim, self._sealing):
                count += await self._send(one)
        return count

    async def _send(self, claimed: Claimed) -> bool:
        channel = self._channels.get(claimed.channel)
        try:
            if channel is None:
                raise ChannelError(f"channel {claimed.channel} is not set up here", is_final=True)
            receipt = await channel.send(claimed.outgoing)
        except ChannelError as error:
            await self._db.write(service.record_failed, claimed, error.detail, is_final=error.is_final)
            return False
        return await self._db.write(service.record_sent, claimed, receipt)

    async def _again_and_again(self) -> None:
        while True:
            try:
                await self.send_due()
            except Exception as error:
                # Whatever it is, what could not be sent now is still in the outbox.
                log.error("messages", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(LOOK_EVERY_S)


def make_sender(settings: Settings, db: Database, secret: bytes) -> Sender:
    """The server's sender, by the services its settings name."""
    lifetime = dt.timedelta(days=settings.customer_link_days)
    sealing = Sealing(secret, settings.base_url, lifetime)
    return Sender(db, make_channels(settings.sms, settings.sms_options), sealing)
