"""Pictures as numbers: where the technician is around the customer's home, and a signature's strokes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RING_STEPS_M = (200, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000)
SIZE = 168
CENTRE = SIZE / 2
OUTER = 64.0
# The two badges must not cover each other, however near the technician is.
NEAREST = 34.0
DIRECTIONS = 16
SIGNATURE_WIDTH = 300.0
FINEST = 1.0


@dataclass(frozen=True)
class Radar:
    """A north-up picture with the home in its middle; units of the SVG's viewBox."""

    size: int
    centre: float
    inner: float
    outer: float
    outer_m: int
    x: float
    y: float
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Ink:
    """A signature as SVG path data in a viewBox of `width` × `height`."""

    path: str
    width: float
    height: float


def rounded_m(distance_m: float) -> int:
    """A distance as coarse as it is known and as is anybody's business."""
    step = 100 if distance_m < 3_000 else 500 if distance_m < 10_000 else 1_000
    return max(step, round(distance_m / step) * step)


def bearing_deg(from_lat: float, from_lng: float, to_lat: float, to_lng: float) -> float:
    """The compass direction of one point seen from another, 0 is north, clockwise."""
    phi_1, phi_2 = math.radians(from_lat), math.radians(to_lat)
    delta = math.radians(to_lng - from_lng)
    east = math.sin(delta) * math.cos(phi_2)
    north = math.cos(phi_1) * math.sin(phi_2) - math.sin(phi_1) * math.cos(phi_2) * math.cos(delta)
    return math.degrees(math.atan2(east, north)) % 360


def octant(bearing: float) -> int:
    """0 for north, 1 for north-east, … 7 for north-west."""
    return round(bearing / 45) % 8


def radar(distance_m: float, bearing: float) -> Radar:
    """Draw a technician at a rounded distance and one of sixteen directions: near enough, and no more."""
    shown_m = rounded_m(distance_m)
    outer_m = next((ring for ring in RING_STEPS_M if ring >= shown_m), RING_STEPS_M[-1])
    reach = max(NEAREST, min(shown_m / outer_m, 1.0) * OUTER)
    angle = math.radians(round(bearing / (360 / DIRECTIONS)) * (360 / DIRECTIONS))
    east, north = math.sin(angle), math.cos(angle)
    return Radar(
        size=SIZE,
        centre=CENTRE,
        inner=OUTER / 2,
        outer=OUTER,
        outer_m=outer_m,
        x=round(CENTRE + east * reach, 1),
        y=round(CENTRE - north * reach, 1),
        label_x=round(CENTRE - east * OUTER, 1),
        label_y=round(CENTRE + north * OUTER, 1),
    )


def ink(strokes: Sequence[Sequence[Mapping[str, Any]]]) -> Ink:
    """Signature strokes (x and y as fractions of the pad's width) as one SVG path, trimmed in height."""
    points = [(float(point["x"]), float(point["y"])) for stroke in strokes for point in stroke]
    top = min((y for _, y in points), default=0.0)
    bottom = max((y for _, y in points), default=0.0)
    margin = 0.04
    height = (bottom - top + 2 * margin) * SIGNATURE_WIDTH
    path = "".join(
        _stroke([(p["x"] * SIGNATURE_WIDTH, (p["y"] - top + margin) * SIGNATURE_WIDTH) for p in stroke])
        for stroke in strokes
    )
    return Ink(path, SIGNATURE_WIDTH, round(height, 1))


def _stroke(points: Iterable[tuple[float, float]]) -> str:
    """A line through the points that are far enough apart to be seen; a single touch is a dot."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if not kept or math.dist(point, kept[-1]) >= FINEST:
            kept.append(point)
    texts = [f"{x:.1f} {y:.1f}" for x, y in kept]
    if len(texts) == 1:
        return f"M{texts[0]}h.1"
    return "M" + "L".join(texts)
