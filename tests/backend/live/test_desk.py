"""Who works out remedies is there before the first question, if the settings want the solver prepared."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backend.settings import Settings
from tests.factories.at_hand import RemediesInThread, services_at_hand

pytestmark = pytest.mark.anyio


class WatchedDesk(RemediesInThread):
    """Says what was asked of it instead of starting a process."""

    def __init__(self) -> None:
        super().__init__()
        self.starts = 0

    async def start(self) -> None:
        self.starts += 1


@pytest.mark.parametrize(("is_prepared", "starts"), [(True, 1), (False, 0)])
async def test_it_starts_with_the_server(
    lend_database: Callable[[str], str], tmp_path: Path, is_prepared: bool, starts: int
) -> None:
    # The solver itself is made cold: only the desk is looked at.
    cold = Settings(database_url=lend_database("sqlite"), data_dir=tmp_path, solver_warm_up=False)
    prepared = cold.model_copy(update={"solver_warm_up": is_prepared})
    desk = WatchedDesk()
    services = replace(services_at_hand(cold), settings=prepared, remedies=desk)
    await services.start()
    await services.stop()
    assert desk.starts == starts
