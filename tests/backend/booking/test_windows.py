"""Windows as instants, without a clock or a database."""

import pytest

from backend.booking import windows
from tests.factories.bookable import ZONE, clock, slot, tomorrow

DAY = [[9, 11], [13, 15]]


@pytest.mark.parametrize(
    ("hour", "from_hour"),
    [
        (7, 9),  # with the first window
        (8.9, 9),
        (9.5, 9.5),  # a quarter exactly
        (9.51, 9.75),
        (12, 12),  # between two windows people work as well
        (14.75, 14.75),
    ],
)
def test_the_soonest_window_begins_with_the_next_quarter(hour: float, from_hour: float) -> None:
    assert windows.soonest(tomorrow(), ZONE, DAY, clock(hour)) == (slot(from_hour),)


@pytest.mark.parametrize("hour", [14.8, 20, -3, 30])
def test_there_is_none_outside_the_hours_of_service(hour: float) -> None:
    assert windows.soonest(tomorrow(), ZONE, DAY, clock(hour)) == ()
