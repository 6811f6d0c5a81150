"""What a topic is called: the words that tell it from the others."""

from typing import Any

import numpy as np

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


def chosen(held: Any, topics: np.ndarray, count: int, is_public: np.ndarray) -> list[list[int]]:
    """The words that name each topic, best first.

    Args:
        held: which words each text has: sparse, (texts, words).
        topics: of each text, -1 for none.
        count: of topics.
        is_public: the words that enough people wrote to be shown.
    """
    counts = np.stack([np.asarray(held[topics == at].sum(axis=0)).ravel() for at in range(count)])
    texts = np.bincount(topics[topics >= 0], minlength=count)
    share = counts / np.maximum(texts, 1)[:, None]
    overall = np.asarray(held.sum(axis=0)).ravel() / max(held.shape[0], 1)
    tells = (share >= LEAST_LIFT * overall) & is_public & (counts > 0)
    ranked = np.round(np.where(tells, weights(counts), 0), 9)
    order = np.argsort(-ranked, axis=1, kind="stable")
    return [
        [word for word in order[at, :TERMS].tolist() if ranked[at, word] > 0] for at in range(count)
    ]
