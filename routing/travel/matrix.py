"""Travel times and distances between places, and how rush hours stretch them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.errors import ProblemError

HOUR_S = 3600
DAY_S = 86_400
LARGEST_ENTRY = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Travel:
    """What driving costs in time and distance for one vehicle profile.

    Parameters
    ----------
    durations_s : array of shape (places, places)
        Seconds of driving with free roads, row = from, column = to. Stored as int32.
    distances_m : array of shape (places, places)
        Metres driven. May be the same array as ``durations_s`` when the two coincide.
    hour_percent : 24 integers, optional
        How long driving takes in each hour of the day, in percent of free roads (150 is half as
        long again). Driving across an hour's border changes pace there, so who leaves later never
        arrives earlier (Ichoua, Gendreau and Potvin, *EJOR* 144, 2003).

    Raises
    ------
    ProblemError
        When a matrix is not square, sizes differ, or an entry is negative, too large or not a number.
    """

    durations_s: npt.NDArray[np.int32] = field(repr=False)
    distances_m: npt.NDArray[np.int32] = field(repr=False)
    hour_percent: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        is_shared = self.distances_m is self.durations_s
        durations = _as_matrix(self.durations_s, "travel durations")
        distances = durations if is_shared else _as_matrix(self.distances_m, "travel distances")
        if durations.shape != distances.shape:
            raise ProblemError(
                "travel distances", f"shape {distances.shape} differs from durations {durations.shape}"
            )
        object.__setattr__(self, "durations_s", durations)
        object.__setattr__(self, "distances_m", distances)
        _check_hours(self.hour_percent)

    @property
    def places(self) -> int:
        """How many places the matrices cover."""
        return int(self.durations_s.shape[0])

    def clock(self) -> npt.NDArray[np.float64]:
        """Free-road seconds driven by each full hour of a day; shape (25,), first entry 0."""
        percent = self.hour_percent or (100,) * 24
        return np.concatenate(([0.0], np.cumsum([HOUR_S * 100.0 / p for p in percent])))


def _as_matrix(values: Any, item: str) -> npt.NDArray[np.int32]:  # noqa: ANN401 - anything array-like is taken
    matrix = np.asarray(values)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ProblemError(item, f"must be square, got shape {matrix.shape}")
    if matrix.dtype.kind == "f":
        _refuse_first(~np.isfinite(matrix), item, "is not a number")
        matrix = np.rint(matrix)
    elif matrix.dtype.kind not in "iu":
        raise ProblemError(item, f"must hold numbers, got {matrix.dtype}")
    if matrix.size and (matrix.min() < 0 or matrix.max() > LARGEST_ENTRY):
        _refuse_first(matrix < 0, item, "is negative")
        _refuse_first(matrix > LARGEST_ENTRY, item, "is too large")
    frozen = np.ascontiguousarray(matrix, dtype=np.int32).view()
    frozen.flags.writeable = False
    return frozen


def _refuse_first(bad: npt.NDArray[np.bool_], item: str, complaint: str) -> None:
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ProblemError(item, f"entry from place {row} to place {column} {complaint}")


def _check_hours(percent: tuple[int, ...] | None) -> None:
    if percent is None:
        return
    if len(percent) != 24:
        raise ProblemError("travel hour_percent", f"needs 24 entries, got {len(percent)}")
    for hour, value in enumerate(percent):
        if not 10 <= value <= 1000:
            raise ProblemError("travel hour_percent", f"hour {hour} is {value}%, outside 10-1000%")
