"""A linear model over hashed features: whole numbers that are added, so every machine agrees.

    margin(text, head) = bias[head] + sum(weights of its words, pairs, pieces) / sqrt(its words)
    score = 1 / (1 + exp(-margin)), to 4 decimals

Weights are whole numbers, and sums of them are exact: no order of summation shows. The margin is
rounded to 1/64 before it is looked up in a table of scores. A pair counts once a text, so its sum
is at most that of the whole table, which fits 32 bits (the training sees to it).
"""

import functools
import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse

from pipeline.moderation import features
from pipeline.moderation.features import Terms

BLOCKS = ("words", "pairs", "pieces")
STEPS = 64
"""A margin of 1 is 64 steps of the table of scores."""
WIDEST = 16
"""Margins are cut here: scores of less than 0.0000001 or as near to 1."""
KNOWN_BITS = 20
NO_TEXT, UNFAMILIAR = "no_text", "unfamiliar_words"


@dataclass(frozen=True)
class Model:
    """Weights as whole numbers, and what goes with them.

    Attributes:
        words, pairs, pieces: of each place of their tables for each head, int32.
        known: a bit for each hash of a word that training saw, cut to KNOWN_BITS: packed, uint8.
        scale: what a weight of 1 is, of each head: shape (heads,) float64.
        bias: shape (heads,) float64.
        card: heads, thresholds, how it was made.
        digest: SHA-256 of the files, cut to 12 digits.
    """

    words: np.ndarray
    pairs: np.ndarray
    pieces: np.ndarray
    known: np.ndarray
    scale: np.ndarray
    bias: np.ndarray
    card: dict[str, Any]
    digest: str

    @property
    def heads(self) -> list[str]:
        """What the columns of scores are."""
        return list(self.card["heads"])


def load(path: Path) -> Model:
    """Read a model and the card beside it; never a pickle."""
    card = path.with_suffix(".json").read_bytes()
    digest = hashlib.sha256(path.read_bytes() + card).hexdigest()[:12]
    with np.load(path, allow_pickle=False) as held:
        words, pairs, pieces = (_spread(held, block) for block in BLOCKS)
        known, scale, bias = (held[name] for name in ("known", "scale", "bias"))
    return Model(words, pairs, pieces, known, scale, bias, json.loads(card), digest)


def _spread(held: Any, block: str) -> np.ndarray:
    """A whole table from the rows that are not 0."""
    rows = held[f"{block}_rows"]
    table = np.zeros((int(held[f"{block}_size"]), rows.shape[1]), np.int32)
    table[held[f"{block}_used"]] = rows
    return table


def scores(texts: pa.StringArray, model: Model, least_known: float) -> tuple[np.ndarray, pa.Array]:
    """Scores of some texts, and why there are none.

    A text of which the model has seen less than `least_known` of the words has no scores: it is in
    a language that the model cannot read, or no language. One without words has none either.

    Returns:
        Shape (texts, heads) float64 with NaN, and shape (texts,) string.
    """
    parts = [_scores(chunk, model, least_known) for chunk in features.chunks(texts)]
    values = [one for one, _ in parts] or [np.zeros((0, len(model.heads)))]
    why = [one for _, one in parts] or [np.zeros(0, np.int8)]
    reasons = pa.array(["", NO_TEXT, UNFAMILIAR]).take(pa.array(np.concatenate(why)))
    return np.concatenate(values), pc.replace_with_mask(
        reasons, pc.equal(reasons, ""), pa.scalar(None, pa.string())
    )


def _scores(texts: pa.StringArray, model: Model, least_known: float) -> tuple[np.ndarray, Any]:
    terms = features.of(texts)
    count = np.bincount(terms.text, minlength=terms.texts)
    margins = model.bias + sums(terms, model) / (
        np.sqrt(np.maximum(count, 1))[:, None] * model.scale
    )
    steps = np.rint(np.clip(margins, -WIDEST, WIDEST) * STEPS).astype(np.int64)
    found = _table().take(steps + WIDEST * STEPS)
    known = np.bincount(terms.text, is_known(terms.hashes, model)[terms.word], terms.texts)
    why = np.where(count == 0, 1, np.where(known < least_known * count, 2, 0)).astype(np.int8)
    found[why > 0] = np.nan
    return found, why


def sums(terms: Terms, model: Model) -> np.ndarray:
    """Weights of all features of each text: shape (texts, heads) int64."""
    words = model.words.take(terms.words, axis=0)
    words += _ones(terms.piece_word, terms.pieces, (len(words), len(model.pieces))) @ model.pieces
    pairs = _ones(terms.pair_text, terms.pairs, (terms.texts, len(model.pairs))) @ model.pairs
    mine = _ones(terms.text, terms.word, (terms.texts, len(words))).astype(np.int64)
    return mine @ words.astype(np.int64) + pairs


def _ones(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> Any:
    """A sparse matrix of ones from ascending rows."""
    bounds = np.searchsorted(rows, np.arange(shape[0] + 1))
    return scipy.sparse.csr_array((np.ones(len(rows), np.int32), columns, bounds), shape)


def is_known(hashes: np.ndarray, model: Model) -> np.ndarray:
    """Whether training saw each word, or one of the same hash: bool."""
    place = (hashes & np.uint64((1 << KNOWN_BITS) - 1)).astype(np.int64)
    return ((model.known.take(place >> 3) >> (place & 7)) & 1).astype(bool)


@functools.cache
def _table() -> np.ndarray:
    """The score of each step, to 4 decimals: so the last bit of an `exp` cannot show."""
    steps = range(-WIDEST * STEPS, WIDEST * STEPS + 1)
    return np.array([round(1 / (1 + math.exp(-step / STEPS)), 4) for step in steps])
