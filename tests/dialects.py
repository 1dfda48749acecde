"""One memory of compiled statements for all engines of a test process.

Each test opens databases of its own, and an engine remembers a statement's text by its dialect object:
without this every test compiles every statement again, a quarter of the processor time of these tests.
"""

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

MOST_STATEMENTS = 4000
_compiled: LRUCache[object, object] = LRUCache(MOST_STATEMENTS)


class _Alike(Dialect):
    """Equal to each of its kind: all test databases of a kind are of one version and set up alike."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


class _Sqlite(_Alike, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class _Postgres(_Alike, PGDialect_asyncpg):
    supports_statement_cache = True


def share_compiled_statements() -> None:
    """Before the first engine is made."""
    for name, dialect in (
        ("sqlite", _Sqlite),
        ("sqlite.pysqlite", _Sqlite),
        ("postgresql.asyncpg", _Postgres),
    ):
        registry.register(name, __name__, dialect.__name__)
