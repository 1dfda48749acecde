"""Random numbers inside compiled code: splitmix64 on a one-element array, so a run repeats on any thread."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.jit import inlined


def seeded(seed: int) -> npt.NDArray[np.uint64]:
    """State for :func:`uniform` and :func:`below`."""
    return np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64], dtype=np.uint64)


@inlined
def draw(dice: npt.NDArray[np.uint64]) -> np.uint64:
    """Next 64 random bits."""
    dice[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = dice[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@inlined
def uniform(dice: npt.NDArray[np.uint64]) -> float:
    """A float in [0, 1)."""
    return np.float64(draw(dice) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inlined
def below(dice: npt.NDArray[np.uint64], bound: int) -> int:
    """An integer in [0, bound)."""
    return np.int64(uniform(dice) * bound)
