"""Carries messages out of the outbox: claims, sends, records. Several servers share the work."""

import asyncio
import datetime as dt
import uuid

import structlog

from backend.background.chore import Chore
from backend.db.session import Database
from backend.messages import claims, settings
from backend.messages.channels import Channel, ChannelError, Outgoing
from backend.messages.claims import Claimed
from backend.messages.gate import Gate, OuterGate
from backend.messages.kinds import make_channel, make_channels
from backend.messages.models import MessageChannel
from backend.messages.values import Sealing
from backend.settings import Settings

LOOK_EVERY_S = 5.0
SIDE_BY_SIDE = 4
HOOKS = "/hooks/messages"
log = structlog.get_logger("backend.messages")


class ChannelBook:
    """The channels as they are set now: an organisation's own, through a gate, else the server's."""

    def __init__(
        self, db: Database, secret: bytes, base_url: str, server: dict[str, Channel], gate: Gate
    ) -> None:
        self._db, self._secret, self._base_url, self._server = db, secret, base_url, server
        self._gate = gate
        self._made: dict[uuid.UUID, tuple[dt.datetime, Channel]] = {}

    async def channel(self, org_id: uuid.UUID, name: str) -> Channel:
        """The channel; ChannelError when it is not set up. It is made anew when its settings have changed."""
        row = await self._db.read(settings.find, org_id, name)
        if row is None:
            if name not in self._server:
                raise ChannelError("not_set_up", is_final=True)
            return self._server[name]
        changed_at, channel = self._made.get(row.id, (None, None))
        if channel is None or changed_at != row.changed_at:
            channel = self._make(row)
            self._made[row.id] = row.changed_at, channel
        return channel

    def _make(self, row: MessageChannel) -> Channel:
        options = {**settings.opened(self._secret, row), "callback": hook_url(self._base_url, row.id)}
        try:
            return make_channel(row.name, row.kind, options, self._gate)
        except KeyError as error:
            # The server's secret has changed, so the sealed ones can't be read any more.
            raise ChannelError("set_up_again", is_final=True) from error


class Sender:
    """Sends what is due, again and again.

    A crash after a message has left and before that is recorded sends it once more, with the same id; one
    before it has left loses nothing, as its claim runs out. What nobody foresaw puts off one message alone.
    """

    def __init__(self, db: Database, book: ChannelBook, sealing: Sealing) -> None:
        self._db, self._book, self._sealing = db, book, sealing
        # What could not be sent now is still in the outbox.
        self._chore = Chore("messages", self.send_due, LOOK_EVERY_S)

    async def start(self) -> None:
        """Begin to send."""
        self._chore.start()

    async def close(self) -> None:
        await self._chore.close()

    async def send_due(self) -> int:
        """Send everything that is due now; returns how many were handed over."""
        count, seen = 0, set[uuid.UUID]()
        while ids := [one for one in await self._db.read(claims.due) if one not in seen]:
            for few in (ids[at : at + SIDE_BY_SIDE] for at in range(0, len(ids), SIDE_BY_SIDE)):
                count += sum(await asyncio.gather(*(self._carry(one) for one in few)))
            seen.update(ids)
        return count

    async def hand_over(self, org_id: uuid.UUID, channel: str, outgoing: Outgoing) -> str:
        """Hand a message over that is in no outbox; the receipt. Raises ChannelError."""
        return await (await self._book.channel(org_id, channel)).send(outgoing)

    async def _carry(self, message_id: uuid.UUID) -> bool:
        """One message, and whatever it may do."""
        try:
            claimed = await self._db.write(claims.claim, message_id, self._sealing)
            return claimed is not None and await self._send(claimed)
        except Exception as error:
            # Whatever it is: this one waits, the others go on.
            log.error("message", message_id=str(message_id), error=type(error).__name__, exc_info=error)
            await self._db.write(claims.put_aside, message_id, f"error: {type(error).__name__}")
            return False

    async def _send(self, claimed: Claimed) -> bool:
        try:
            channel = await self._book.channel(claimed.org_id, claimed.channel)
            receipt = await channel.send(claimed.outgoing)
        except ChannelError as error:
            await self._db.write(claims.record_failed, claimed, error.detail, is_final=error.is_final)
            return False
        return await self._db.write(claims.record_sent, claimed, receipt)


def hook_url(base_url: str, channel_id: uuid.UUID) -> str:
    """Where a service tells what became of messages, and what customers answer."""
    return f"{base_url}{HOOKS}/{channel_id}"


def make_sender(settings: Settings, db: Database, secret: bytes) -> Sender:
    """The server's sender, by the services its settings and its organisations' name."""
    lifetime = dt.timedelta(days=settings.customer_link_days)
    server, gate = make_channels(settings.sms, settings.sms_options), OuterGate(settings.channel_hosts)
    book = ChannelBook(db, secret, settings.base_url, server, gate)
    return Sender(db, book, Sealing(secret, settings.base_url, lifetime))
