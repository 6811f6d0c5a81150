"""A model and a release: has what people ask for moved away; two models: what became of topics."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from pipeline.topics.model import OTHER, Assigned, Model

DIGITS = 4


def divergence(one: np.ndarray, other: np.ndarray) -> float:
    """Jensen-Shannon divergence of two distributions by counts, in bits: 0 equal, 1 disjoint.

    Source:
        Lin 1991, "Divergence measures based on the Shannon entropy".
    """
    p, q = (counts / max(counts.sum(), 1) for counts in (one, other))
    middle = (p + q) / 2
    return float(sum(_relative(share, middle) for share in (p, q)) / 2)


def _relative(share: np.ndarray, middle: np.ndarray) -> float:
    held = share > 0
    return float((share[held] * np.log2(share[held] / middle[held])).sum())


def drift(model: Model, found: Iterable[Assigned]) -> dict[str, Any]:
    """How the conversations of a release differ from those that a model was fitted to."""
    count = len(model.labels)
    now, score, texts = np.zeros(count + 1), 0.0, 0
    for part in found:
        now += _counts(part.topics, count)
        score += float(part.scores.sum())
        texts += len(part.scores)
    then = np.array(
        [
            *(topic["conversations"] for topic in model.card["topics"]),
            model.card["other"]["conversations"],
        ],
        float,
    )
    shares = [np.round(counts / max(counts.sum(), 1), DIGITS).tolist() for counts in (then, now)]
    return {
        "model": model.card["id"],
        "conversations": texts,
        "divergence": round(divergence(then, now), DIGITS),
        "mean_score": {
            "then": model.card["mean_score"],
            "now": round(score / max(texts, 1), DIGITS),
        },
        "other": {"then": shares[0][-1], "now": shares[1][-1]},
        "topics": [
            {"id": at, "label": label, "then": shares[0][at], "now": shares[1][at]}
            for at, label in enumerate(model.labels)
        ],
    }


def _counts(topics: np.ndarray, count: int) -> np.ndarray:
    """How many texts each topic has, the last place being that of `other`."""
    return np.bincount(np.where(topics < 0, count, topics), minlength=count + 1)


def crosswalk(old: Model, new: Model, found: Iterable[list[Assigned]]) -> dict[str, Any]:
    """Which topics of a new model the conversations of each old topic are in."""
    sizes = len(old.labels) + 1, len(new.labels) + 1
    both = np.zeros(sizes, np.int64)
    for before, after in found:
        rows, columns = (
            np.where(part.topics < 0, size - 1, part.topics)
            for part, size in ((before, sizes[0]), (after, sizes[1]))
        )
        both += np.bincount(rows * sizes[1] + columns, minlength=sizes[0] * sizes[1]).reshape(sizes)
    return {
        "old": old.card["id"],
        "new": new.card["id"],
        "conversations": int(both.sum()),
        "topics": [
            {
                "id": _id(at, sizes[0]),
                "label": label,
                "conversations": int(both[at].sum()),
                "to": _to(both[at], [*new.labels, OTHER]),
            }
            for at, label in enumerate([*old.labels, OTHER])
        ],
    }


def _id(place: int, size: int) -> int:
    return -1 if place == size - 1 else place


def _to(counts: np.ndarray, labels: list[str]) -> list[dict[str, Any]]:
    """Where the conversations of one topic went, the most first."""
    order = np.argsort(-counts, kind="stable")
    return [
        {
            "id": _id(at, len(labels)),
            "label": labels[at],
            "share": round(float(counts[at] / counts.sum()), DIGITS),
        }
        for at in order.tolist()
        if counts[at]
    ]
