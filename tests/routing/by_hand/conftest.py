"""Each case by each engine there is."""

import pytest

from routing.solve import available


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)
