"""The application on stage, on both databases.

Imported only by what runs tests: the process that hands them out has no use for it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.factories.cast import Stage


@pytest.fixture(scope="session", autouse=True)
def shared_statements() -> None:
    from tests.dialects import share_compiled_statements

    share_compiled_statements()


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    from backend.ops.logs import configure_logs
    from backend.settings import Settings

    configure_logs(Settings(log_level="WARNING"))


@pytest.fixture
def on_stage(database_url: str, tmp_path: Path) -> "Iterator[Stage]":
    """Our technician stands at our customer's door; another organisation's does at another's."""
    from tests.factories.cast import stage

    with stage(database_url, tmp_path) as opened:
        yield opened
