"""Names that everyone knows: famous and fictional persons, models, the Alice and Bob of puzzles."""

import functools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipeline.pii.names import gazetteer, words
from pipeline.pii.names.words import Words, mixed

MOST = 6
STEP = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True)
class Public:
    """Hashes of public names, sorted: whole names, and words that suffice as the last of one."""

    whole: np.ndarray
    last: np.ndarray


@functools.cache
def known() -> Public:
    """The names of public.txt."""
    lines = [row[0] for row in gazetteer.rows("public.txt")]
    found = words.of(pa.array([line.replace("*", "") for line in lines], pa.string()))
    begins = np.searchsorted(found.text, np.arange(len(lines)))
    ends = np.searchsorted(found.text, np.arange(len(lines)), "right") - 1
    starred = np.array(["*" in line for line in lines])
    whole = _combined(found, begins, ends)
    alone = found.folded[ends[starred]]
    return Public(np.unique(np.concatenate([whole, mixed(alone)])), np.unique(alone))


@functools.cache
def spelled() -> frozenset[str]:
    """The names of public.txt as they are written."""
    return frozenset(row[0].replace("*", "") for row in gazetteer.rows("public.txt"))


def is_public(found: Words, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Whether each name, from its first word to its last, is one that everyone knows."""
    held = known()
    return _in(_combined(found, first, last), held.whole) | _in(found.folded[last], held.last)


def _combined(found: Words, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Hash of the words of each name; 0 where they are too many."""
    total = np.zeros(len(first), np.uint64)
    for place in range(MOST):
        at = first + place
        inside = at <= last
        value = found.folded[np.minimum(at, len(found) - 1)]
        total = np.where(inside, total * STEP + value, total)
    return np.where(last - first < MOST, mixed(total), 0)


def _in(values: np.ndarray, held: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(held, values), len(held) - 1)
    return held[place] == values
