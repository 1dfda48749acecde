"""Travel estimated from the straight line: needs no map, no server and no set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from routing.errors import ProblemError
from routing.travel.matrix import Travel
from routing.travel.places import Coordinate, checked

METRES_PER_RADIAN = 6_371_009.0
"""The mean radius of the Earth (IUGG), which geopy takes too."""

SPEED_M_PER_S = {"car": 7.0, "e-bike": 4.5, "walk": 1.2}
"""Door to door in a large city by day, parking included."""


@dataclass(frozen=True)
class GreatCircle:
    """Straight line x detour factor / speed.

    Parameters
    ----------
    detour : float
        Metres of road per metre of straight line; 1.3 to 1.4 fits most cities.
    speeds_m_per_s : mapping of profile to metres per second
    hour_percent : mapping of profile to 24 integers
        Rush hours; see :class:`Travel`.
    """

    detour: float = 1.35
    speeds_m_per_s: Mapping[str, float] = field(default_factory=lambda: dict(SPEED_M_PER_S))
    hour_percent: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.detour >= 1:
            raise ProblemError("great circle", f"detour {self.detour} is below 1")
        for profile, speed in self.speeds_m_per_s.items():
            if not speed > 0:
                raise ProblemError("great circle", f"speed of {profile} is {speed} m/s")

    def travel(self, places: Sequence[Coordinate], profile: str = "car") -> Travel:
        """Times and distances between all places; see :class:`TravelMatrix`."""
        metres = self.metres(places)
        seconds = np.ceil(metres / self._speed(profile)).astype(np.int32)
        return Travel(seconds, np.rint(metres).astype(np.int32), self.hour_percent.get(profile))

    def metres(self, places: Sequence[Coordinate]) -> npt.NDArray[np.float64]:
        """Road metres between all places; shape (places, places)."""
        return straight_metres(checked(places)) * self.detour

    def seconds(self, metres: npt.NDArray[np.float64], profile: str) -> npt.NDArray[np.float64]:
        """Driving time of road metres."""
        return metres / self._speed(profile)

    def _speed(self, profile: str) -> float:
        if profile not in self.speeds_m_per_s:
            raise ProblemError("great circle", f"no speed for profile {profile}")
        return self.speeds_m_per_s[profile]


def straight_metres(places: Sequence[Coordinate]) -> npt.NDArray[np.float64]:
    """Great-circle metres between all places, shape (places, places), on geopy's mean Earth radius.

    By the haversine formula (Sinnott, "Virtues of the haversine", *Sky and Telescope* 68, 1984).
    """
    points = np.radians(np.array(places, dtype=np.float64).reshape(-1, 2))
    lat, lng = points[:, 0], points[:, 1]
    across = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    along = np.sin((lng[:, None] - lng[None, :]) / 2) ** 2
    root = np.sqrt(np.clip(across + np.cos(lat)[:, None] * np.cos(lat)[None, :] * along, 0.0, 1.0))
    return np.asarray(2 * METRES_PER_RADIAN * np.arcsin(root))
