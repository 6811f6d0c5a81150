"""The shipped model: spans of names in the words of some texts, and how sure each is."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.pii.names import chains, features
from pipeline.pii.names.chains import Layout
from pipeline.pii.names.features import Segments
from pipeline.pii.names.lexicon import Lexicon
from pipeline.pii.names.words import Words

FILE = "model.npz"
BLOCK = 8192
SCALE = 32
"""A weight of 1 is 32 in the shipped whole numbers."""


@dataclass(frozen=True)
class Model:
    """Weights as whole numbers.

    Attributes:
        lexicon: what is known of single words.
        rows: words that have weights of their own.
        weights: of each feature for each label, shape (features, labels) int16.
        steps: of a label after another, shape (labels + 1, labels) int16.
    """

    lexicon: Lexicon
    rows: int
    weights: np.ndarray
    steps: np.ndarray


@dataclass(frozen=True)
class Tagged:
    """Names in some words, flat: arrays of shape (names,).

    Attributes:
        first: place of the first word in `Words`.
        last: place of the last.
        margin: of the best labels with the name over the best without, the least of its words.
    """

    first: np.ndarray
    last: np.ndarray
    margin: np.ndarray


@functools.cache
def shipped() -> Model:
    """The model that lies beside this module."""
    return load(place())


def place() -> Path:
    """Where the shipped model lies."""
    return Path(__file__).parent / FILE


def load(path: Path) -> Model:
    """Read a model; never a pickle."""
    with np.load(path, allow_pickle=False) as held:
        return Model(
            Lexicon.of(held["keys"], held["classes"], held["rows"]),
            int(held["rows"].max(initial=0)),
            spread(held["weights"], held["used"], features.width(int(held["rows"].max(initial=0)))),
            held["steps"].astype(np.int32),
        )


def spread(weights: np.ndarray, used: np.ndarray, size: int) -> np.ndarray:
    """All features' weights from those that are not 0: shape (size, labels) int16."""
    full = np.zeros((size, weights.shape[1]), np.int16)
    full[used] = weights
    return full


def tag(words: Words, found: Segments, model: Model, least: int = 0) -> tuple[Tagged, np.ndarray]:
    """The names of more than the least margin, and the margin of each candidate."""
    parts = [_margins(words, found, model, *part) for part in _blocks(found)]
    margin = np.concatenate([one for one, _ in parts] or [np.zeros(0, np.int32)])
    begins = np.concatenate([one for _, one in parts] or [np.zeros(0, bool)])
    is_name = margin > least
    is_first = begins
    is_first[found.begins] = True
    return spans(found.word, margin, is_name, is_first), margin


def _blocks(found: Segments) -> Iterator[tuple[int, int]]:
    """Runs of whole segments of about BLOCK candidates, so that the arrays stay in the cache."""
    ends = np.append(found.begins[1:], len(found.word))
    begin = 0
    while begin < len(found.word):
        end = int(ends[min(int(np.searchsorted(ends, begin + BLOCK)), len(ends) - 1)])
        yield begin, end
        begin = end


def _margins(
    words: Words, found: Segments, model: Model, begin: int, end: int
) -> tuple[np.ndarray, np.ndarray]:
    """Of some candidates: the margin of being in a name, and whether one rather begins there."""
    here = replace(found, word=found.word[begin:end])
    scores = np.zeros((end - begin, len(chains.LABELS)), np.int32)
    for column in features.ids(words, here, model.rows):
        scores += model.weights.take(column, axis=0)
    mine = (found.begins >= begin) & (found.begins < end)
    layout = Layout.of(found.begins[mine] - begin, end - begin)
    best = chains.margins(scores, model.steps, layout)
    names, others = best[:, [chains.BEGIN, chains.INSIDE]], best[:, [chains.NONE, 3, 4]]
    return names.max(axis=1) - others.max(axis=1), names[:, 0] > names[:, 1]


def spans(
    word: np.ndarray, margin: np.ndarray, is_name: np.ndarray, is_first: np.ndarray
) -> Tagged:
    """Runs of candidates in names, broken where one begins."""
    goes_on = np.zeros(len(word), bool)
    goes_on[1:] = is_name[1:] & is_name[:-1] & ~is_first[1:]
    at = np.flatnonzero(is_name & ~goes_on)
    stops = np.flatnonzero(is_name & ~np.append(goes_on[1:], False)[: len(word)])
    inside = np.flatnonzero(is_name)
    least = margin[:0]
    if len(at):
        least = np.minimum.reduceat(margin[inside], np.searchsorted(inside, at))
    return Tagged(word[at], word[stops], least)
