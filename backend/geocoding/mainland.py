"""Whether a point lies where maps are in GCJ-02: mainland China, not Hong Kong, Macau or Taiwan."""

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

BAND_DEG = 0.1

Edge = tuple[float, float, float, float]


@dataclass(frozen=True)
class Area:
    """Closed rings of longitude and latitude, their edges indexed by bands of latitude."""

    bands: dict[int, list[Edge]]
    bounds: tuple[float, float, float, float] = field(default=(-180.0, -90.0, 180.0, 90.0))

    def contains(self, lat: float, lng: float) -> bool:
        """Even-odd rule over the edges that a ray to the east can cross."""
        west, south, east, north = self.bounds
        if not (west <= lng <= east and south <= lat <= north):
            return False
        inside = False
        for x1, y1, x2, y2 in self.bands.get(math.floor(lat / BAND_DEG), ()):
            if (y1 > lat) != (y2 > lat) and lng < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside


def area_of(rings: list[list[tuple[float, float]]]) -> Area:
    """Index rings of (lng, lat); a ring need not repeat its first point. Inner rings are holes."""
    bands: dict[int, list[Edge]] = defaultdict(list)
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
            first, last = sorted((math.floor(y1 / BAND_DEG), math.floor(y2 / BAND_DEG)))
            for band in range(first, last + 1):
                bands[band].append((x1, y1, x2, y2))
    lngs = [x for ring in rings for x, _ in ring]
    lats = [y for ring in rings for _, y in ring]
    return Area(dict(bands), (min(lngs), min(lats), max(lngs), max(lats)))


@cache
def _mainland() -> Area:
    text = (files("backend.data") / "gcj02_area.json").read_text(encoding="utf-8")
    return area_of(_decode(json.loads(text)))


def _decode(document: dict[str, Any]) -> list[list[tuple[float, float]]]:
    unit = float(document["unit_deg"])
    rings = []
    for flat in document["rings"]:
        x = y = 0
        ring = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x * unit, y * unit))
        rings.append(ring)
    return rings


def is_in_gcj02_area(lat: float, lng: float) -> bool:
    """Whether Chinese maps shift this WGS-84 point; true to about 100 m along land borders."""
    return _mainland().contains(lat, lng)
