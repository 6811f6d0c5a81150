"""Labels that a judge gave to some texts -> linear heads that say the same of all texts, nearly.

One head a name, each a logistic regression over the features of moderation, calibrated on rows
that its fit did not see (Platt 1999): scores are probabilities, and even odds are the threshold.
What the heads agree with is the judge, not the truth.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, cohen_kappa_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from pipeline.moderation import examples, training
from pipeline.moderation.examples import Examples
from pipeline.moderation.spaces import Counts, Space
from pipeline.moderation.training import Fit

LEAST = 20
"""Labels of each kind that a head needs: 5 a fold."""
EVEN = 0.5
DIGITS = 4


@dataclass(frozen=True)
class Labelled:
    """Texts, each once, and whether each name is true of them.

    Attributes:
        texts: what was judged.
        labels: 0 or 1: shape (texts, names) int8.
    """

    texts: list[str]
    labels: np.ndarray

    @classmethod
    def of(cls, found: Mapping[str, Sequence[bool]], names: Sequence[str]) -> "Labelled":
        """Labels by text; in an order that the texts give, so that files and rows may be moved."""
        texts = sorted(found, key=lambda text: hashlib.sha256(text.encode()).digest())
        labels = np.array([found[text] for text in texts], np.int8).reshape(-1, len(names))
        return cls(texts, labels)


def fit(labelled: Labelled, names: Sequence[str], source: Mapping[str, Any]) -> Fit:
    """Fit a head for each name.

    Args:
        labelled: what teaches them.
        names: of the columns of its labels.
        source: where the labels are from; goes into the card.

    Raises:
        ValueError: a name has too few labels of a kind; all such names are told.
    """
    true = labelled.labels.sum(axis=0).tolist()
    count = len(labelled.texts)
    few = [f"{n} {t} of {count}" for n, t in zip(names, true, strict=True) if _is_few(t, count)]
    if few:
        raise ValueError(
            f"each head needs {LEAST} texts that meet it and {LEAST} that do not; "
            f"those that do: {', '.join(few)}"
        )
    with threadpool_limits(1):
        counts = Counts.of(labelled.texts)
        space = Space.of(counts)
        rows = space.rows(counts)
        kind = np.full(count, examples.MAIN, np.int8)
        judged = Examples(labelled.texts, labelled.labels, kind)
        heads, bold = range(len(names)), np.ones(rows.shape[1])
        weights, bias = training.fitted(rows, bold, judged, heads, np.arange(count))
        margins = training.held_out(rows, bold, judged, heads)
        slope, shift = _calibrated(margins, labelled.labels)
    arrays = space.folded(weights * slope, counts.hashes) | {"bias": bias * slope + shift}
    return Fit(arrays, _card(labelled, names, margins * slope + shift) | {"labels": dict(source)})


def _is_few(true: int, count: int) -> bool:
    return min(true, count - true) < LEAST


def _calibrated(margins: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What to multiply margins by, and to add: two of shape (heads,)."""
    found = []
    for at in range(margins.shape[1]):
        model = training.logistic(1.0, is_balanced=False)
        model.fit(margins[:, [at]], labels[:, at])
        found.append((max(float(model.coef_[0, 0]), 0.0), float(model.intercept_[0])))
    return np.array([slope for slope, _ in found]), np.array([shift for _, shift in found])


def _card(labelled: Labelled, names: Sequence[str], margins: np.ndarray) -> dict[str, Any]:
    """What the heads are, and how well they agree with labels that they did not see."""
    digest = hashlib.sha256()
    for text, labels in zip(labelled.texts, labelled.labels.tolist(), strict=True):
        digest.update(json.dumps([text, labels]).encode())
    quality = {}
    for at, name in enumerate(names):
        truth, said = labelled.labels[:, at], margins[:, at] >= 0
        quality[name] = {
            "true": int(truth.sum()),
            "agreement": round(float((truth == said).mean()), DIGITS),
            "commonest": round(float(max(truth.mean(), 1 - truth.mean())), DIGITS),
            "kappa": round(float(cohen_kappa_score(truth, said.astype(np.int8))), DIGITS),
            "auprc": round(float(average_precision_score(truth, margins[:, at])), DIGITS),
        }
    return {
        "heads": list(names),
        "thresholds": dict.fromkeys(names, EVEN),
        "texts": len(labelled.texts),
        "held_out": quality,
        "examples_sha256": digest.hexdigest(),
        "scikit_learn": sklearn.__version__,
    }
