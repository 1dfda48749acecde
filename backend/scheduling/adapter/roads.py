"""Driving times without a road network: the great circle, stretched as city streets stretch it."""

import numpy as np

import routing
from backend.scheduling.day import LatLng

EARTH_RADIUS_M = 6_371_008.8
DETOUR = 1.35
"""Street distance over straight distance; 1.2-1.5 in cities."""
STREET_SPEED_M_S = 25 / 3.6
"""25 km/h along the streets, the pace of a city by day, parking not counted."""
PARK_S = 180
"""Finding a place to park and walking to the door."""


def great_circle(points: list[LatLng]) -> routing.Travel:
    """Durations (s) and distances (m) between all points, the same in both directions."""
    lat = np.radians([point.lat for point in points])
    lng = np.radians([point.lng for point in points])
    half = (
        np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat[None, :]) * np.sin((lng[:, None] - lng[None, :]) / 2) ** 2
    )
    metres = np.rint(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1))) * DETOUR)
    seconds = np.rint(metres / STREET_SPEED_M_S) + PARK_S
    np.fill_diagonal(seconds, 0)
    return routing.Travel(seconds.astype(np.int32), metres.astype(np.int32))
