"""A fitted model -> one to publish: small topics folded, the others numbered by size and named.

A topic that too few users or conversations are of is folded into `other`. All words in a model were
written by enough users, and those in a name stand in enough conversations.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sklearn

from pipeline.errors import SampleError
from pipeline.topics import terms
from pipeline.topics.model import DIGITS, OTHER, Assigned, Model
from pipeline.topics.sampling import Sample
from pipeline.topics.spaces import Options, Space


def frozen(
    raw: Model,
    found: Assigned,
    known_words: Space,
    sample: Sample,
    options: Options,
    labels: Sequence[str] | None = None,
) -> Model:
    """Fold, number and name the topics of a model.

    Args:
        raw: topics are numbered anyhow, its card has the threshold.
        found: what it says of the sample.
        known_words: the words of the sample.
        sample: what it was fitted to.
        options: how.
        labels: of the raw topics; None: terms tell them apart.

    Raises:
        SampleError: no topic is large enough.
    """
    topics, count = found.topics, int(raw.topic_of.max()) + 1
    size = np.bincount(topics[topics >= 0], minlength=count)
    writers = np.array(
        [len(set(sample.users[topics == at].tolist()) - {-1}) for at in range(count)]
    )
    enough = (size >= max(options.min_conversations, 1)) & (writers >= options.min_users)
    if labels:
        enough &= np.array([label != OTHER for label in labels])
    order = [at for at in np.argsort(-size, kind="stable").tolist() if enough[at]]
    number = np.full(count + 1, -1)
    number[order] = np.arange(len(order))
    if not order:
        raise SampleError("no topic has enough users and conversations: the sample is too small")
    told = _told(number[topics], known_words, options.min_conversations)
    for place, at in enumerate(order):
        if labels:
            told[place]["label"] = labels[at]
        told[place] |= {"conversations": int(size[at]), "users": int(writers[at])}
    others = int((number[topics] < 0).sum())
    card = raw.card | {
        "topics": told,
        "other": {"conversations": others, "folded_topics": int((~enough & (size > 0)).sum())},
        "mean_score": round(float(found.scores.mean()), DIGITS),
        "sample": _described(sample, known_words, options.min_conversations),
        "options": vars(options),
        "scikit_learn": sklearn.__version__,
    }
    return replace(raw, topic_of=number[raw.topic_of], card=card)


def _described(sample: Sample, known_words: Space, least: int) -> dict[str, Any]:
    spoken = np.bincount(known_words.languages, minlength=len(known_words.names)).tolist()
    named = {n: count for n, count in zip(known_words.names, spoken, strict=True) if count >= least}
    return {
        "conversations": len(sample),
        "seen": sample.seen,
        "users": len(set(sample.users.tolist()) - {-1}) if sample.has_users else None,
        "known_words": len(known_words.words),
        "languages": named | {OTHER: len(sample) - sum(named.values())},
        "sha256": sample.fingerprint,
    }


def _told(topics: np.ndarray, known_words: Space, least: int) -> list[dict[str, Any]]:
    """Number, label and terms of each topic; a term is a word of enough conversations."""
    is_public = np.asarray(known_words.held.sum(axis=0)).ravel() >= least
    chosen = terms.chosen(
        known_words.held, topics, int(topics.max()) + 1, is_public, known_words.languages
    )
    spelled = known_words.words.to_pylist()
    named = [[spelled[word] for word in one] for one in chosen]
    return [
        {"id": at, "label": ", ".join(one) or f"topic {at}", "terms": one}
        for at, one in enumerate(named)
    ]
