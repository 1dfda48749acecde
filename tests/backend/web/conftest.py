"""Our rows, of every kind."""

import pytest

from tests.factories.cast import Stage
from tests.factories.ours import Ours, build_ours


@pytest.fixture
def ours(on_stage: Stage) -> Ours:
    return build_ours(on_stage)
