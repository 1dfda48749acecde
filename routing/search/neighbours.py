"""Which visits lie near each other, in place and time, and whose unused routes are worth trying for a
visit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.search.arrays import ABSENT, Bool, Int32, Int64

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
    most = min(most, n - 1)
    result = np.zeros((n, max(most, 0)), np.int32)
    if most <= 0:
        return result
    places = at[:n]
    for begin in range(0, n, BLOCK):
        rows = np.arange(begin, min(n, begin + BLOCK))
        there = time[np.ix_(places[rows], places)].astype(np.float64)
        back = time[np.ix_(places, places[rows])].T.astype(np.float64)
        score = np.minimum(
            _apart(
                there, opens[rows, None], closes[rows, None], service[rows, None], opens[None], closes[None]
            ),
            _apart(back, opens[None], closes[None], service[None], opens[rows, None], closes[rows, None]),
        )
        score[np.arange(len(rows)), rows] = np.inf
        chosen = (
            np.argpartition(score, most - 1, axis=1)[:, :most] if most < n - 1 else np.argsort(score, axis=1)
        )
        chosen = np.sort(chosen[:, :most], axis=1)
        order = np.argsort(np.take_along_axis(score, chosen, axis=1), axis=1, kind="stable")
        result[rows] = np.take_along_axis(chosen, order, axis=1)
    return result


def _apart(  # two windows and what lies between
    drive: npt.NDArray[np.float64],
    opens: Int64,
    closes: Int64,
    service: Int64,
    then_opens: Int64,
    then_closes: Int64,
) -> npt.NDArray[np.float64]:
    wait = np.maximum(0, then_opens - drive - service - closes)
    late = np.maximum(0, opens + service + drive - then_closes)
    return np.asarray(drive + WAIT_WEIGHT * wait + LATE_WEIGHT * late)


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
