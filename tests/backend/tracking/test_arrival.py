"""The arrival range is never in the past, never narrower than it is honest, and never rests on old news."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tracking.arrival import (
    LEAST_WIDTH,
    QUANTUM,
    STALE_AFTER,
    Approach,
    Basis,
    Sighting,
    distance_m,
    estimate,
)

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NEAR_TIMES = st.datetimes(dt.datetime(2026, 11, 22), dt.datetime(2026, 11, 25), timezones=st.just(dt.UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(hours=5))
SIGHTINGS = st.builds(Sighting, at=NEAR_TIMES, distance_m=st.floats(0, 2e7))
APPROACHES = st.builds(
    Approach,
    planned=NEAR_TIMES,
    travel=SPANS,
    travel_m=st.floats(0, 1e6),
    stops_ahead=st.integers(0, 12),
    ahead=SPANS,
    departed_at=st.none() | NEAR_TIMES,
    sighting=st.none() | SIGHTINGS,
    window_start=st.none() | NEAR_TIMES,
)


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def on_the_way(seen_ago_min: float = 0.5, at_m: float = 3000) -> Approach:
    """Left ten minutes ago for a way of 25 minutes, seen some minutes ago."""
    return Approach(
        planned=NOON + minutes(15),
        travel=minutes(25),
        travel_m=9000,
        departed_at=NOON - minutes(10),
        sighting=Sighting(NOON - minutes(seen_ago_min), at_m),
    )


@given(APPROACHES, NEAR_TIMES)
def test_a_range_never_lies_in_the_past_and_has_an_honest_width(approach: Approach, now: dt.datetime) -> None:
    found = estimate(approach, now)
    assert found.earliest >= now
    assert found.latest - found.earliest >= LEAST_WIDTH


@given(APPROACHES, NEAR_TIMES)
def test_ends_are_whole_five_minutes_or_now(approach: Approach, now: dt.datetime) -> None:
    found = estimate(approach, now)
    assert (found.latest - EPOCH) % QUANTUM == dt.timedelta(0)
    assert found.earliest == now or (found.earliest - EPOCH) % QUANTUM == dt.timedelta(0)


@given(APPROACHES, NEAR_TIMES)
def test_old_news_is_never_reckoned_with(approach: Approach, now: dt.datetime) -> None:
    """A stale position moves nothing: any other stale one of the same age gives the same range."""
    found = estimate(approach, now)
    if approach.departed_at is None or approach.sighting is None:
        assert found.basis is not Basis.POSITION
    elif now - approach.sighting.at > STALE_AFTER:
        elsewhere = Sighting(approach.sighting.at, approach.sighting.distance_m / 2 + 1)
        moved = Approach(**{**vars(approach), "sighting": elsewhere})
        assert found.basis is not Basis.POSITION
        assert estimate(moved, now) == found
    else:
        assert found.basis is Basis.POSITION


@given(st.floats(0, 50_000), st.floats(0, 50_000))
def test_nearer_is_never_later(one_m: float, other_m: float) -> None:
    near, far = sorted((one_m, other_m))
    assert estimate(on_the_way(at_m=near), NOON).latest <= estimate(on_the_way(at_m=far), NOON).latest


@given(st.floats(0.1, 60), st.floats(0.1, 60))
def test_the_longer_the_silence_the_wider_the_range(one_min: float, other_min: float) -> None:
    short, long = sorted((one_min, other_min))
    if long - short < 5 or short <= 5:
        return
    widths = [
        found.latest - found.earliest
        for found in (estimate(on_the_way(seen_ago_min=silence), NOON) for silence in (short, long))
    ]
    assert widths[0] <= widths[1]


@given(APPROACHES, st.integers(1, 5))
def test_more_stops_ahead_never_make_the_latest_earlier(approach: Approach, more: int) -> None:
    later = Approach(**{**vars(approach), "stops_ahead": approach.stops_ahead + more})
    assert estimate(later, NOON).latest >= estimate(approach, NOON).latest


def test_before_departure_the_plan_stands() -> None:
    found = estimate(Approach(planned=NOON + minutes(60), travel=minutes(20)), NOON)
    assert found.basis is Basis.PLAN
    assert found.earliest < NOON + minutes(60) < found.latest
    assert found.latest - found.earliest <= minutes(30)


def test_before_departure_nobody_comes_before_the_promised_window() -> None:
    start = NOON + minutes(60)
    found = estimate(Approach(planned=NOON + minutes(50), window_start=start), NOON)
    assert found.earliest == start


def test_work_still_ahead_pushes_the_plan_back() -> None:
    plan = Approach(planned=NOON + minutes(10), travel=minutes(20), stops_ahead=1, ahead=minutes(50))
    found = estimate(plan, NOON)
    assert found.latest > NOON + minutes(70)
    assert found.earliest > NOON + minutes(45)


def test_a_fresh_position_decides() -> None:
    """3 km at 6 m/s and a detour of a third: about eleven minutes, and a few to the door."""
    found = estimate(on_the_way(), NOON)
    assert found.basis is Basis.POSITION
    assert found.earliest <= NOON + minutes(11) <= found.latest
    assert found.latest - found.earliest <= minutes(15)


@pytest.mark.parametrize(("seen_ago_min", "basis"), [(4.9, Basis.POSITION), (5.1, Basis.SIGNAL_LOST)])
def test_after_five_silent_minutes_the_signal_is_lost(seen_ago_min: float, basis: Basis) -> None:
    assert estimate(on_the_way(seen_ago_min=seen_ago_min), NOON).basis is basis


def test_a_departure_just_now_is_no_lost_signal() -> None:
    fresh = Approach(planned=NOON, travel=minutes(20), departed_at=NOON - minutes(1))
    assert estimate(fresh, NOON).basis is Basis.PLAN
    assert estimate(fresh, NOON + minutes(10)).basis is Basis.SIGNAL_LOST


def test_a_lost_signal_widens_the_range() -> None:
    seen, lost = estimate(on_the_way(), NOON), estimate(on_the_way(seen_ago_min=8), NOON)
    assert lost.latest - lost.earliest > seen.latest - seen.earliest


def test_distance_of_a_known_pair() -> None:
    """Beijing to Shanghai, about 1,067 km."""
    assert distance_m(39.9042, 116.4074, 31.2304, 121.4737) == pytest.approx(1_067_000, rel=0.005)
