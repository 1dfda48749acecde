"""A long import goes on by itself, keeps nobody waiting, and is taken over when its server is gone."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, func, select

from backend.audit.models import Change
from backend.background.embedded import EmbeddedBackground
from backend.db.session import Database
from backend.db.types import utc_now
from backend.imports import intake, runs
from backend.imports.models import ImportRun, ImportState
from backend.imports.service import get_run
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.settings import Settings
from backend.worker.queue import QueueBackground
from backend.worker.worker import Solvers, WorkerRules, take_jobs
from tests.backend.imports.test_imports import Shop
from tests.databases import PostgresServer, unique_name
from tests.factories.calls import calls_to
from tests.factories.orders import OWN, csv_bytes, phone
from tests.factories.scheduling import empty_day

LONG = 80
STATEMENTS_OF_AN_ORDER = 60
COMES_THROUGH = 5


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    with calls_to(database_url) as calls:
        yield Shop(calls.database, calls._portal)


def orders(count: int) -> bytes:
    rows = [
        [
            f"N-{number}",
            "赵女士",
            phone(80_000_000 + number),
            f"朝阳区甜水园东里{number}号楼",
            "",
            "",
            "",
            "SM-TV65",
            "1",
            "install",
            "",
            "",
            "",
            "",
        ]
        for number in range(count)
    ]
    return csv_bytes([OWN, *rows])


def asked(shop: Shop, count: int) -> ImportRun:
    """An import somebody has asked to apply, and nobody works on."""
    run = shop.dry(orders(count))
    shop.write(runs.ask, shop.actor, run.id, lambda _session, _run_id: None)
    return run


def jobs_now(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Job)).one()


def now_of(shop: Shop, run: ImportRun) -> ImportRun:
    return shop.read(get_run, shop.actor, run.id)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database meanwhile."""
    said: list[str] = []

    def note(*call: Any) -> None:
        said.append(call[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.slow
def test_a_long_import_leaves_the_server_free(shop: Shop, database_url: str) -> None:
    """While orders come in, the event loop goes round and others read and write: it is many short effects."""
    run = asked(shop, LONG)
    seen: list[int] = []

    async def serve() -> None:
        server = Database(Settings(database_url=database_url).resolved_database_url)
        work = asyncio.create_task(intake.carry_out(server, run.id))
        while not work.done():
            await asyncio.sleep(0)
            seen.append(await server.write(jobs_now))
        await work
        await server.close()

    with statements() as said:
        asyncio.run(serve())
    done = now_of(shop, run)
    assert (done.state, done.summary["created"], shop.count(Job)) == (ImportState.APPLIED, LONG, LONG)
    assert len(set(seen)) >= COMES_THROUGH
    assert len(said) < LONG * STATEMENTS_OF_AN_ORDER + 4 * len(seen)


def test_progress_is_told_and_the_feed_says_when_to_look(shop: Shop) -> None:
    run = asked(shop, 6)
    claim = shop.write(runs.claim, run.id)
    assert claim is not None
    assert shop.write(runs.apply_some, claim, [0, 1, 2, 3, 4, 5], budget_s=0) == 1
    seen = now_of(shop, run)
    assert (seen.state, seen.summary["done"], seen.summary["todo"]) == (ImportState.APPLYING, 1, 6)

    def told(session: Session) -> int:
        query = select(func.count()).select_from(Change).where(Change.entity_id == run.id)
        return session.exec(query).one()

    assert shop.read(told) == 3  # kept, asked for, one done


def test_a_server_takes_over_what_another_left(shop: Shop, database_url: str) -> None:
    run = asked(shop, 5)
    gone = shop.write(runs.claim, run.id)
    assert gone is not None
    shop.write(runs.apply_some, gone, [0], budget_s=0)
    assert shop.write(runs.claim, run.id) is None  # it may still be alive

    def fall_silent(session: Session) -> None:
        session.get_one(ImportRun, run.id).heartbeat_at = utc_now() - dt.timedelta(minutes=1)

    shop.write(fall_silent)

    async def serve() -> None:
        server = Database(Settings(database_url=database_url).resolved_database_url)
        background = EmbeddedBackground(server)
        await background.start()
        try:
            settled = await intake.settled(server, shop.actor, run.id, patience_s=20)
            assert settled.state is ImportState.APPLIED
        finally:
            await background.close()
            await server.close()

    asyncio.run(serve())
    assert shop.count(Job) == 5
    assert shop.write(runs.apply_some, gone, [1]) is None  # who was given up writes nothing any more


def test_a_server_that_stops_leaves_the_rest_to_the_next(shop: Shop, database_url: str) -> None:
    run = asked(shop, 40)

    async def stop_half_way() -> None:
        server = Database(Settings(database_url=database_url).resolved_database_url)
        begun = asyncio.Event()
        server.on_commit.append(begun.set)
        background = EmbeddedBackground(server)
        await background.start()
        await asyncio.wait_for(begun.wait(), 20)
        await background.close()
        await server.close()

    asyncio.run(stop_half_way())
    assert now_of(shop, run).state is ImportState.APPLYING
    assert shop.read(runs.waiting, utc_now()) == [run.id]
    assert shop.apply(run).summary["created"] == 40
    assert shop.count(Job) == 40


def test_workers_apply_imports_and_end_offers(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    """Where there is a queue, the web server only hands over."""
    name = unique_name()
    url = Settings(database_url=postgres_server.create(name, postgres_template)).resolved_database_url
    day = empty_day()
    day.org.offer_minutes = 30
    wang = day.technician("王建国")
    late = day.visit(day.job(10), wang, 10, JobStatus.ASSIGNED, offer_expires_at=utc_now())
    try:
        with calls_to(url) as calls:
            shop = Shop(calls.database, calls._portal)
            run = shop.dry(orders(3))
            shop.write(runs.ask, shop.actor, run.id, QueueBackground().hand_over_import)
            shop.write(day.save)
            asyncio.run(_work_until_done(url, shop, run, late))
            assert shop.count(Job) == 4
    finally:
        postgres_server.drop(name)


async def _work_until_done(url: str, shop: Shop, run: ImportRun, late: Visit) -> None:
    server, solvers = Database(url), Solvers(1)
    ended = asyncio.Event()
    rules = WorkerRules(shutdown_s=0.2)
    worker = asyncio.create_task(take_jobs(url, server, solvers, rules, has_signals=False))
    try:
        settled = await intake.settled(server, shop.actor, run.id, patience_s=30)
        assert settled.state is ImportState.APPLIED
        server.on_commit.append(ended.set)
        while (await server.read(lambda session: session.get_one(Visit, late.id))).outcome is None:
            await asyncio.wait_for(ended.wait(), 30)
            ended.clear()
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await server.close()
