"""Conversations -> the words of their prompts.

Prompts are reduced to prose (pipeline/prose.py), and split at spaces. Scripts that put no spaces
between words are split into pairs of neighbouring signs, as search engines do.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import prose
from pipeline.messages import Messages

MOST_PROMPTS = 4
"""Of a conversation are looked at; what it is about is said early."""
UNSPACED = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\x{30fc}]"  # long vowels
)


class Words(NamedTuple):
    """The words of some texts, flat.

    Attributes:
        rows: the text of each word, ascending: shape (words,) int64.
        words: the words, in order.
    """

    rows: np.ndarray
    words: pa.StringArray


def of_prompts(conversations: pa.ListArray) -> pa.StringArray:
    """The prose of the first prompts of each conversation; empty if there is none."""
    flat = Messages(conversations)
    chosen = np.flatnonzero(flat.by("user") & (flat.place < 2 * MOST_PROMPTS))
    said = prose.of(flat.texts.take(pa.array(chosen)))
    ends = np.searchsorted(flat.rows[chosen], np.arange(len(flat.counts) + 1))
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(ends, pa.int32()), said), " ")
    return pc.utf8_trim(joined, " ")


def split(texts: pa.StringArray) -> Words:
    """The words of some texts, as `of_prompts` gives them."""
    lists = pc.split_pattern(_spaced(texts), " ")
    rows = np.repeat(np.arange(len(texts)), pc.list_value_length(lists).to_numpy())
    words = lists.flatten()
    is_word = pc.not_equal(words, "")
    return Words(rows[is_word.to_numpy(zero_copy_only=False)], words.filter(is_word))


def _spaced(texts: pa.StringArray) -> pa.StringArray:
    """The texts with runs of unspaced signs as all pairs of neighbours, first those at even places.

    Patterns do not overlap, so pairs at odd places are found behind the first sign of each run, in
    a copy of the text: its other words stand there twice, and count once.
    """
    held = pc.match_substring_regex(texts, UNSPACED)
    if not pc.any(held).as_py():
        return texts
    found = texts.filter(held)
    apart = pc.replace_substring_regex(found, f"({UNSPACED}+)", r" \1 ")
    odd = pc.replace_substring_regex(apart, f"(^| ){UNSPACED}", r"\1")
    pairs = [_paired(one) for one in (apart, odd)]
    return pc.replace_with_mask(texts, held, pc.binary_join_element_wise(*pairs, " "))


def _paired(texts: pa.StringArray) -> pa.StringArray:
    """A space behind every second sign of each run."""
    return pc.replace_substring_regex(texts, f"({UNSPACED}{UNSPACED})", r"\1 ")
