"""Who reports a fault, on SQLite or on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.report.caller import Caller, calling
from tests.databases import SqliteTemplates


@pytest.fixture
def caller(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Caller]:
    with calling(sqlite_templates.copy_to(tmp_path / "shangmen.db"), tmp_path) as opened:
        yield opened


@pytest.fixture
def on_both(database_url: str, tmp_path: Path) -> Iterator[Caller]:
    with calling(database_url, tmp_path) as opened:
        yield opened
