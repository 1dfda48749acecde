"""Datum conversion: right places shifted, others left alone, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.geocoding.datum import (
    Datum,
    Point,
    bd09_to_gcj02,
    distance_m,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)
from backend.geocoding.mainland import area_of, is_in_gcj02_area

MAINLAND = {
    "Beijing": (39.9042, 116.4074),
    "Shanghai, on the river": (31.2405, 121.4900),
    "Shenzhen Luohu, 500 m from the line": (22.5325, 114.1135),
    "Shatoujiao, in a divided street": (22.5560, 114.2350),
    "Shekou": (22.4800, 113.9150),
    "Zhuhai Gongbei, beside Macau": (22.2180, 113.5497),
    "Hengqin, across the water from Macau": (22.1280, 113.5400),
    "Xiamen, facing Kinmen": (24.4798, 118.0894),
    "Dongxing, facing Mong Cai": (21.5470, 107.9710),
    "Heihe, facing Blagoveshchensk": (50.2450, 127.5280),
    "Dandong, facing Sinuiju": (40.1240, 124.3850),
    "Ruili": (24.0129, 97.8558),
    "Sanya": (18.2500, 109.5100),
    "Lhasa": (29.6500, 91.1100),
    "Urumqi": (43.8256, 87.6168),
    "Weizhou island": (21.0400, 109.1200),
    "Chongming island": (31.6300, 121.4000),
}
ELSEWHERE = {
    "Hong Kong, Central": (22.2810, 114.1580),
    "Hong Kong, Lo Wu": (22.5280, 114.1132),
    "Hong Kong, Sha Tau Kok": (22.5445, 114.2220),
    "Hong Kong, airport": (22.3080, 113.9140),
    "Macau, Senado": (22.1937, 113.5400),
    "Macau, Border Gate": (22.2145, 113.5492),
    "Macau, Cotai": (22.1470, 113.5610),
    "Taipei": (25.0330, 121.5654),
    "Kinmen": (24.4345, 118.3186),
    "Matsu": (26.1600, 119.9500),
    "Hanoi": (21.0278, 105.8342),
    "Mong Cai": (21.5300, 107.9660),
    "Sinuiju": (40.1000, 124.3980),
    "Blagoveshchensk": (50.2900, 127.5270),
    "Muse": (23.9800, 97.9050),
    "Ulaanbaatar": (47.9200, 106.9000),
    "Kathmandu": (27.7100, 85.3200),
    "Seoul": (37.5600, 126.9800),
    "London": (51.5072, -0.1276),
    "Porto Alegre": (-30.0346, -51.2177),
    "North pole": (90.0, 0.0),
}

on_earth = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
near_china = st.builds(Point, st.floats(15, 55), st.floats(72, 137))


@pytest.mark.parametrize(("lat", "lng"), MAINLAND.values(), ids=MAINLAND.keys())
def test_mainland_places_are_shifted_by_as_much_as_maps_there_do(lat: float, lng: float) -> None:
    moved_m = distance_m(Point(lat, lng), wgs84_to_gcj02(Point(lat, lng)))
    assert 50 < moved_m < 1000


@pytest.mark.parametrize(("lat", "lng"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_places_elsewhere_stay_where_they_are(lat: float, lng: float) -> None:
    assert wgs84_to_gcj02(Point(lat, lng)) == Point(lat, lng)


@pytest.mark.parametrize("name", ELSEWHERE.keys() - {"Macau, Border Gate"})
def test_coordinates_from_elsewhere_are_not_shifted_back(name: str) -> None:
    assert gcj02_to_wgs84(Point(*ELSEWHERE[name])) == Point(*ELSEWHERE[name])


def test_at_a_border_crossing_the_mainland_place_with_these_coordinates_is_taken() -> None:
    """Shifted Gongbei and unshifted Macau overlap there: a mainland place must survive the round trip."""
    place = gcj02_to_wgs84(Point(*ELSEWHERE["Macau, Border Gate"]))
    assert is_in_gcj02_area(place.lat, place.lng)


def test_agrees_with_the_published_offset_of_a_known_point() -> None:
    """116.404, 39.915 is the example public converters give for both datums."""
    shifted = wgs84_to_gcj02(Point(39.915, 116.404))
    assert distance_m(shifted, Point(39.91640428150164, 116.41024449916938)) < 0.001
    baidu = gcj02_to_bd09(Point(39.915, 116.404))
    assert distance_m(baidu, Point(39.92133699351021, 116.41036949371029)) < 0.001


@given(near_china, st.sampled_from(Datum))
def test_there_and_back_is_within_a_centimetre_inside_the_area(point: Point, datum: Datum) -> None:
    if is_in_gcj02_area(point.lat, point.lng):
        assert distance_m(point, to_wgs84(from_wgs84(point, datum), datum)) < 0.01


@given(on_earth)
def test_baidus_own_offset_can_be_undone_anywhere_below_the_poles(point: Point) -> None:
    if abs(point.lat) < 89 and abs(point.lng) < 179:
        assert distance_m(point, bd09_to_gcj02(gcj02_to_bd09(point))) < 0.01


@given(on_earth, st.sampled_from(Datum))
def test_every_point_on_earth_converts_to_a_point_on_earth(point: Point, datum: Datum) -> None:
    moved = to_wgs84(point, datum)
    assert -90 <= moved.lat <= 90
    assert -180 <= moved.lng <= 180


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        (90.1, 0.0),
        (0.0, -180.5),
        (float("nan"), 0.0),
        (116.4, 39.9),
    ],  # the last: latitude and longitude swapped
)
def test_a_point_that_is_not_on_earth_is_refused(lat: float, lng: float) -> None:
    with pytest.raises(ValueError, match="no such place"):
        Point(lat, lng)


def test_a_hole_in_an_outline_is_outside() -> None:
    outer = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    hole = [(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0)]
    area = area_of([outer, hole])
    assert area.contains(2.0, 2.0)
    assert not area.contains(5.0, 5.0)
    assert not area.contains(11.0, 5.0)
