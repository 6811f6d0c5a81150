"""Exact Jaccard similarity of many pairs of sets, and the star rule over those that are near."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

Fetch = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Node numbers -> their sets, flat, and where each ends."""

BLOCK_BYTES = 16 << 20
"""Text whose sets are in memory for one side of the pairs; as much again for the other."""
BLOCK_PAIRS = 1 << 14
LEADERS = (4, 12, 48, 64)
"""How many kept members of a bucket the later ones are compared with, round by round."""
DIGITS = 6
"""A similarity is rounded before a threshold looks at it."""


def jaccard(left: np.ndarray, right: np.ndarray, weight: np.ndarray, fetch: Fetch) -> np.ndarray:
    """The similarity of each pair of nodes: shape (pairs,) float64, rounded to six digits.

    Nodes are fetched in blocks, so that memory holds the sets of two blocks, however many pairs
    there are. They are best numbered as they lie on disk.

    Args:
        left: a node of each pair, shape (pairs,).
        right: the other one.
        weight: about the bytes of each node's set, shape (nodes,).
        fetch: gets sets.
    """
    found = np.zeros(len(left))
    block = np.stack([_blocks(left, weight), _blocks(right, weight)])
    for a, b in np.unique(block, axis=1).T.tolist():
        mine = np.flatnonzero((block[0] == a) & (block[1] == b))
        nodes = np.unique(np.concatenate([left[mine], right[mine]]))
        matrix = _matrix(*fetch(nodes))
        at = np.searchsorted(nodes, left[mine]), np.searchsorted(nodes, right[mine])
        for begin in range(0, len(mine), BLOCK_PAIRS):
            part = slice(begin, begin + BLOCK_PAIRS)
            found[mine[part]] = _of_rows(matrix, at[0][part], at[1][part])
    return np.round(found, DIGITS)


def _blocks(nodes: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The block of each node, in the order of their numbers: shape as `nodes`."""
    names, place = np.unique(nodes, return_inverse=True)
    before = np.cumsum(weight[names]) - weight[names]
    return (before // BLOCK_BYTES)[place]


def _matrix(values: np.ndarray, ends: np.ndarray) -> sparse.csr_array:
    """Sets as the rows of a sparse matrix whose columns are hashes: merged at C speed."""
    ones = np.ones(len(values), bool)
    starts = np.concatenate([[0], ends]).astype(np.int64)
    matrix = sparse.csr_array((ones, values, starts), shape=(len(ends), 1 << 62))
    matrix.has_canonical_format = True
    return matrix


def _of_rows(matrix: sparse.csr_array, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    one, other = matrix[left], matrix[right]
    one.has_canonical_format = other.has_canonical_format = True
    shared = np.diff(one.multiply(other).tocsr().indptr)
    union = np.diff(one.indptr) + np.diff(other.indptr) - shared
    return shared / np.maximum(union, 1)


@dataclass(frozen=True)
class Star:
    """Who is dropped, and for whom.

    Attributes:
        witness: for each node the kept node it is near to, or -1 where it is kept itself.
        similarity: to the witness; 0 where kept.
    """

    witness: np.ndarray
    similarity: np.ndarray


Compare = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Pairs of nodes -> similarity, shape (pairs,)."""


def star(
    bucket: np.ndarray,
    node: np.ndarray,
    nodes: int,
    compare: Compare,
    *,
    threshold: float,
    is_fixed: np.ndarray,
    partner: np.ndarray,
) -> Star:
    """Drop a node only if a node *that is kept* and comes before it is near enough.

    Nodes are numbered in their order. In a bucket each member is compared with the first few
    that are still kept; then again with those kept after them, a fixed number of times. So a
    bucket of n members costs a multiple of n, not n * n, and small buckets are compared whole.

    Args:
        bucket: shape (memberships,) uint64.
        node: the node of each membership.
        nodes: how many there are.
        compare: gives the similarity of pairs.
        threshold: the least similarity that is near.
        is_fixed: nodes that cannot be dropped, shape (nodes,) bool.
        partner: the other side of a node's battle, or -1: neither is dropped without the other.
    """
    bucket, node = _sorted(bucket, node)
    left, right, near = (np.zeros(0, kind) for kind in (np.int64, np.int64, np.float64))
    checked = np.zeros(0, np.int64)
    found = Star(np.full(nodes, -1), np.zeros(nodes))
    behind = np.zeros(len(bucket), bool)
    for leaders in LEADERS:
        pairs, led = _pairs(bucket, node, (found.witness < 0)[node] & ~behind, leaders, nodes)
        behind |= led
        fresh = np.setdiff1d(pairs, checked, assume_unique=True)
        if not len(pairs):
            break
        checked = np.union1d(checked, fresh)
        a, b = fresh // nodes, fresh % nodes
        similarity = compare(a, b)
        hit = similarity >= threshold
        left, right = np.append(left, a[hit]), np.append(right, b[hit])
        near = np.append(near, similarity[hit])
        found = _greedy(left, right, near, is_fixed, partner)
    return found


def _sorted(bucket: np.ndarray, node: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Memberships by bucket, then by node; buckets are numbered anew: two of int32."""
    order = np.argsort(bucket, kind="stable")
    number = np.zeros(len(order), np.int64)
    np.cumsum(bucket[order][1:] != bucket[order][:-1], out=number[1:])
    both = number << 32 | node[order]
    both.sort()
    return (both >> 32).astype(np.int32), both.astype(np.int32)


def _pairs(
    bucket: np.ndarray, node: np.ndarray, is_open: np.ndarray, leaders: int, nodes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Each open member of a bucket with the first few open ones before it.

    Returns:
        The pairs, distinct and sorted, as left * nodes + right; and which memberships led:
        shape (memberships,) bool.
    """
    at = np.flatnonzero(is_open)
    bucket, node = bucket[at], node[at]
    is_first = np.ones(len(at), bool)
    is_first[1:] = bucket[1:] != bucket[:-1]
    first = np.flatnonzero(is_first)
    size = np.diff(np.append(first, len(at)))
    start = np.repeat(first.astype(np.int32), size)
    place = np.arange(len(at), dtype=np.int32) - start
    made = [np.zeros(0, np.int64)]
    for leader in range(leaders):
        members = np.flatnonzero(place > leader)
        if not len(members):
            break
        left = node[start[members] + leader].astype(np.int64)
        made.append(np.unique(left * nodes + node[members]))
    led = np.zeros(len(is_open), bool)
    led[at[place < leaders]] = True
    return np.unique(np.concatenate(made)), led


def _greedy(
    left: np.ndarray,
    right: np.ndarray,
    near: np.ndarray,
    is_fixed: np.ndarray,
    partner: np.ndarray,
) -> Star:
    """Walk the nodes in order; drop those that have a kept neighbour before them."""
    found = Star(np.full(len(is_fixed), -1), np.zeros(len(is_fixed)))
    order = np.lexsort([left, right])
    left, right, near = left[order], right[order], near[order]
    begins = np.searchsorted(right, np.arange(len(is_fixed) + 1))
    for node in np.unique(right).tolist():
        other = int(partner[node])
        if is_fixed[node] or (0 <= other < node):
            continue
        sides = [node] if other < 0 else [node, other]
        reasons = [_witness(side, node, left, begins, found) for side in sides]
        if all(reason >= 0 for reason in reasons) and not is_fixed[sides].any():
            for side, reason in zip(sides, reasons, strict=True):
                found.witness[side], found.similarity[side] = left[reason], near[reason]
    return found


def _witness(side: int, node: int, left: np.ndarray, begins: np.ndarray, found: Star) -> int:
    """The edge to the first kept neighbour that comes before the node; -1 if there is none."""
    return next(_kept(side, node, left, begins, found), -1)


def _kept(side: int, node: int, left: np.ndarray, begins: np.ndarray, found: Star) -> Iterator[int]:
    for edge in range(begins[side], begins[side + 1]):
        if left[edge] < node and found.witness[left[edge]] < 0:
            yield edge
