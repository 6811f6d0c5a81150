"""Exact Jaccard similarity of many pairs of sets, and the star rule over those that are near."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

Fetch = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Node numbers -> their sets, flat, and where each ends."""

BLOCK_BYTES = 16 << 20
"""Text whose sets are in memory for one side of the pairs; as much again for the other."""
BLOCK_PAIRS = 1 << 16
BLOCK_HASHES = 1 << 21
"""Hashes of the pairs that are merged at once."""
BLOCK_MEMBERS = 1 << 21
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
        one, other = np.searchsorted(nodes, left[mine]), np.searchsorted(nodes, right[mine])
        size = np.diff(matrix.indptr)
        total = np.cumsum(size[one] + size[other])
        for part in _runs(total, BLOCK_HASHES):
            found[mine[part]] = _of_rows(matrix, one[part], other[part])
    return np.round(found, DIGITS)


def _runs(total: np.ndarray, most: int) -> Iterator[slice]:
    """Slices of what a running total, shape (items,), says of; each of `most`, or an item more."""
    begin = 0
    while begin < len(total):
        before = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, before + most, "right")))
        yield slice(begin, end)
        begin = end


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
        bucket: shape (memberships,), any numbers.
        node: the node of each membership.
        nodes: how many there are.
        compare: gives the similarity of pairs.
        threshold: the least similarity that is near.
        is_fixed: nodes that cannot be dropped, shape (nodes,) bool.
        partner: the other side of a node's battle, or -1: neither is dropped without the other.
    """
    bucket, node = _sorted(bucket, node)
    edges = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    found = Star(np.full(nodes, -1), np.zeros(nodes))
    for leaders in LEADERS:
        at = np.flatnonzero((found.witness < 0)[node])
        new = [*_near(bucket[at], node[at], leaders, compare, threshold)]
        if new:
            edges += new
            left, right, near = (np.concatenate(one) for one in zip(*edges, strict=True))
            found = _greedy(left, right, near, is_fixed, partner)
        led = at[_places(bucket[at])[1] < leaders]
        bucket, node = np.delete(bucket, led), np.delete(node, led)
    return found


Edges = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Pairs that are near: left, right and similarity, each of shape (edges,)."""


def _sorted(bucket: np.ndarray, node: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Memberships by bucket, then by node; buckets are numbered anew in their order: two int32."""
    order = np.argsort(bucket, kind="stable")
    number = np.zeros(len(order), np.int64)
    np.cumsum(bucket[order][1:] != bucket[order][:-1], out=number[1:])
    number <<= 32
    number |= node[order]
    number.sort()
    return (number >> 32).astype(np.int32), number.astype(np.int32)


def _places(bucket: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the bucket of each membership begins, and its place in it: two int32."""
    is_first = np.ones(len(bucket), bool)
    is_first[1:] = bucket[1:] != bucket[:-1]
    first = np.flatnonzero(is_first)
    begin = np.repeat(first.astype(np.int32), np.diff(np.append(first, len(bucket))))
    return begin, np.arange(len(bucket), dtype=np.int32) - begin


def _slices(bucket: np.ndarray, most: int) -> Iterator[slice]:
    """Whole buckets, of about so many memberships together."""
    begin = 0
    while begin < len(bucket):
        end = min(begin + most, len(bucket))
        end = int(np.searchsorted(bucket, bucket[end - 1], "right"))
        yield slice(begin, end)
        begin = end


def _near(
    bucket: np.ndarray, node: np.ndarray, leaders: int, compare: Compare, threshold: float
) -> Iterator[Edges]:
    """Compare each member of a bucket with the first few before it, some pairs at a time."""
    for part in _slices(bucket, BLOCK_MEMBERS):
        for left, right in _pairs(bucket[part], node[part], leaders):
            near = compare(left, right)
            hit = near >= threshold
            if hit.any():
                yield left[hit], right[hit], near[hit]


def _pairs(
    bucket: np.ndarray, node: np.ndarray, leaders: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Those pairs, node by node: distinct, each with its left node first."""
    begin, place = _places(bucket)
    count = np.minimum(place, leaders)
    order = np.argsort(node, kind="stable")
    total = np.cumsum(count[order], dtype=np.int64)
    for part in _runs(total, BLOCK_PAIRS):
        at = order[part]
        many = count[at]
        offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        left = node[np.repeat(begin[at], many) + offset].astype(np.int64)
        pairs = np.unique(left << 32 | np.repeat(node[at], many))
        yield pairs >> 32, pairs & 0xFFFFFFFF


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
