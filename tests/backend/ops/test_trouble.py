"""Trouble below the application: the database away, no room left. Replies are clear, and all goes on."""

import asyncio
import errno
import hashlib
import io
import os
import sqlite3
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import psycopg
import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col

from backend.audit.feed import append_change
from backend.db.session import Database
from backend.jobs.models import Job
from backend.organisations.models import Organisation
from backend.settings import Settings
from backend.sync.hub import FeedHub
from backend.web.problems import on_database_error
from tests.databases import PostgresServer, unique_name
from tests.factories.cast import Stage, stage

R = TypeVar("R")
END_ALL = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = %s"


@contextmanager
def away(server: PostgresServer, name: str) -> Iterator[None]:
    """Every connection to a database is cut, and no new one let in."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(f'alter database "{name}" allow_connections false'.encode())
        admin.execute(END_ALL, [name])
        try:
            yield
        finally:
            admin.execute(f'alter database "{name}" allow_connections true'.encode())


@pytest.fixture
def own_database(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The name of a database that is lent to nobody before or after: not even its keeper stays connected."""
    name = unique_name()
    postgres_server.create(name, postgres_template)
    yield name
    postgres_server.drop(name)


def test_while_postgresql_is_away_callers_are_asked_to_come_back_and_find_it_again(
    own_database: str, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with stage(postgres_server.driver_url(own_database), tmp_path) as on_stage:
        phone = on_stage.sign_in("technician")
        with away(postgres_server, own_database):
            pulled = phone.get("/api/sync/pull")
            sent = phone.send("accept", on_stage.world.job.id)
            ready = on_stage.client.get("/ready")
        for reply in (pulled, sent):
            assert (reply.status_code, reply.json()["code"]) == (503, "unavailable"), reply.text
            assert int(reply.headers["retry-after"]) > 0
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert on_stage.client.get("/ready").status_code == 200
        assert phone.get("/api/sync/pull").status_code == 200
        assert phone.send("note", on_stage.world.job.id, text="again").json()["status"] == "accepted"


class Failing(Database):
    """Reads fail the way SQLAlchemy tells it, as long as it `is_failing`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_failing, self.failed = False, asyncio.Event()

    async def read(self, work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        if self.is_failing:
            self.failed.set()
            raise OperationalError("select", {}, sqlite3.OperationalError("disk I/O error"))
        return await super().read(work, *args, **kwargs)


@pytest.mark.anyio
async def test_live_changes_go_on_after_the_feed_could_not_be_read(
    lend_database: Callable[[str], str],
) -> None:
    database = Failing(Settings(database_url=lend_database("sqlite")).resolved_database_url)
    organisation, entity = Organisation(name="晨光电器"), uuid.uuid4()
    await database.write(lambda session: session.add(organisation))
    hub = FeedHub(database)
    await hub.start()
    async with asyncio.timeout(20), hub.subscribe(lambda _entry: True) as subscription:
        database.is_failing = True
        hub.wake()
        await database.failed.wait()
        database.is_failing = False
        await database.write(lambda session: append_change(session, organisation.id, "job", entity))
        told = await subscription.queue.get()
    assert told is not None
    assert told.entity_id == entity
    await hub.stop()
    await database.close()


def test_an_error_of_the_database_repeats_no_row_and_no_value(on_stage: Stage) -> None:
    def break_a_rule(session: Session) -> None:
        values = {"duration_s": 0, "description": "the key is under the mat"}
        session.execute(sa.update(Job).where(col(Job.id) == on_stage.world.job.id).values(**values))

    with pytest.raises(IntegrityError) as caught:
        on_stage.calls.write(break_a_rule)
    told = "".join(traceback.format_exception(caught.value))
    assert "ck_job_duration" in told
    assert "under the mat" not in told
    assert "望京" not in told


def test_a_full_disk_is_said_and_the_picture_comes_again(
    lend_database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    drawn = io.BytesIO()
    Image.new("L", (8, 8)).save(drawn, "PNG")
    picture = drawn.getvalue()
    path = f"/api/blobs/{hashlib.sha256(picture).hexdigest()}"
    with stage(lend_database("sqlite"), tmp_path) as on_stage:
        phone = on_stage.sign_in("technician")
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", full)
            refused = phone.request("PUT", path, content=picture)
        assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
        assert [file for file in (tmp_path / "blobs").rglob("*") if file.is_file()] == []
        assert phone.request("PUT", path, content=picture).status_code == 201


def test_a_full_sqlite_is_said(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'full.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("create table kept (text)")
        connection.exec_driver_sql("pragma max_page_count = 3")
        with pytest.raises(OperationalError) as caught:
            connection.exec_driver_sql("insert into kept values (zeroblob(100000))")
    engine.dispose()
    reply = on_database_error(cast("Any", None), caught.value)
    assert (reply.status_code, reply.content["code"]) == (507, "storage_full")
