"""The application on stage, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.ops.logs import configure_logs
from backend.settings import Settings
from tests.dialects import share_compiled_statements
from tests.factories.cast import Stage, stage

share_compiled_statements()


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    configure_logs(Settings(log_level="WARNING"))


@pytest.fixture
def on_stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Our technician stands at our customer's door; another organisation's does at another's."""
    with stage(database_url, tmp_path) as opened:
        yield opened
