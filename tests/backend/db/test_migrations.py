"""A database of an earlier version keeps its data on the way to this one, on both databases."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from backend.db import migrate
from backend.db.registry import METADATA
from backend.settings import Settings

R = TypeVar("R")


class Run:
    """Calls a function on a connection of its own; what it returns comes back."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, work: Callable[[sa.Connection], R]) -> R:
        kept: list[R] = []
        migrate.run(self.url, lambda connection: kept.append(work(connection)))
        return kept[0]


@pytest.fixture
def url(empty_database_url: str) -> str:
    return Settings(database_url=empty_database_url).resolved_database_url


@pytest.fixture
def run(url: str) -> Run:
    return Run(url)


def go_to(url: str, revision: str) -> None:
    command.upgrade(migrate.alembic_config(url), revision)


def insert(connection: sa.Connection, table: str, **values: Any) -> None:
    """A row of a table as it then was, its other required columns filled with something."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))  # rows without parents
    found = sa.Table(table, sa.MetaData(), autoload_with=connection)
    wanted = {column.name: _something(column) for column in found.columns if not column.nullable}
    connection.execute(sa.insert(found).values(wanted | values))


def _something(column: sa.Column[Any]) -> object:
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.Uuid):
        return uuid.uuid4()
    if isinstance(kind, sa.Date):
        return dt.date(2026, 11, 23)
    if isinstance(kind, sa.DateTime):
        return dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer | sa.Float):
        return 1
    if isinstance(kind, sa.String):
        return uuid.uuid4().hex[: min(20, kind.length or 20)]
    return uuid.uuid4().hex  # SQLite reflects a UUID as CHAR(32) or as a number


def test_the_models_are_what_the_migrations_make(url: str, run: Run) -> None:
    migrate.upgrade(url)

    def differences(connection: sa.Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return [
            each
            for each in compare_metadata(context, METADATA)
            if each[0] not in {"remove_table", "remove_index"}  # the queue's, on PostgreSQL
        ]

    assert run(differences) == []


def test_a_row_of_every_first_table_comes_through_all_versions(url: str, run: Run) -> None:
    go_to(url, "0001")
    later = {"visit": "busy_until", "plan_visit": "end_at", "shift": "ends_at"}

    def rows(connection: sa.Connection, names: Iterable[str]) -> dict[str, int]:
        # The names are our own tables'.
        counts = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in names}
        return {name: connection.execute(query).scalar_one() for name, query in counts.items()}

    def fill(connection: sa.Connection) -> list[str]:
        found = sa.inspect(connection).get_table_names()
        ours = sorted(name for name in found if name in METADATA.tables)
        for name in ours:
            ends = {later[name]: dt.datetime(2026, 11, 24, tzinfo=dt.UTC)} if name in later else {}
            insert(connection, name, **ends)
        return ours

    names = run(fill)
    assert len(names) > 30
    migrate.upgrade(url)
    assert run(partial(rows, names=names)) == dict.fromkeys(names, 1)


def test_a_reason_that_was_the_word_null_is_nothing(url: str, run: Run) -> None:
    go_to(url, "0005")
    null = sa.text("'null'") if url.startswith("sqlite") else sa.text("'null'::jsonb")

    def fill(connection: sa.Connection) -> None:
        insert(connection, "job", number="J1", unserved_reason=null)
        insert(connection, "job", number="J2", unserved_reason={"code": "no_room", "data": {}})

    run(fill)
    migrate.upgrade(url)

    def read(connection: sa.Connection) -> list[tuple[Any, ...]]:
        query = sa.text("SELECT number FROM job WHERE unserved_reason IS NULL ORDER BY number")
        return [tuple(row) for row in connection.execute(query)]

    assert run(read) == [("J1",)]


def test_of_two_prices_in_force_the_later_stays(url: str, run: Run) -> None:
    go_to(url, "0019")
    price: dict[str, Any] = {"org_id": uuid.uuid4().hex, "code": "WK-DRILL", "valid_until": None}
    for minute, fen in ((1, 6_000), (2, 7_000)):
        at = dt.datetime(2026, 11, 23, 4, minute, tzinfo=dt.UTC)
        run(partial(insert, table="extra_work", valid_from=at, price_fen=fen, **price))
    migrate.upgrade(url)
    query = sa.text("SELECT price_fen FROM extra_work WHERE valid_until IS NULL")
    assert run(lambda connection: list(connection.execute(query).scalars())) == [7_000]
    with pytest.raises(IntegrityError):
        run(partial(insert, table="extra_work", **price))


def test_days_that_were_made_free_stay_free(url: str, run: Run) -> None:
    go_to(url, "0021")
    who, ends = uuid.uuid4(), dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    run(partial(insert, table="technician", id=who if "postgres" in url else who.hex))
    mine: dict[str, Any] = {"technician_id": who if "postgres" in url else who.hex}
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        of: dict[str, Any] = {"entity_id": mine["technician_id"], "data": {"day": day}}
        run(partial(insert, table="audit_entry", action="shift.changed", **of))
    run(partial(insert, table="shift", day=dt.date(2026, 11, 24), ends_at=ends, **mine))
    run(partial(insert, table="absence", day=dt.date(2026, 11, 25), taken_back_at=None, **mine))
    migrate.upgrade(url)
    found = run(lambda connection: connection.execute(sa.text("SELECT day FROM freed_day")).scalars().all())
    assert [str(day) for day in found] == ["2026-11-23"]


def test_a_visit_belongs_to_whom_its_job_was_given_to(url: str, run: Run) -> None:
    """Where somebody else has the job by now, all that is known is whom the technician works for."""
    go_to(url, "0022")
    ids: dict[str, Any] = {
        name: made if "postgres" in url else made.hex
        for name in ("then", "now", "who", "kept", "passed_on")
        if (made := uuid.uuid4())
    }
    ends = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    for vendor in ("then", "now"):
        run(partial(insert, table="vendor", id=ids[vendor]))
    run(partial(insert, table="technician", id=ids["who"], vendor_id=ids["now"]))
    run(partial(insert, table="job", id=ids["kept"], technician_id=ids["who"], vendor_id=ids["then"]))
    run(partial(insert, table="job", id=ids["passed_on"], technician_id=None, vendor_id=None))
    for number, job in enumerate(("kept", "passed_on")):
        times: dict[str, Any] = {"attempt": number, "busy_until": ends, "outcome": "completed"}
        run(partial(insert, table="visit", job_id=ids[job], technician_id=ids["who"], **times))
    migrate.upgrade(url)
    query = sa.text("SELECT vendor_id FROM visit ORDER BY attempt")
    found = run(lambda connection: connection.execute(query).scalars().all())
    assert found == [ids["then"], ids["now"]]


def test_photos_stay_and_a_picture_may_then_show_two_steps(url: str, run: Run) -> None:
    go_to(url, "0005")
    visit, sha256 = uuid.uuid4().hex, "a" * 64
    run(partial(insert, table="photo", visit_id=visit, sha256=sha256, step="before"))
    with pytest.raises(IntegrityError):
        run(partial(insert, table="photo", visit_id=visit, sha256=sha256, step="after"))
    migrate.upgrade(url)
    for step in ("after", None):
        run(partial(insert, table="photo", visit_id=visit, sha256=sha256, step=step))
    for step in ("after", None):
        with pytest.raises(IntegrityError):
            run(partial(insert, table="photo", visit_id=visit, sha256=sha256, step=step))
    count = sa.text("SELECT count(*) FROM photo")
    assert run(lambda connection: connection.execute(count).scalar_one()) == 3
