"""The feed skips nothing, not even what commits late; streams resume where they stopped."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import RequestFactory
from sqlmodel import Session

from backend.audit.feed import Cursor, append_change, head, read_after
from backend.auth import service as auth
from backend.auth import tokens
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.session import Database
from backend.organisations.models import Organisation
from backend.settings import Settings
from backend.sync.api import is_still
from backend.sync.hub import FeedHub
from backend.sync.stream import stream
from backend.web.dependencies import SESSION_COOKIE, provide_actor
from tests.factories.cast import RULES, Stage


def everything(_entry: object) -> bool:
    return True


async def with_organisation(database: Database) -> uuid.UUID:
    organisation = Organisation(name="晨光电器")
    await database.write(lambda session: session.add(organisation))
    return organisation.id


def note(session: Session, org_id: uuid.UUID, entity_id: uuid.UUID) -> None:
    append_change(session, org_id, "job", entity_id)


@pytest.mark.anyio
async def test_a_late_commit_is_delivered_after_the_reader_has_moved_on(database_url: str) -> None:
    database = Database(Settings(database_url=database_url).resolved_database_url)
    org_id = await with_organisation(database)
    early, late = uuid.uuid4(), uuid.uuid4()
    written, release = threading.Event(), threading.Event()

    async def slow_writer() -> None:
        if database.is_sqlite:  # one writer: nobody can commit in between, so there is nothing to hold open
            await database.write(note, org_id, late)
            return
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlmodel.ext.asyncio.session import AsyncSession

        engine = create_async_engine(database.url)
        async with AsyncSession(engine) as session, session.begin():
            await session.run_sync(cast("Any", note), org_id, late)
            written.set()
            await asyncio.to_thread(release.wait)
        await engine.dispose()

    writer = asyncio.create_task(slow_writer())
    if not database.is_sqlite:
        await asyncio.to_thread(written.wait)
    await database.write(note, org_id, early)
    cursor, seen = Cursor(), []
    for entry in await database.read(read_after, cursor):
        seen.append(entry.entity_id)
        cursor = entry.cursor
    if not database.is_sqlite:
        assert early not in seen, "a change behind an open transaction must wait"
    release.set()
    await writer
    seen += [entry.entity_id for entry in await database.read(read_after, cursor)]
    assert sorted(seen) == sorted([early, late])
    await database.close()


@pytest.mark.anyio
async def test_a_stream_delivers_what_was_missed_and_what_comes_once_each(database_url: str) -> None:
    database = Database(Settings(database_url=database_url).resolved_database_url)
    org_id = await with_organisation(database)
    hub = FeedHub(database)
    await hub.start()
    start = str(await database.read(head))
    missed = [uuid.uuid4() for _ in range(3)]
    for entity_id in missed:
        await database.write(note, org_id, entity_id)
    chunks = stream(database, hub, everything, start)
    coming = [uuid.uuid4() for _ in range(3)]
    seen: list[str] = []
    async with asyncio.timeout(20):
        await collect(chunks, seen, 3)
        for entity_id in coming:
            await database.write(note, org_id, entity_id)
        await collect(chunks, seen, 6)
    assert seen == [str(entity_id) for entity_id in missed + coming]
    await chunks.aclose()
    await hub.stop()
    await database.close()


@pytest.mark.anyio
async def test_while_nobody_listens_nothing_is_read_and_whoever_comes_begins_at_the_end(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(Settings(database_url=database_url).resolved_database_url)
    org_id = await with_organisation(database)
    hub, reads = FeedHub(database), list[object]()
    await hub.start()
    read = database.read

    async def counted(work: Callable[..., object], *args: object) -> object:
        reads.append(work)
        return await read(work, *args)

    monkeypatch.setattr(database, "read", counted)
    unheard, heard = uuid.uuid4(), uuid.uuid4()
    await database.write(note, org_id, unheard)
    await asyncio.sleep(0)  # the hub was woken, and has its turn
    await asyncio.sleep(0)
    assert reads == []
    async with asyncio.timeout(20), hub.subscribe(everything) as one, hub.subscribe(everything) as other:
        await database.write(note, org_id, heard)
        for each in (one, other):
            entry = await each.queue.get()
            assert entry is not None
            assert entry.entity_id == heard
        assert reads.count(head) == 1
    await hub.stop()
    await database.close()


@pytest.mark.anyio
async def test_what_comes_while_the_first_listener_begins_is_not_left_for_later(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.sync.hub.LOOK_EVERY_S", 3600)
    database = Database(Settings(database_url=database_url).resolved_database_url)
    org_id, between = await with_organisation(database), uuid.uuid4()
    hub, read = FeedHub(database), database.read
    await hub.start()

    async def followed_by_a_commit(work: Callable[..., object], *args: object) -> object:
        result = await read(work, *args)
        if work is head:
            await database.write(note, org_id, between)
            for _ in range(10):  # the hub was woken by it, and has its turn: nobody is there
                await asyncio.sleep(0)
            assert not hub._wake.is_set()
        return result

    monkeypatch.setattr(database, "read", followed_by_a_commit)
    async with asyncio.timeout(20), hub.subscribe(everything) as one:
        entry = await one.queue.get()
    assert entry is not None
    assert entry.entity_id == between
    await hub.stop()
    await database.close()


async def collect(chunks: AsyncIterator[bytes], seen: list[str], until: int) -> None:
    import json

    while len(seen) < until:
        chunk = await anext(chunks)
        if chunk.startswith(b"event: change"):
            seen.append(json.loads(chunk.split(b"data: ")[1])["id"])


@pytest.mark.anyio
async def test_a_cursor_from_another_life_of_the_database_asks_for_a_resync(database_url: str) -> None:
    database = Database(Settings(database_url=database_url).resolved_database_url)
    hub = FeedHub(database)
    await hub.start()
    chunks = stream(database, hub, everything, "99999999.99999999")
    await anext(chunks)
    assert await anext(chunks) == b"event: resync\ndata: {}\n\n"
    await chunks.aclose()
    await hub.stop()
    await database.close()


@pytest.mark.anyio
async def test_stopping_the_hub_ends_open_streams(database_url: str) -> None:
    database = Database(Settings(database_url=database_url).resolved_database_url)
    hub = FeedHub(database)
    await hub.start()
    chunks = stream(database, hub, everything, None)
    await anext(chunks)
    waiting = asyncio.ensure_future(anext(chunks, None))
    await hub.stop()
    async with asyncio.timeout(5):
        assert await waiting is None
    await database.close()


@given(st.text(max_size=30))
def test_any_text_is_a_cursor_or_none(text: str) -> None:
    cursor = Cursor.parse(text)
    assert cursor is None or Cursor.parse(str(cursor)) == cursor


@given(st.integers(0, 10**17), st.integers(0, 10**17))
def test_a_printed_cursor_reads_back(txid: int, seq: int) -> None:
    assert Cursor.parse(str(Cursor(txid, seq))) == Cursor(txid, seq)


@pytest.mark.anyio
async def test_a_stream_ends_once_its_reader_is_no_longer_welcome(database_url: str) -> None:
    database = Database(Settings(database_url=database_url).resolved_database_url)
    org_id = await with_organisation(database)
    hub = FeedHub(database)
    await hub.start()
    answers = [True, False]

    async def is_welcome() -> bool:
        return answers.pop(0)

    chunks = stream(database, hub, everything, None, is_welcome, ask_again_s=0)
    await anext(chunks)
    heard, unheard = uuid.uuid4(), uuid.uuid4()
    async with asyncio.timeout(20):
        await database.write(note, org_id, heard)
        assert str(heard).encode() in await anext(chunks)
        await database.write(note, org_id, unheard)
        assert await anext(chunks, None) is None
    await hub.stop()
    await database.close()


def test_a_revoked_token_and_an_ended_session_follow_the_stream_no_longer(on_stage: Stage) -> None:
    admin = Actor(role=Role.ADMIN, org_id=on_stage.world.org.id, name="admin")
    made = on_stage.calls.write(tokens.create, admin, "shop")
    account = on_stage.cast.accounts["dispatcher"]
    session_token = on_stage.calls.write(auth.open_session, account, RULES, "", "test").token
    portal = on_stage.client.blocking_portal
    assert portal is not None
    for headers, end in (
        (
            {"authorization": f"Bearer {made.secret}"},
            partial(tokens.revoke, actor=admin, token_id=made.row.id),
        ),
        ({"cookie": f"{SESSION_COOKIE}={session_token}"}, partial(auth.close_session, token=session_token)),
    ):
        request = RequestFactory(app=cast("Any", on_stage.client.app)).get("/api/feed", headers=headers)
        actor = portal.call(provide_actor, request)
        assert portal.call(is_still, request, actor) is True
        on_stage.calls.write(end)
        assert portal.call(is_still, request, actor) is False
