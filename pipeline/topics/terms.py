"""What a topic is called: the words that tell it from the others."""

from typing import Any

import numpy as np
import scipy.sparse

TERMS = 5
LEAST_LIFT = 2.0
"""How much more often than elsewhere a term is in its topic: words of all topics name none."""


def weights(counts: np.ndarray) -> np.ndarray:
    """c-TF-IDF of each word in each class: (classes, words) -> (classes, words) float64.

    The share of the word in its class, times log(1 + A / f): A is the average number of words in
    a class, f how often the word is in all of them.

    Source:
        Grootendorst 2022, "BERTopic", section 3.3; its c-TF-IDF without options.
    """
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rarity = np.log1p(counts.sum(axis=1).mean() / np.maximum(counts.sum(axis=0), 1))
    return shares * rarity


def chosen(
    held: Any, topics: np.ndarray, count: int, is_public: np.ndarray, languages: np.ndarray
) -> list[list[int]]:
    """The words that name each topic, best first.

    Only words that a topic has more often than its languages alone make likely.

    Args:
        held: which words each text has: sparse, (texts, words).
        topics: of each text, -1 for none.
        count: of topics.
        is_public: the words that enough people wrote to be shown.
        languages: of each text, as numbers from 0.
    """
    spoken = _members(languages, int(languages.max(initial=0)) + 1)
    mine = _members(topics, count)
    counts = np.asarray((mine @ held).todense())
    texts = np.maximum(np.asarray(spoken.sum(axis=1)), 1)
    rates = np.asarray((spoken @ held).todense()) / texts.reshape(-1, 1)
    expected = np.asarray((mine @ spoken.T).todense()) @ rates
    tells = (counts >= LEAST_LIFT * expected) & is_public & (counts > 0)
    ranked = np.round(np.where(tells, weights(counts), 0), 9)
    order = np.argsort(-ranked, axis=1, kind="stable")
    return [
        [word for word in order[at, :TERMS].tolist() if ranked[at, word] > 0] for at in range(count)
    ]


def _members(groups: np.ndarray, count: int) -> Any:
    """Which texts each group has: sparse ones, (groups, texts)."""
    mine = np.flatnonzero(groups >= 0)
    return scipy.sparse.csr_matrix((np.ones(len(mine)), (groups[mine], mine)), (count, len(groups)))
