"""Rows that are joined, directly or through others, and how to take them a block at a time."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


class Forest:
    """Which rows are joined: a parent a row, and of a root itself; four bytes each.

    Args:
        count: how many rows there are, numbered from 0.
    """

    def __init__(self, count: int) -> None:
        self.parent = np.arange(count, dtype=np.int32 if count < 1 << 31 else np.int64)

    def roots(self, rows: np.ndarray) -> np.ndarray:
        """The row that stands for all that each row is joined to: shape (rows,)."""
        found = self.parent[rows]
        while not np.array_equal(above := self.parent[found], found):
            found = above
        self.parent[rows] = found
        return found

    def join(self, left: np.ndarray, right: np.ndarray) -> None:
        """Join pairs of rows: two of shape (pairs,)."""
        if not len(left):
            return
        both = np.concatenate([self.roots(left), self.roots(right)])
        names, flat = np.unique(both, return_inverse=True)
        edges = (np.ones(len(left), bool), (flat[: len(left)], flat[len(left) :]))
        graph = sparse.coo_array(edges, shape=(len(names), len(names)))
        _, label = csgraph.connected_components(graph, directed=False)
        _, first = np.unique(label, return_index=True)
        self.parent[names] = names[first][label]


@dataclass(frozen=True)
class Blocks:
    """Where joined rows are worked on.

    Attributes:
        block: all joined rows are in one block: shape (rows,) int32.
        part: a block whose sets are too many lies in several parts: shape (rows,) int32.
        blocks: how many there are; each has rows.
        parts: how many there are; some may have no row.
    """

    block: np.ndarray
    part: np.ndarray
    blocks: int
    parts: int


def blocks(root: np.ndarray, weight: np.ndarray, most: int) -> Blocks:
    """Put whole components into blocks of about `most`, one after the other.

    Args:
        root: names the component of each row: shape (rows,).
        weight: what a row adds to its block: shape (rows,).
        most: a block begins with a component when those before it weigh a multiple of this.
    """
    order = np.argsort(root, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = root[order][1:] != root[order][:-1]
    start = np.maximum.accumulate(np.where(is_first, before, 0))
    size = np.add.reduceat(weight[order], np.flatnonzero(is_first)) if len(order) else weight
    is_large = (size > most)[np.cumsum(is_first) - 1]
    block, part = (np.empty(len(order), np.int32) for _ in range(2))
    block[order] = start // most
    part[order] = np.where(is_large, before, start) // most
    names, place = np.unique(block, return_inverse=True)
    return Blocks(place.astype(np.int32), part, len(names), int(part.max(initial=-1)) + 1)
