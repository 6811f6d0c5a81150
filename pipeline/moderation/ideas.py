"""Words and pairs that belong to one idea, as places in the tables of features."""

import functools
import shlex
from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml

from pipeline.moderation import features

FILE = Path(__file__).parent / "ideas.yaml"


@functools.cache
def named() -> dict[str, list[str]]:
    """Each idea and its words."""
    held = yaml.safe_load(FILE.read_text("utf-8"))
    return {
        idea: shlex.split(words.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"))
        for idea, words in held.items()
    }


@functools.cache
def tables() -> tuple[np.ndarray, np.ndarray]:
    """Whether each place of the tables of words and of pairs belongs to each idea.

    Returns:
        Shapes (2**WORD_BITS, ideas) and (2**PAIR_BITS, ideas), float32 0 or 1.
    """
    words = np.zeros((1 << features.WORD_BITS, len(named())), np.float32)
    pairs = np.zeros((1 << features.PAIR_BITS, len(named())), np.float32)
    for column, held in enumerate(named().values()):
        for one in held:
            terms = features.of(pa.array([one]))
            if len(terms.pairs):
                pairs[terms.pairs, column] = 1
            else:
                words[terms.words, column] = 1
    return words, pairs
