"""The map of a report: what is tapped is what is kept, and names can be read."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.geocoding.datum import Point, distance_m
from backend.geocoding.gazetteer import Community, beijing
from backend.report.pin import (
    LETTER_PX,
    LINE_PX,
    MOVES,
    SIZE_PX,
    SPANS_M,
    Named,
    Spot,
    View,
    nearest,
    picture,
)

LIDO = Point(39.9791, 116.4712)
points = st.builds(Point, st.floats(-70, 70), st.floats(-179, 179))
spots = st.builds(Spot, st.integers(0, SIZE_PX), st.integers(0, SIZE_PX))


@given(center=points, span=st.integers(0, len(SPANS_M) - 1), spot=spots)
def test_a_tapped_spot_is_the_place_it_shows(center: Point, span: int, spot: Spot) -> None:
    view = View(center, span)
    found = view.spot_of(view.point_at(spot))
    assert (found.x, found.y) == pytest.approx((spot.x, spot.y), abs=0.2)


def test_a_view_is_as_wide_as_it_says() -> None:
    view = View(LIDO, 2)
    west, east = view.point_at(Spot(0, 160)), view.point_at(Spot(SIZE_PX, 160))
    assert distance_m(west, east) == pytest.approx(1_200, rel=0.01)
    assert View.of(view.kept()) == view


@pytest.mark.parametrize("move", MOVES)
def test_the_pin_goes_where_its_key_says(move: str) -> None:
    view = View(LIDO)
    moved = view.beside(LIDO, move)
    assert distance_m(LIDO, moved) == pytest.approx(120, rel=0.01)
    is_right = {
        "north": moved.lat > LIDO.lat, "south": moved.lat < LIDO.lat,
        "east": moved.lng > LIDO.lng, "west": moved.lng < LIDO.lng,
    }  # fmt: skip
    assert is_right[move]


@pytest.mark.parametrize("span", range(len(SPANS_M)))
def test_names_lie_on_the_map_and_not_on_each_other(span: int) -> None:
    here = beijing().find("天通西苑三区").community
    assert here is not None
    drawn = picture(View(here.point, span), here.point, beijing().communities)
    assert (drawn.pin, drawn.names[0]) == (Spot(160, 160), Named(here.name, Spot(160, 160)))
    assert 30 <= drawn.scale_px <= 160
    for one, other in itertools.combinations(drawn.names, 2):
        away_x, away_y = abs(one.spot.x - other.spot.x), abs(one.spot.y - other.spot.y)
        assert away_y > LINE_PX or away_x > (len(one.name) + len(other.name)) * LETTER_PX / 2


def test_the_nearest_known_place_is_named_and_none_far_away() -> None:
    home = Community("晴波园", "朝阳", "", LIDO)
    assert nearest(View(LIDO).beside(LIDO, "north"), [home]) == ("晴波园", 120)
    assert nearest(Point(31.2, 121.4), [home]) is None
