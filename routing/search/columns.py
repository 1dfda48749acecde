"""Candidate routes for recombination: those pooled, each by every kind of technician it suits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.search.arrays import KIND, Data, Int32, Int64
from routing.search.pool import Pool


@dataclass(frozen=True)
class Columns:
    """Candidate routes: column c visits ``nodes[start[c]:start[c + 1]]``, driven by a route of
    ``kind[c]``.
    """

    start: Int32
    nodes: Int32
    codes: Int32  # the same as visit + n x variant
    cost: Int64
    kind: Int32
    source: Int32  # the pooled route it is

    def visits(self, column: int) -> list[int]:
        """Visits of a column."""
        return [int(node) for node in self.nodes[self.start[column] : self.start[column + 1]]]

    def coded(self, column: int) -> list[int]:
        """Visits of a column in driving order, with their variants."""
        return [int(code) for code in self.codes[self.start[column] : self.start[column + 1]]]


def columns_of(data: Data, pool: Pool, twins: npt.NDArray[np.bool_] | None) -> Columns:
    """Columns for every pooled route and, where ``twins`` (kinds x kinds) says costs agree, for other
    kinds.
    """
    count = int(pool.count[0])
    start, codes = pool.start[: count + 1], pool.nodes[: pool.count[1]]
    nodes = codes % data.size
    kind = data.route[pool.route[:count], KIND].astype(np.int32)
    if twins is None or count == 0:
        return Columns(start, nodes, codes, pool.cost[:count], kind, np.arange(count, dtype=np.int32))
    able = np.logical_and.reduceat(data.eligible[:, nodes], start[:-1], axis=1)
    may = able & twins[:, kind]
    column, other = np.nonzero(may.T)
    lengths = (start[1:] - start[:-1])[column]
    fresh = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    offset = np.repeat(start[:-1][column] - fresh[:-1], lengths)
    picked = np.arange(fresh[-1]) + offset
    return Columns(
        fresh,
        nodes[picked],
        codes[picked],
        pool.cost[:count][column],
        other.astype(np.int32),
        column.astype(np.int32),
    )


def joined(parts: Sequence[Columns], sizes: Sequence[int]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    before = np.cumsum([0, *sizes[:-1]])
    lengths = np.concatenate([np.diff(part.start) for part in parts])
    return Columns(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        np.concatenate([part.nodes[: part.start[-1]] for part in parts]),
        np.concatenate([part.codes[: part.start[-1]] for part in parts]),
        np.concatenate([part.cost for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.source + first for part, first in zip(parts, before, strict=True)]),
    )
