"""What one test leaves in a database of PostgreSQL never meets the next."""

from contextlib import closing

import psycopg
import pytest

from tests.databases import LentDatabases, PostgresServer
from tests.factories.calls import calls_to
from tests.factories.cast import cast


def rows(connection: psycopg.Connection) -> dict[str, int]:
    """How many there are in each table that has any."""
    tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    counts = {}
    for (table,) in tables:
        found = connection.execute(f'select count(*) from "{table}"'.encode()).fetchone()
        counts[table] = found[0] if found else 0
    return {table: count for table, count in counts.items() if count}


def used_sequences(connection: psycopg.Connection) -> list[str]:
    query = "select sequencename from pg_sequences where schemaname = 'public' and last_value is not null"
    return [name for (name,) in connection.execute(query)]


def test_it_comes_back_empty_with_its_counters_at_the_start_and_nobody_connected(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    # Its own: one that others have lent often is about to be given up.
    with closing(LentDatabases(postgres_server, postgres_template)) as lent_databases:
        name = lent_databases.lend()
        with closing(psycopg.connect(postgres_server.url(name))) as left_open:
            with calls_to(postgres_server.driver_url(name)) as calls:
                calls.write(cast().save)
            assert len(rows(left_open)) > 10  # and its transaction goes on

            lent_databases.take_back(name)
            assert lent_databases.lend() == name
            with psycopg.connect(postgres_server.url(name)) as after:
                assert rows(after) == {"alembic_version": 1}
                assert used_sequences(after) == []
            with pytest.raises(psycopg.OperationalError):
                left_open.execute("select 1")


def test_one_that_says_it_is_of_another_version_is_lent_to_nobody(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    with closing(LentDatabases(postgres_server, postgres_template)) as lent_databases:
        name = lent_databases.lend()
        with psycopg.connect(postgres_server.url(name)) as changed:
            changed.execute("update alembic_version set version_num = 'later'")
        lent_databases.take_back(name)
        assert lent_databases.lend() != name
