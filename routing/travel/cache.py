"""Travel times already asked for, by profile and coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from routing.travel.places import Coordinate

DIGITS = 5
"""Decimals of a degree kept: about a metre."""

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass
class Table:
    """What is known of one profile: NaN where nothing is."""

    index: dict[tuple[float, float], int] = field(default_factory=dict)
    seconds: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    metres: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    snap_m: Floats = field(default_factory=lambda: np.zeros(0))


class MatrixCache:
    """Keeps answers between calls, so that a place more costs a row and a column, not a matrix.

    Parameters
    ----------
    most_places : int
        A profile with more places than this is forgotten and started again.
    """

    def __init__(self, most_places: int = 8000) -> None:
        self.most_places = most_places
        self.lock = Lock()
        self._tables: dict[str, Table] = {}

    def table(self, profile: str, places: Sequence[Coordinate]) -> tuple[Table, Indices]:
        """The profile's table with room for the places, and where each of them is in it."""
        keys = [(round(lat, DIGITS), round(lng, DIGITS)) for lat, lng in places]
        table = self._tables.setdefault(profile, Table())
        if len(table.index.keys() | set(keys)) > self.most_places:
            table = self._tables[profile] = Table()
        for key in keys:
            table.index.setdefault(key, len(table.index))
        self._grow(table)
        return table, np.array([table.index[key] for key in keys], dtype=np.int64)

    @staticmethod
    def _grow(table: Table) -> None:
        known, wanted = len(table.snap_m), len(table.index)
        if wanted <= known:
            return
        for name in ("seconds", "metres"):
            larger = np.full((wanted, wanted), np.nan)
            larger[:known, :known] = getattr(table, name)
            np.fill_diagonal(larger, 0.0)
            setattr(table, name, larger)
        table.snap_m = np.concatenate((table.snap_m, np.full(wanted - known, np.nan)))
