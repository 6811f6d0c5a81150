"""Conversations that begin with all turns of another one: exact, by chained hashes of turns."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import hashing
from pipeline.messages import Messages, folded


def keys(conversations: pa.ListArray, owner: np.ndarray) -> tuple[pa.ListArray, pa.Array]:
    """A key for each history a conversation went through, after each of its answers.

    Args:
        conversations: shape (rows,).
        owner: what else must be equal, and the salt: shape (rows,) uint64.

    Returns:
        The keys, list<uint64>, and how many there are, int32: both of shape (rows,).
    """
    flat = Messages(conversations)
    chain = hashing.mix(hashing.narrow(folded(flat.texts, "NFC")), owner[flat.rows])
    for place in range(1, int(flat.counts.max(initial=0))):
        here = np.flatnonzero(flat.place == place)
        chain[here] = hashing.mix(chain[here - 1], chain[here])
    turns = flat.counts // 2
    offsets = np.concatenate([[0], np.cumsum(turns)])
    is_answer = flat.by("assistant")
    listed = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(chain[is_answer]))
    return listed, pc.cast(pa.array(turns), pa.int32())


def longest(
    *,
    key: np.ndarray,
    node: np.ndarray,
    interval: np.ndarray,
    turns: np.ndarray,
    is_whole: np.ndarray,
    nodes: int,
) -> np.ndarray:
    """For each conversation the longest one that begins with it, or -1: shape (nodes,) int64.

    Of equally long ones the first in order; only those of the same interval or earlier ones. The
    one that is found is never itself dropped, for whatever began with it would be longer still.

    Args:
        key: the history that a membership stands for, shape (memberships,) as all that follow.
        node: its conversation, numbered in order.
        interval: when that was.
        turns: how many turns that has.
        is_whole: whether the history is all of it.
        nodes: how many conversations there are.
    """
    order = np.lexsort([interval, key])
    key, node, interval, turns, is_whole = (
        values[order] for values in (key, node, interval, turns, is_whole)
    )
    is_new = np.ones(len(key), bool)
    is_new[1:] = key[1:] != key[:-1]
    group = np.cumsum(is_new) - 1
    rank = turns.astype(np.int64) * nodes + (nodes - 1 - node)
    room = int(rank.max(initial=0)) + 1
    best = np.maximum.accumulate(group * room + rank) - group * room
    is_end = np.ones(len(key), bool)
    is_end[:-1] = is_new[1:] | (interval[1:] != interval[:-1])
    ends = np.flatnonzero(is_end)
    best = best[ends[np.searchsorted(ends, np.arange(len(key)))]]
    found = np.full(nodes, -1)
    winner = nodes - 1 - best % nodes
    is_dropped = is_whole & (winner != node)
    found[node[is_dropped]] = winner[is_dropped]
    return found
