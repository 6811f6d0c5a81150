"""Texts as the mean of their neighbours', again and again: what clusters are found in.

A short text shares few words with others of its topic, so that its vector says little of it alone.
Taken for the mean of those that are most alike it, a few times over, it moves to where the texts of
its topic are densest. Means of languages are taken out each time, for neighbours are mostly of one.

Source:
    Wu et al. 2019, "Simplifying graph convolutional networks": powers of a graph's adjacency.
"""

from typing import Any

import numpy as np
import scipy.sparse

from pipeline.topics.vectors import LEAST_TEXTS, unit

MOST, LEAST = 30, 5
"""Neighbours of a text, in a large and in a small sample."""
TEXTS_A_NEIGHBOUR = 500
STEPS = 4
STEP_CELLS = 1 << 22
"""Cosines that are held at once."""


def smoothed(rows: np.ndarray, languages: np.ndarray) -> np.ndarray:
    """Rows of length 1 -> the same texts by their neighbours: (texts, dimensions) both.

    Args:
        rows: of texts.
        languages: of each text, as numbers from 0: shape (texts,); equal ones are let alone.
    """
    means = _graph(rows)
    for _ in range(STEPS):
        rows = unit(_centred(means @ rows, languages))
    return rows


def _graph(rows: np.ndarray) -> Any:
    """How much each neighbour counts in the mean of a text: sparse, (texts, texts), rows sum to 1.

    Texts that are among the nearest of each other count four times as much as those of which only
    one is among the nearest of the other.
    """
    size = len(rows)
    count = min(max(size // TEXTS_A_NEIGHBOUR, LEAST), MOST, size)
    near = np.empty((size, count), np.int64)
    small = rows.astype(np.float32)
    step = max(STEP_CELLS // size, 1)
    for begin in range(0, size, step):
        cosines = small[begin : begin + step] @ small.T
        near[begin : begin + step] = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    place = np.repeat(np.arange(size), count)
    chosen = scipy.sparse.csr_matrix((np.ones(size * count), (place, near.ravel())), (size, size))
    both = chosen.minimum(chosen.T) + (chosen + chosen.T) / 2
    return scipy.sparse.diags(1 / np.asarray(both.sum(axis=1)).ravel()) @ both


def _centred(rows: np.ndarray, languages: np.ndarray) -> np.ndarray:
    """The rows without the mean of their language, where there are several languages."""
    often = np.flatnonzero(np.bincount(languages) >= LEAST_TEXTS)
    if len(often) < 2:  # noqa: PLR2004 (two languages differ)
        return rows
    for one in often:
        mine = languages == one
        rows[mine] -= rows[mine].mean(axis=0)
    return rows
