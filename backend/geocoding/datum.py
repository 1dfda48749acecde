"""Conversion between WGS-84 and the two datums Chinese maps use.

GCJ-02 adds a smooth offset of 50-700 m inside mainland China only; BD-09 adds Baidu's own offset to GCJ-02
everywhere Baidu draws a map of. Neither has a published inverse, so inverses are iterated to below a
centimetre. Outside the mainland GCJ-02 equals WGS-84.
"""

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass

from backend.geocoding.mainland import is_in_gcj02_area

# Krasovsky 1940, the ellipsoid the offset is defined on.
SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
BD_TURN = math.pi * 3000.0 / 180.0
BD_EAST_DEG = 0.0065
BD_NORTH_DEG = 0.006
CLOSE_ENOUGH_DEG = 1e-9


class Datum(enum.StrEnum):
    """The reference a pair of coordinates was read in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lng <= 180):
            raise ValueError(f"no such place on Earth: {self.lat}, {self.lng}")


def to_wgs84(point: Point, datum: Datum) -> Point:
    """The same place in WGS-84."""
    if datum is Datum.BD09:
        point = bd09_to_gcj02(point)
    return point if datum is Datum.WGS84 else gcj02_to_wgs84(point)


def from_wgs84(point: Point, datum: Datum) -> Point:
    """The same place as a map in `datum` would show it."""
    if datum is Datum.WGS84:
        return point
    shifted = wgs84_to_gcj02(point)
    return gcj02_to_bd09(shifted) if datum is Datum.BD09 else shifted


def wgs84_to_gcj02(point: Point) -> Point:
    """Shift a point as mainland maps do; unchanged elsewhere."""
    return _shifted(point) if is_in_gcj02_area(point.lat, point.lng) else point


def gcj02_to_wgs84(point: Point) -> Point:
    """Undo `wgs84_to_gcj02`; a point that no mainland place shifts to is returned unchanged.

    Within 700 m of a land border both a shifted and an unshifted place can have these coordinates: the
    mainland one is taken, so that the round trip holds for every mainland place.
    """
    guess = _undone(point, _shifted)
    return guess if is_in_gcj02_area(guess.lat, guess.lng) else point


def gcj02_to_bd09(point: Point) -> Point:
    """Baidu's offset: a small turn and stretch about the origin, then a fixed step north-east."""
    x, y = point.lng, point.lat
    radius = math.hypot(x, y) + 0.000_02 * math.sin(y * BD_TURN)
    angle = math.atan2(y, x) + 0.000_003 * math.cos(x * BD_TURN)
    lat, lng = radius * math.sin(angle) + BD_NORTH_DEG, radius * math.cos(angle) + BD_EAST_DEG
    return Point(_clamp(lat, 90), _clamp(lng, 180))


def bd09_to_gcj02(point: Point) -> Point:
    """Undo `gcj02_to_bd09`."""
    return _undone(point, gcj02_to_bd09)


def distance_m(one: Point, other: Point) -> float:
    """Great-circle distance on a sphere of the Earth's mean radius."""
    north = math.radians(other.lat - one.lat)
    east = math.radians(other.lng - one.lng)
    chord = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(one.lat)) * math.cos(math.radians(other.lat)) * math.sin(east / 2) ** 2
    )
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(chord)))


def _undone(point: Point, move: Callable[[Point], Point]) -> Point:
    """The point that `move` takes to `point`; short, smooth moves are undone by walking back the error."""
    guess = point
    for _ in range(20):
        moved = move(guess)
        north, east = point.lat - moved.lat, point.lng - moved.lng
        guess = Point(_clamp(guess.lat + north, 90), _clamp(guess.lng + east, 180))
        if max(abs(north), abs(east)) < CLOSE_ENOUGH_DEG:
            break
    return guess


def _clamp(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))


def _shifted(point: Point) -> Point:
    north_m, east_m = _offset_m(point.lng - 105.0, point.lat - 35.0)
    latitude = math.radians(point.lat)
    curve = 1 - ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    meridian_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / curve**1.5
    parallel_m = SEMI_MAJOR_M / math.sqrt(curve) * math.cos(latitude)
    lat = point.lat + math.degrees(north_m / meridian_m)
    lng = point.lng + (math.degrees(east_m / parallel_m) if parallel_m > 1 else 0.0)
    return Point(_clamp(lat, 90), _clamp(lng, 180))


def _offset_m(x: float, y: float) -> tuple[float, float]:
    """The offset north and east, in metres, at `x` degrees east of 105°E and `y` degrees north of 35°N."""
    ripple = (_wave(20, 6 * x) + _wave(20, 2 * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += (_wave(20, y) + _wave(40, y / 3) + _wave(160, y / 12) + _wave(320, y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += (_wave(20, x) + _wave(40, x / 3) + _wave(150, x / 12) + _wave(300, x / 30)) * 2 / 3
    return north, east


def _wave(height_m: float, half_turns: float) -> float:
    return height_m * math.sin(half_turns * math.pi)
