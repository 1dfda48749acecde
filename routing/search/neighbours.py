"""Which visits lie near each other, in place and time, and whose unused routes are worth trying for a
visit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from routing.search.arrays import ABSENT, Bool, Float, Int32, Int64

WAIT_WEIGHT = 0.2
LATE_WEIGHT = 1.0
MOST_DOORS = 12
BLOCK = 512


def nearest(
    time: npt.NDArray[np.int32], at: Int32, opens: Int64, closes: Int64, service: Int64, most: int
) -> Int32:
    """For each visit the ``most`` nearest others, nearest first.

    Nearness of two visits is the driving between them plus a part of the wait and lateness that serving one
    right after the other costs at least, in the better order (Vidal et al., *Computers & Operations Research*
    40, 2013, section 4.5.1).
    """
    n = len(opens)
    result = np.zeros((n, max(min(most, n - 1), 0)), np.int32)
    for rows, before, behind in _scores(time, at, opens, closes, service):
        result[rows] = _lowest(np.minimum(before, behind), result.shape[1])[0]
    return result


def beside(
    time: npt.NDArray[np.int32], at: Int32, opens: Int64, closes: Int64, service: Int64, most: int
) -> Int32:
    """For each visit, side by side in pairs, the others that best come right before and right after it.

    Those that cannot, for their windows, are ABSENT and come last.
    """
    n = len(opens)
    result = np.full((n, max(min(most, n - 1), 0), 2), ABSENT, np.int32)
    for rows, *scores in _scores(time, at, opens, closes, service, late_weight=np.inf):
        for side, score in enumerate(scores):
            chosen, known = _lowest(score, result.shape[1])
            result[rows, :, side] = np.where(known < np.inf, chosen, ABSENT)
    return result.reshape(n, -1)


def _scores(
    time: npt.NDArray[np.int32],
    at: Int32,
    opens: Int64,
    closes: Int64,
    service: Int64,
    late_weight: float = LATE_WEIGHT,
) -> Iterator[tuple[Int64, Float, Float]]:
    """Block by block of visits: which, and how far apart the others are right before and right after them."""
    n, places = len(opens), at[: len(opens)]
    for begin in range(0, n, BLOCK):
        rows = np.arange(begin, min(n, begin + BLOCK))
        to = time[np.ix_(places, places[rows])].T
        onward = time[np.ix_(places[rows], places)]
        row = rows[:, None]
        before = _apart(to, opens[None], closes[None], service[None], opens[row], closes[row], late_weight)
        behind = _apart(onward, opens[row], closes[row], service[row], opens[None], closes[None], late_weight)
        for score in (before, behind):
            score[np.arange(len(rows)), rows] = np.inf
        yield rows, before, behind


def _lowest(score: Float, most: int) -> tuple[Int64, Float]:
    """Columns of the ``most`` lowest scores of each row, lowest first, and the scores."""
    chosen = (
        np.argpartition(score, most - 1, axis=1)[:, :most]
        if 0 < most < score.shape[1]
        else np.argsort(score, axis=1)
    )
    chosen = np.sort(chosen[:, :most], axis=1)
    known = np.take_along_axis(score, chosen, axis=1)
    order = np.argsort(known, axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1), np.take_along_axis(known, order, axis=1)


def _apart(  # two windows and what lies between
    drive: npt.NDArray[np.int32],
    opens: Int64,
    closes: Int64,
    service: Int64,
    then_opens: Int64,
    then_closes: Int64,
    late_weight: float,
) -> Float:
    wait = np.maximum(0, then_opens - drive - service - closes)
    late = np.maximum(0, opens + service + drive - then_closes)
    weighed = late_weight * late if late_weight < np.inf else np.where(late > 0, np.inf, 0.0)
    return np.asarray(drive + WAIT_WEIGHT * wait + weighed)


def doors(
    time: npt.NDArray[np.int32], travel: Int32, at: Int32, kind: Int32, first: Int64, eligible: Bool
) -> Int32:
    """Kinds able to serve each visit, those that start nearest first; padded with ABSENT."""
    kinds, n = eligible.shape
    width = min(MOST_DOORS, kinds)
    result = np.full((n, width), ABSENT, np.int32)
    if width == 0:
        return result
    starts = at[n + first]
    for begin in range(0, n, BLOCK):
        visits = np.arange(begin, min(n, begin + BLOCK))
        drive = time[travel[first][:, None], starts[:, None], at[visits][None, :]].astype(np.float64)
        drive[~eligible[:, visits]] = np.inf
        order = np.argsort(drive, axis=0, kind="stable")[:width].T
        known = np.take_along_axis(drive.T, order, axis=1) < np.inf
        result[visits] = np.where(known, order, ABSENT)
    return result
