"""Live streams (server-sent events) over the feed: ids only, data comes through the API and its row rules."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import msgspec

from backend.audit.feed import PAGE, Cursor, FeedEntry, read_after
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.session import Database
from backend.sync.hub import FeedHub, Filter, Subscription

PING_S = 15.0
MAX_CATCH_UP = 2000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RESYNC = b"event: resync\ndata: {}\n\n"


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


async def stream(db: Database, hub: FeedHub, wants: Filter, after: str | None) -> AsyncGenerator[bytes]:
    """Bytes of an endless stream: what came after `after`, then what comes, with a ping in silence."""
    async with hub.subscribe(wants) as subscription:
        seen = hub.cursor
        yield b"retry: 2000\nid: %s\n: open\n\n" % str(seen).encode()
        async for entry in _missed(db, wants, Cursor.parse(after), seen):
            yield RESYNC if entry is None else encode(entry)
        async for chunk in _live(subscription, seen):
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


async def _live(subscription: Subscription, seen: Cursor) -> AsyncIterator[bytes]:
    while True:
        try:
            entry = await asyncio.wait_for(subscription.queue.get(), PING_S)
        except TimeoutError:
            yield b": ping\n\n"
            continue
        if entry is None:
            return
        if subscription.lost:
            subscription.lost = False
            yield RESYNC
        if entry.cursor > seen:
            yield encode(entry)
