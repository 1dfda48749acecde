"""The arrival range is never in the past, never narrower than it is honest, and never rests on old news."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tracking.arrival import (
    LEAST_WIDTH,
    QUANTUM,
    STARTS_UP_FROM,
    Approach,
    Basis,
    Sighting,
    distance_m,
    estimate,
    forecast,
)
from backend.tracking.experience import Experience, Phase, Ratio, Spread, widened

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
SIGHTED = st.builds(
    Approach,
    planned=NEAR_TIMES,
    travel=SPANS,
    travel_m=st.floats(0, 1e6),
    departed_at=st.just(NOON - dt.timedelta(hours=6)),
    sighting=SIGHTINGS,
)
CELLS = st.tuples(st.sampled_from(Phase), st.integers(0, 4), st.integers(0, 3))
SPREADS = st.lists(st.floats(-9_000, 9_000), min_size=3, max_size=3).map(lambda s: Spread(9, *sorted(s)))
EXPERIENCES = st.builds(
    Experience,
    travel=st.builds(Ratio, st.integers(0, 99), st.floats(0.1, 4)),
    cells=st.dictionaries(CELLS, SPREADS, max_size=8).map(widened),
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


@given(APPROACHES, NEAR_TIMES, EXPERIENCES)
def test_a_range_never_lies_in_the_past_and_is_in_order(
    approach: Approach, now: dt.datetime, experience: Experience
) -> None:
    known = forecast(approach, now, experience)
    assert now <= known.earliest <= known.likely <= known.latest
    assert known.width >= LEAST_WIDTH
    told = estimate(approach, now, experience)
    assert now <= told.earliest < told.latest


@given(APPROACHES, NEAR_TIMES, EXPERIENCES)
def test_what_is_shown_is_what_is_known_to_five_minutes(
    approach: Approach, now: dt.datetime, experience: Experience
) -> None:
    known, told = forecast(approach, now, experience), estimate(approach, now, experience)
    assert (told.latest - EPOCH) % QUANTUM == dt.timedelta(0)
    assert told.earliest == now or (told.earliest - EPOCH) % QUANTUM == dt.timedelta(0)
    assert now <= told.earliest
    assert -STARTS_UP_FROM <= told.earliest - known.earliest <= QUANTUM - STARTS_UP_FROM
    assert -QUANTUM / 2 <= told.latest - known.latest <= 2 * QUANTUM


@given(SIGHTED, st.floats(0, 300), st.floats(0, 300), EXPERIENCES)
def test_older_news_never_makes_a_range_narrower(
    approach: Approach, one_min: float, other_min: float, experience: Experience
) -> None:
    assert approach.sighting is not None
    fresh, old = (
        replace(approach, sighting=replace(approach.sighting, at=NOON - minutes(age)))
        for age in sorted((one_min, other_min))
    )
    assert forecast(fresh, NOON, experience).width <= forecast(old, NOON, experience).width


@given(APPROACHES, st.integers(1, 5), EXPERIENCES)
def test_more_stops_ahead_never_make_a_range_narrower(
    approach: Approach, more: int, experience: Experience
) -> None:
    later = replace(approach, stops_ahead=approach.stops_ahead + more)
    few, many = forecast(approach, NOON, experience), forecast(later, NOON, experience)
    assert few.width <= many.width
    assert few.latest <= many.latest


@given(st.floats(0, 50_000), st.floats(0, 50_000))
def test_nearer_is_never_later(one_m: float, other_m: float) -> None:
    near, far = sorted((one_m, other_m))
    assert estimate(on_the_way(at_m=near), NOON).latest <= estimate(on_the_way(at_m=far), NOON).latest


def test_before_departure_the_plan_stands() -> None:
    found = estimate(Approach(planned=NOON + minutes(60), travel=minutes(20)), NOON)
    assert found.basis is Basis.PLAN
    assert found.earliest <= NOON + minutes(60) < found.latest
    assert found.latest - found.earliest <= minutes(35)


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
