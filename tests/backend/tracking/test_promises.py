"""When a customer hears that a promise will probably be missed, again, or no more."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tracking.arrival import Basis, Forecast
from backend.tracking.promises import (
    MOST_PATIENCE,
    OFTEN_NEWS,
    PROBABLY,
    Limits,
    News,
    Told,
    chance_after,
    is_at_risk,
    news,
)

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
END = NOON + dt.timedelta(hours=2)
LIMITS = Limits(moved=dt.timedelta(minutes=15), gap=dt.timedelta(minutes=30))


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def expected(early: float, likely: float, late: float) -> Forecast:
    """A range in minutes from the end of the window."""
    return Forecast(END + minutes(early), END + minutes(likely), END + minutes(late), Basis.PLAN)


@pytest.mark.parametrize(
    ("at_min", "chance"),
    [(-20, 0.9), (-10, 0.7), (0, 0.5), (20, 0.3), (40, 0.1), (50, 0.0), (-25, 1.0), (-600, 1.0), (600, 0.0)],
)
def test_the_chance_of_coming_later_falls_through_the_three_quantiles(at_min: float, chance: float) -> None:
    assert chance_after(expected(-20, 0, 40), END + minutes(at_min)) == pytest.approx(chance)


@given(st.lists(st.integers(-120, 120), min_size=3, max_size=3), st.integers(-300, 300), st.integers(0, 60))
def test_a_later_instant_is_never_more_likely_to_be_passed(
    ends: list[int], at_min: int, more_min: int
) -> None:
    """Also where a half of the range, or all of it, has no length."""
    early, likely, late = sorted(ends)
    found = expected(early, likely, late)
    sooner, later = (chance_after(found, END + minutes(at)) for at in (at_min, at_min + more_min))
    assert 0.0 <= later <= sooner <= 1.0


@pytest.mark.parametrize(
    ("likely_min", "is_risk"),
    [(-40, False), (-20, False), (-19, True), (30, True)],  # three in ten come more than 20 minutes after
)
def test_the_page_warns_before_a_message_does(likely_min: float, is_risk: bool) -> None:
    assert is_at_risk(expected(likely_min - 20, likely_min, likely_min + 40), END) == is_risk


# Ranges of an hour by their chance of missing the window: 0.1, 0.4, 0.6 and 0.9.
KEPT, OPEN, MISSED, LOST = (expected(at - 20, at, at + 40) for at in (-40, -10, 5, 20))
LATE, ON_TIME = News.LATE, News.ON_TIME


def told(what: News, ago_min: float, likely_min: float = 5, width_min: float = 20, count: int = 1) -> Told:
    likely, half = END + minutes(likely_min), minutes(width_min / 2)
    return Told(END - minutes(ago_min), what, likely - half, likely, likely + half, count)


GRID: list[tuple[Told | None, Sequence[News | None]]] = [
    # told before                                           kept     open  missed lost
    (None, (None, None, LATE, LATE)),
    (told(LATE, 1), (ON_TIME, None, None, None)),  # taken back at once, else not so soon
    (told(LATE, 29, likely_min=60), (ON_TIME, None, None, None)),
    (told(LATE, 30, likely_min=60), (ON_TIME, None, LATE, LATE)),  # sooner than was told is news as well
    (told(LATE, 30), (ON_TIME, None, None, LATE)),  # 15 minutes later
    (told(LATE, 30, likely_min=6), (ON_TIME, None, None, None)),  # 14 minutes are no news
    (told(LATE, 30, width_min=40), (ON_TIME, None, None, None)),  # what was told still holds it
    (told(ON_TIME, 29), (None, None, None, None)),
    (told(ON_TIME, 30), (None, None, LATE, LATE)),
    (told(LATE, 30, likely_min=36, count=OFTEN_NEWS - 1), (ON_TIME, None, LATE, LATE)),
    # The fifth takes an hour and a move of half an hour; what follows twice that; taking back never waits.
    (told(LATE, 59, likely_min=90, count=OFTEN_NEWS), (ON_TIME, None, None, None)),
    (told(LATE, 60, likely_min=36, count=OFTEN_NEWS), (ON_TIME, None, LATE, None)),
    (told(ON_TIME, 60, count=OFTEN_NEWS), (None, None, LATE, LATE)),
    (told(LATE, 119, likely_min=90, count=OFTEN_NEWS + 1), (ON_TIME, None, None, None)),
    (told(LATE, 120, likely_min=70, count=OFTEN_NEWS + 1), (ON_TIME, None, LATE, None)),
    (told(LATE, 120, likely_min=70, count=20), (ON_TIME, None, LATE, None)),
]


@pytest.mark.parametrize(("before", "answers"), GRID)
def test_what_is_told_by_the_chance_and_by_what_was_told(
    before: Told | None, answers: Sequence[News | None]
) -> None:
    assert [news(found, END, before, END, LIMITS) for found in (KEPT, OPEN, MISSED, LOST)] == list(answers)


@given(st.lists(st.tuples(st.integers(-90, 240), st.integers(1, 60)), max_size=120))
def test_however_arrivals_swing_customers_are_told_little_in_turn_and_what_matters(
    swings: list[tuple[int, int]],
) -> None:
    before, heard = None, list[tuple[dt.datetime, News]]()
    for number, (likely, half) in enumerate(swings):
        now, found = END + minutes(5 * number), expected(likely - half, likely, likely + half)
        what = news(found, END, before, now, LIMITS)
        if what is not None:
            heard.append((now, what))
            before = Told(now, what, found.earliest, found.likely, found.latest, len(heard))
        elif before is not None and now - before.at >= LIMITS.gap * MOST_PATIENCE:
            assert not is_left_waiting(found, before)
    assert len(heard) <= MOST_IN_TEN_HOURS
    for (earlier, was), (later, now_told) in zip([(END - LIMITS.gap, ON_TIME), *heard], heard, strict=False):
        assert was is LATE or now_told is LATE  # nothing is taken back twice, nor what was not told
        assert now_told is ON_TIME or later - earlier >= LIMITS.gap


# Late and taken back again as fast as it goes: five times within the first four hours, then every two.
MOST_IN_TEN_HOURS = 12


def is_left_waiting(found: Forecast, before: Told) -> bool:
    """Whether somebody believes in a promise that is lost, or in a time that is far from the likely one."""
    if chance_after(found, END) < PROBABLY:
        return False
    is_far = abs(found.likely - before.likely) >= LIMITS.moved * MOST_PATIENCE
    return before.news is ON_TIME or (is_far and not before.earliest <= found.likely <= before.latest)
