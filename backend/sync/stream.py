"""Live streams (server-sent events) over the feed: ids only, data comes through the API and its row rules."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

import msgspec

from backend.audit.feed import PAGE, Cursor, FeedEntry, read_after
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.session import Database
from backend.sync.hub import FeedHub, Filter, Subscription

PING_S = 15.0
# How long somebody may still be told whose session or token has ended.
ASK_AGAIN_S = 60.0
MAX_CATCH_UP = 2000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RESYNC = b"event: resync\ndata: {}\n\n"
Welcome = Callable[[], Awaitable[bool]]


def audience(actor: Actor) -> Filter:
    """Which changes an actor may be told of."""
    if actor.role is Role.TECHNICIAN:
        return lambda entry: entry.org_id == actor.org_id and entry.technician_id == actor.technician_id
    if actor.role is Role.VENDOR_DISPATCHER:
        return lambda entry: entry.org_id == actor.org_id and entry.vendor_id == actor.vendor_id
    if actor.role is Role.CUSTOMER:
        return lambda entry: entry.org_id == actor.org_id and entry.job_id == actor.job_id
    return lambda entry: entry.org_id == actor.org_id


def encode(entry: FeedEntry) -> bytes:
    """One change as a server-sent event."""
    data = {
        "entity": entry.entity,
        "id": entry.entity_id,
        "kind": entry.kind,
        "region_id": entry.region_id,
        "technician_id": entry.technician_id,
    }
    return b"event: change\nid: %s\ndata: %s\n\n" % (str(entry.cursor).encode(), msgspec.json.encode(data))


async def _always() -> bool:
    return True


async def stream(
    db: Database,
    hub: FeedHub,
    wants: Filter,
    after: str | None,
    is_welcome: Welcome = _always,
    ask_again_s: float = ASK_AGAIN_S,
) -> AsyncGenerator[bytes]:
    """Bytes of a stream: what came after `after`, then what comes, with a ping in silence.

    It ends when whoever reads it `is_welcome` no longer, which is asked again and again.
    """
    async with hub.subscribe(wants) as subscription:
        seen = hub.cursor
        yield b"retry: 2000\nid: %s\n: open\n\n" % str(seen).encode()
        async for entry in _missed(db, wants, Cursor.parse(after), seen):
            yield RESYNC if entry is None else encode(entry)
        async for chunk in _live(subscription, seen, is_welcome, ask_again_s):
            yield chunk


async def _missed(
    db: Database, wants: Filter, after: Cursor | None, until: Cursor
) -> AsyncIterator[FeedEntry | None]:
    """Entries between two cursors; None where the gap is too wide and the client must fetch everything."""
    if after is None:
        return
    if after > until:
        yield None
        return
    position, count = after, 0
    while position < until:
        entries = await db.read(read_after, position)
        for entry in entries:
            if entry.cursor <= until and wants(entry):
                yield entry
        count += len(entries)
        if len(entries) < PAGE:
            return
        position = entries[-1].cursor
        if count >= MAX_CATCH_UP:
            yield None
            return


async def _live(
    subscription: Subscription, seen: Cursor, is_welcome: Welcome, ask_again_s: float
) -> AsyncIterator[bytes]:
    ask_at = time.monotonic() + ask_again_s
    while True:
        try:
            entry = await asyncio.wait_for(subscription.queue.get(), PING_S)
        except TimeoutError:
            chunk = b": ping\n\n"
        else:
            if entry is None:
                return
            chunk = encode(entry) if entry.cursor > seen else b""
        if time.monotonic() >= ask_at:
            if not await is_welcome():
                return
            ask_at = time.monotonic() + ask_again_s
        if subscription.lost:
            subscription.lost = False
            yield RESYNC
        if chunk:
            yield chunk
