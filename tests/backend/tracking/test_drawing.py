"""The picture says about how far and about which way, and no more than that."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tracking.drawing import CENTRE, NEAREST, SIZE, bearing_deg, ink, octant, radar, rounded_m

HOME = (39.9955, 116.4703)


@pytest.mark.parametrize(
    ("lat", "lng", "direction"),
    [(40.1, 116.4703, 0), (40.1, 116.6, 1), (39.9955, 116.6, 2), (39.8, 116.4703, 4), (39.9955, 116.3, 6)],
)
def test_directions_are_seen_from_the_door(lat: float, lng: float, direction: int) -> None:
    assert octant(bearing_deg(*HOME, lat, lng)) == direction


@given(st.floats(0, 1e6), st.floats(0, 360))
def test_both_badges_are_inside_the_picture_and_apart(distance_m: float, bearing: float) -> None:
    picture = radar(distance_m, bearing)
    assert 0 < picture.x < SIZE
    assert 0 < picture.y < SIZE
    assert math.dist((picture.x, picture.y), (CENTRE, CENTRE)) >= NEAREST - 0.2


@given(st.floats(0, 45), st.floats(0, 40))
def test_a_few_steps_do_not_show(step_m: float, turn: float) -> None:
    """Neither the exact distance nor the exact direction can be read off the picture."""
    assert radar(2_000 + step_m, 90) == radar(2_000, 90)
    assert radar(2_000, 90 + turn / 4) == radar(2_000, 90)


@pytest.mark.parametrize(
    ("distance_m", "shown_m"), [(0, 100), (149, 100), (1_234, 1_200), (4_321, 4_500), (12_345, 12_000)]
)
def test_distances_are_rounded(distance_m: float, shown_m: int) -> None:
    assert rounded_m(distance_m) == shown_m


def test_a_signature_is_drawn_stroke_by_stroke() -> None:
    drawn = ink([[{"x": 0.1, "y": 0.5}, {"x": 0.2, "y": 0.6}], [{"x": 0.5, "y": 0.5}]])
    assert drawn.path == "M30.0 12.0L60.0 42.0M150.0 12.0h.1"
    assert drawn.height == pytest.approx(54)


def test_ten_thousand_points_make_no_heavy_page() -> None:
    stroke = [{"x": index / 10_000, "y": 0.5} for index in range(10_000)]
    assert len(ink([stroke]).path) < 5_000
